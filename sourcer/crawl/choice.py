"""Which connectors take part in a crawl, and why the others do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel

from sourcer.brief import Brief
from sourcer.config import Config, is_near, nearest, parse_settings
from sourcer.connect import Connector, Fetcher, SitePolicy
from sourcer.connect.registry import Installed, connector_config, installed, needs_privacy
from sourcer.errors import RunError, UsageError

__all__ = ["Choice", "Part", "choose"]


@dataclass(frozen=True, slots=True)
class Part:
    """One connector that takes part: its settings, and what the brief asks of it."""

    installed: Installed
    settings: BaseModel
    discover: BaseModel

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


def choose(config: Config, brief: Brief, only: Sequence[str] = ()) -> Choice:
    """Match a brief with the connectors that are installed and enabled.

    Args:
        config: The configuration.
        brief: What to look for; each connector's part is checked by the connector's own model.
        only: Names of connectors, or of sites they serve; empty is all.

    Raises:
        UsageError: The brief or the configuration speaks of something that does not exist.
        RunError: Nothing is left to crawl with, or a live crawl lacks the privacy block.
    """
    known = {found.name: found for found in installed()}
    choice = Choice()
    for name in sorted(brief.discover.connectors):
        if name in known:
            _take(choice, config, brief, known[name])
        elif is_near(name, sorted(known)):
            raise UsageError(f"brief {brief.name}: [discover] {name}: no such connector{nearest(name, list(known))}")
        else:
            choice.warnings.append(f"{name} is not installed: what brief {brief.name} asks of it is left out")
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
