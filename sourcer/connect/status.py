"""Whether each connector could work now, and if not, what to set."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal, TypeVar

from pydantic import BaseModel

from sourcer.config import CONFIG_NAME, Config, FetchConfig, secrets_of
from sourcer.connect.contract import Connector
from sourcer.connect.guard import foreign_code, sites_of
from sourcer.connect.plugins import Installed, installed
from sourcer.connect.sections import check_sections, connector_config
from sourcer.errors import AnswerError, Denied, NotConfigured, SiteError, SourcerError, Spent, UsageError
from sourcer.fetch import Fetcher
from sourcer.fetch.budget import RunBudget

__all__ = ["ConnectorStatus", "check_offline", "statuses"]

_Result = TypeVar("_Result")

_NOT_INSTALLED: Final = "section [connectors.{}] is there, but no such connector is installed: install its package"
_PATIENCE: Final = 30.0
_LONG_PATIENCE: Final = 120.0
_NOT_ASKED: Final = "not asked; --check asks the site"


@dataclass(frozen=True, slots=True)
class ConnectorStatus:
    """One connector as ``connectors --json`` shows it.

    Args:
        name: Its section ``[connectors.NAME]``.
        sites: The sites it serves, as far as that can be told.
        package: The distribution that brings it.
        version: Of that distribution.
        status: ``disabled`` is: it works, but something must be set first.
        reason: Why it is not enabled and what to do; empty where there is nothing to say.
        findings: What else there is to know, where its site was asked: sentences.
    """

    name: str
    sites: tuple[str, ...]
    package: str
    version: str
    status: Literal["enabled", "disabled", "broken"]
    reason: str = ""
    findings: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The object of ``connectors --json``."""
        return {**asdict(self), "sites": list(self.sites), "findings": list(self.findings)}


async def statuses(config: Config | None, *, check: bool = False) -> list[ConnectorStatus]:
    """Every installed connector: enabled, or why not and what to set.

    Args:
        config: The configuration; ``None`` where there is none yet.
        check: Ask each site one cheap question; without it nothing leaves this machine.

    Raises:
        UsageError: The name of a section is misspelt.
    """
    known = config or Config()
    check_sections(known)
    found = installed()
    missing = sorted(set(known.connectors) - {one.name for one in found})
    return [
        *await asyncio.gather(*(_status(known, one, check=check) for one in found)),
        *(ConnectorStatus(name, (), "", "", "disabled", _NOT_INSTALLED.format(name)) for name in missing),
    ]


async def check_offline(found: Installed, settings: BaseModel) -> None:
    """See whether a connector could work, as far as that can be told without a request.

    Raises:
        NotConfigured: It could not; the message says what to set.
    """
    with suppress(Spent):
        async with _fetcher(found, settings, FetchConfig(), RunBudget(max_requests=0)) as fetcher:
            with _crash_is_not_configured(found):
                connector = found.build(settings, fetcher)
                sites_of(connector)
                await _within(found, connector.check())


async def _status(config: Config, found: Installed, *, check: bool) -> ConnectorStatus:
    def status(word: Literal["enabled", "disabled", "broken"], reason: str) -> ConnectorStatus:
        return ConnectorStatus(found.name, sites, found.package, found.version, word, " ".join(reason.split()))

    sites: tuple[str, ...] = ()
    if found.fault:
        return status("broken", found.fault)
    try:
        settings = connector_config(config, found)
    except UsageError as fault:
        return status("disabled", str(fault))
    budget = RunBudget(max_requests=None if check else 0, max_wait_seconds=0)
    async with _fetcher(found, settings, config.fetch, budget) as fetcher:
        try:
            with _crash_is_not_configured(found):
                connector = found.build(settings, fetcher)
                sites = sites_of(connector)
            if found.name not in config.connectors:
                return status("disabled", f"no section [connectors.{found.name}] in {CONFIG_NAME}: add it")
            enabled = status("enabled", await _asked(found, connector, check=check))
            return replace(enabled, findings=await _findings(found, connector)) if check else enabled
        except SourcerError as reason:
            return status("disabled", str(reason))


async def _asked(found: Installed, connector: Connector, *, check: bool) -> str:
    """Let a connector check itself; gives what there is to say although it may work."""
    try:
        with _crash_is_not_configured(found):
            await _within(found, connector.check())
    except Spent as spent:
        return str(spent) if check else _NOT_ASKED
    return ""


async def _findings(found: Installed, connector: Connector) -> tuple[str, ...]:
    """What a connector with a method ``findings`` has to tell; that it cannot is no reason to disable it."""
    tell = getattr(connector, "findings", None)
    if tell is None:
        return ()
    try:
        with foreign_code(found.name):
            told: tuple[Any, ...] = tuple(await _within(found, tell(), _LONG_PATIENCE))
            return tuple(" ".join(str(sentence).split()) for sentence in told)
    except SourcerError as fault:
        return (f"there may be more to know: {fault}",)


async def _within(found: Installed, check: Coroutine[Any, Any, _Result], seconds: float = _PATIENCE) -> _Result:
    try:
        # In this very task: what a connector raises must pass the fence around it.
        async with asyncio.timeout(seconds):
            return await check
    except TimeoutError:
        raise NotConfigured(f"{found.name}: its own check did not end within {seconds:g} s") from None


@contextmanager
def _crash_is_not_configured(found: Installed) -> Iterator[None]:
    """A connector that crashes does not stop the others."""
    try:
        with foreign_code(found.name):
            yield
    except (NotConfigured, Spent, Denied):
        raise
    except (SiteError, AnswerError) as fault:
        raise NotConfigured(str(fault)) from fault


def _fetcher(found: Installed, settings: BaseModel, fetch: FetchConfig, budget: RunBudget) -> Fetcher:
    return Fetcher(found.name, found.policy, fetch, secrets=secrets_of(settings), budget=budget)
