"""What people of each trade show in public, read from ``trades.toml``."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from random import Random

from pydantic import BaseModel, ConfigDict

__all__ = ["Project", "Trade", "draw_trade", "fill", "own_words", "read_trades"]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Project(_Strict):
    """A kind of repository. ``languages`` are kilobytes; ``evidence`` and ``extras`` name texts in ``files.toml``."""

    names: tuple[str, ...]
    descriptions: tuple[str, ...]
    topics: tuple[str, ...]
    languages: dict[str, int]
    packages: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    stars: tuple[int, int] = (0, 0)


class Trade(_Strict):
    """A kind of work. ``role`` is one of ``sourcer.domain.ROLES``; ``tags`` are what they answer on Stack Overflow.

    ``presence`` is how many of them are on GitHub alone, on Stack Overflow alone, and on both.
    """

    name: str
    role: str
    weight: int
    titles: tuple[str, ...]
    bios: tuple[str, ...]
    followers: tuple[int, int]
    tags: tuple[str, ...]
    project: tuple[Project, ...]
    presence: tuple[int, int, int] = (5, 3, 5)


class _Trades(_Strict):
    things: tuple[str, ...]
    trade: tuple[Trade, ...]


@cache
def _read() -> _Trades:
    text = files("sourcer.demo").joinpath("trades.toml").read_text(encoding="utf-8")
    return _Trades.model_validate(tomllib.loads(text))


def read_trades() -> dict[str, Trade]:
    """Every trade by name."""
    return {trade.name: trade for trade in _read().trade}


@cache
def own_words(name: str) -> frozenset[str]:
    """The tags and topics that a trade shares with no other: what it alone speaks of."""

    def words(trade: Trade) -> set[str]:
        return {*trade.tags, *(topic for project in trade.project for topic in project.topics)}

    others = {word for trade in _read().trade if trade.name != name for word in words(trade)}
    return frozenset(words(read_trades()[name]) - others)


def draw_trade(rng: Random, roles: Mapping[str, float] | None = None) -> Trade:
    """A trade, the common ones more often; with ``roles``, as often as its role has a share in them."""
    trades = _read().trade
    weights: list[float] = [trade.weight for trade in trades]
    if roles is not None:
        of_role = Counter[str]()
        for trade in trades:
            of_role[trade.role] += trade.weight
        weights = [roles.get(trade.role, 0) * trade.weight / of_role[trade.role] for trade in trades]
    return rng.choices(trades, weights)[0]


def fill(rng: Random, text: str, thing: str = "") -> str:
    """Put a subject in place of ``{thing}``: the given one, or any."""
    return text.replace("{thing}", thing or rng.choice(_read().things))
