"""The connectors that are installed: found by entry points, by nothing else."""

from __future__ import annotations

import contextlib
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Final

from pydantic import BaseModel

from sourcer.connect.contract import Connector
from sourcer.connect.shape import class_fault
from sourcer.fetch import Fetcher
from sourcer.fetch.policy import SitePolicy

__all__ = ["GROUP", "Installed", "installed"]

GROUP: Final = "sourcer.connectors"
"""The entry-point group."""

_OWN: Final = "sourcer-crawler"
_LONGEST: Final = 300


@dataclass(frozen=True, slots=True)
class Installed:
    """One entry point of the group.

    Args:
        name: Of the connector: its section ``[connectors.NAME]``.
        package: The distribution that brings it.
        version: Of that distribution.
        connector: The class, or ``None`` where it is broken.
        fault: Why it is broken, in one line; empty where it is not.
    """

    name: str
    package: str
    version: str
    connector: type[Connector] | None
    fault: str = ""

    @property
    def builtin(self) -> bool:
        """Whether it comes with Sourcer itself."""
        return self.package == _OWN

    @property
    def policy(self) -> SitePolicy:
        """The manners of its sites."""
        return self.usable.policy

    @property
    def usable(self) -> type[Connector]:
        """The class of a connector that is not broken.

        Raises:
            ValueError: It is broken.
        """
        if self.connector is None:
            raise ValueError(f"the connector {self.name} is broken: {self.fault}")
        return self.connector

    def build(self, settings: BaseModel, fetcher: Fetcher) -> Connector:
        """The connector itself: ``cls(config, fetcher)`` as the contract says."""
        factory: Any = self.usable
        connector: Connector = factory(settings, fetcher)
        return connector


def installed() -> list[Installed]:
    """Every connector that is installed, by name; of two with one name the one that can be used comes last.

    A broken one does not stop the others: it is in the list, with its fault.
    """
    found = _without_clashes(_load(entry_point) for entry_point in entry_points(group=GROUP))
    return sorted(found, key=lambda one: (one.name, not one.fault, one.package))


def _load(entry_point: EntryPoint) -> Installed:
    distribution = entry_point.dist
    package, version = (distribution.name, distribution.version) if distribution else ("unknown", "")
    connector: Any = None
    try:
        # What a module prints while it is imported must not get into the results on stdout.
        with contextlib.redirect_stdout(sys.stderr):
            connector = entry_point.load()
            fault = class_fault(connector, entry_point.name)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001  # other people's code may raise anything, SystemExit too
        fault = f"{entry_point.value} cannot be imported: {_words(error)}"
    return Installed(entry_point.name, package, version, None if fault else connector, fault)


def _words(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:_LONGEST].rstrip(": ")


def _without_clashes(found: Iterable[Installed]) -> list[Installed]:
    """Of two distributions that claim one name neither is used, as one of them would get the other's credentials.

    What comes with Sourcer keeps its name.
    """
    everything = list(found)
    claims = Counter(one.name for one in everything)
    return [one if claims[one.name] == 1 or one.builtin else _clash(one, everything) for one in everything]


def _clash(one: Installed, everything: list[Installed]) -> Installed:
    others = sorted(other.package for other in everything if other.name == one.name and other is not one)
    return replace(one, connector=None, fault=f"its name is also claimed by {', '.join(others)}: uninstall one of them")
