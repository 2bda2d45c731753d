"""Which connectors take part in a crawl, and why the others do not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel, ValidationError

from sourcer.brief import Brief
from sourcer.config import Config, is_near, nearest, parse_settings
from sourcer.connect import Connector, Fetcher, SiteError, SitePolicy
from sourcer.connect.guard import foreign_code, sites_of
from sourcer.connect.registry import Installed, connector_config, installed, needs_privacy
from sourcer.crawl.accounts import Account
from sourcer.errors import RunError, UsageError
from sourcer.fetch.budget import RunBudget

__all__ = ["Choice", "Part", "choose"]


@dataclass(frozen=True, slots=True)
class Part:
    """One connector that takes part: its settings, what is asked of it, and how many people it may take in.

    Without ``limit`` the people of the brief are shared out.
    """

    installed: Installed
    settings: BaseModel
    discover: BaseModel
    limit: int | None = None

    @property
    def name(self) -> str:
        """The connector's name."""
        return self.installed.name

    @property
    def policy(self) -> SitePolicy:
        """The manners of its sites."""
        return self.installed.policy

    def build(self, fetcher: Fetcher) -> Connector:
        """The connector itself."""
        return self.installed.build(self.settings, fetcher)


@dataclass(slots=True)
class Choice:
    """The connectors that take part, in the order of their names, and warnings about those that do not."""

    parts: list[Part] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def choose(config: Config, brief: Brief, only: Sequence[str] = (), accounts: Sequence[Account] | None = None) -> Choice:
    """Match a brief, or accounts, with the connectors that are installed and enabled.

    Args:
        config: The configuration.
        brief: What to look for; each connector's part is checked by the connector's own model.
        only: Names of connectors, or of sites they serve; empty is all.
        accounts: Whom to look at, instead of what the brief asks of the connectors.

    Raises:
        UsageError: The brief, the accounts or the configuration speak of something that does not exist.
        RunError: Nothing is left to crawl with, or a live crawl lacks the privacy block.
    """
    known = {found.name: found for found in installed()}
    choice = Choice()
    if accounts is None:
        _take_brief(choice, config, brief, known)
    else:
        _take_accounts(choice, config, accounts, known)
    _narrow(choice, only)
    if not choice.parts:
        why = "; ".join(choice.warnings) or f"brief {brief.name} has no [discover] part for any connector"
        raise RunError(f"no usable site: {why}")
    live = [part.name for part in choice.parts if needs_privacy(part.settings)]
    missing = config.privacy.missing()
    if live and missing:
        raise RunError(
            f"{config.file}: [privacy] {', '.join(missing)}: fill in who holds the data and why before crawling real "
            f"people ({', '.join(live)})"
        )
    return choice


def _take_brief(choice: Choice, config: Config, brief: Brief, known: Mapping[str, Installed]) -> None:
    for name in sorted(brief.discover.connectors):
        if name in known:
            _take(choice, config, brief, known[name])
        elif is_near(name, sorted(known)):
            raise UsageError(f"brief {brief.name}: [discover] {name}: no such connector{nearest(name, list(known))}")
        else:
            choice.warnings.append(f"{name} is not installed: what brief {brief.name} asks of it is left out")


def _take(choice: Choice, config: Config, brief: Brief, found: Installed) -> None:
    if found.fault or found.connector is None:
        choice.warnings.append(f"{found.name} is broken ({found.fault}) and is left out")
        return
    if found.name not in config.connectors:
        choice.warnings.append(f"{found.name} is disabled: add a section [connectors.{found.name}] to sourcer.toml")
        return
    where = f"brief {brief.name}: [discover] {found.name}"
    discover = parse_settings(found.connector.discover_model, brief.discover.of(found.name) or {}, where)
    choice.parts.append(Part(found, connector_config(config, found), discover))


def _take_accounts(choice: Choice, config: Config, accounts: Sequence[Account], known: Mapping[str, Installed]) -> None:
    """The enabled connectors on whose sites the accounts are: each looks at these and nobody else."""
    left = list(accounts)
    for name in sorted(set(config.connectors) & set(known)):
        found = known[name]
        if found.fault or found.connector is None:
            choice.warnings.append(f"{name} is broken ({found.fault}) and is left out")
            continue
        settings = connector_config(config, found)
        try:
            sites = _sites(config, found, settings)
        except SiteError as reason:
            choice.warnings.append(f"{name} is disabled: {reason}")
            continue
        mine = [account for account in left if account.site in sites]
        left = [account for account in left if account.site not in sites]
        if mine and "accounts" not in found.connector.discover_model.model_fields:
            choice.warnings.append(f"{name} cannot look at named accounts: {_named(mine)} left out")
        elif mine:
            discover = _only_accounts(found.connector.discover_model, mine, sites[0])
            choice.parts.append(Part(found, settings, discover, limit=len(mine)))
    choice.warnings += [f"{_named([account])} left out: no enabled connector serves {account.site}" for account in left]


def _named(accounts: Sequence[Account]) -> str:
    return ", ".join(f"line {account.line}: {account.spelling}" for account in accounts)


def _sites(config: Config, found: Installed, settings: BaseModel) -> tuple[str, ...]:
    """The sites that a connector serves with these settings.

    Raises:
        SiteError: It cannot be built, or does not say.
    """
    with foreign_code(found.name):
        fetcher = Fetcher(found.name, found.policy, config.fetch, budget=RunBudget(max_requests=0))
        return sites_of(found.build(settings, fetcher))


def _only_accounts(model: type[BaseModel], accounts: Sequence[Account], first_site: str) -> BaseModel:
    """A connector's part of ``[discover]`` that names these accounts and nothing else.

    On another site than its first one, an account is written with its site.

    Raises:
        UsageError: One of them cannot be an account of its site.
    """
    by_name = {
        account.name if account.site == first_site else f"{account.site}:{account.name}": account
        for account in accounts
    }
    try:
        return model.model_validate({"accounts": tuple(by_name)})
    except ValidationError as fault:
        error = fault.errors(include_input=False, include_url=False)[0]
        at = next((place for place in error["loc"][1:] if isinstance(place, int)), None)
        about = accounts if at is None else [list(by_name.values())[at]]
        raise UsageError(f"--accounts: {_named(about)}: {error['msg'].removeprefix('Value error, ')}") from None


def _narrow(choice: Choice, only: Sequence[str]) -> None:
    if not only:
        return
    names = {part.name for part in choice.parts}
    sites = {part.name: _sites_hint(part.settings) for part in choice.parts}
    for word in only:
        if word not in names and not any(word in found for found in sites.values()):
            raise UsageError(f"--only {word}: no such connector or site in this brief{nearest(word, sorted(names))}")
    choice.parts = [part for part in choice.parts if part.name in only or set(only) & sites[part.name]]


def _sites_hint(settings: BaseModel) -> set[str]:
    """Sites by the settings alone: a connector is built only later."""
    found: set[str] = set()
    for name in ("sites", "site", "dump_site"):
        value = getattr(settings, name, ())
        found |= {value} if isinstance(value, str) else set(value)
    return found
