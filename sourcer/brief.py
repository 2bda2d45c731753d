"""A brief: what a role needs, where to look, whom to leave out, when to run."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import ConfigDict, Field, PrivateAttr, field_validator

from sourcer.config import Config, Settings, nearest, parse_settings, read_toml
from sourcer.domain import DIMENSIONS
from sourcer.errors import UsageError

__all__ = [
    "Brief",
    "Compensation",
    "Discover",
    "Freshness",
    "PayBenchmark",
    "ScheduleTable",
    "Skills",
    "Weights",
    "Where",
    "load_brief",
    "load_briefs",
]

Role = Literal["ml_engineer", "data_scientist", "researcher", "data_engineer", "devops", "software_engineer"]


class Weights(Settings):
    """How much each dimension counts in this role."""

    coding: float = Field(1.0, ge=0, allow_inf_nan=False)
    lifecycle: float = Field(1.0, ge=0, allow_inf_nan=False)
    cloud: float = Field(1.0, ge=0, allow_inf_nan=False)
    data: float = Field(1.0, ge=0, allow_inf_nan=False)
    communication: float = Field(0.5, ge=0, allow_inf_nan=False)

    def shares(self) -> dict[str, float]:
        """Each dimension's share of the score; they sum to 1."""
        total = sum(getattr(self, name) for name in DIMENSIONS)
        return {name: getattr(self, name) / total for name in DIMENSIONS}


class Skills(Settings):
    """Skills of the lexicon. ``must``: shown as missing where there is no evidence, never hidden; ``|`` means any of.

    ``nice`` counts half as much again. A person with evidence for an ``exclude`` skill is left out.
    """

    must: tuple[str, ...] = ()
    nice: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


class Where(Settings):
    """Places only filter, and only people whose place is known; they never earn points."""

    countries: tuple[str, ...] = Field((), description="ISO codes")
    regions: tuple[str, ...] = Field((), description="expand to codes")
    remote_ok: bool = Field(True, description="people who say they work remotely pass too")
    unknown_ok: bool = Field(True, description="people whose country is not known pass too")

    @field_validator("countries")
    @classmethod
    def _codes(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for code in value:
            if len(code) != 2 or not code.isascii() or not code.isalpha():  # noqa: PLR2004  # ISO 3166 alpha-2
                raise ValueError(f"{code!r} is not a two-letter ISO 3166 country code")
        return tuple(code.upper() for code in value)


class Discover(Settings):
    """How many people a crawl takes in, and each connector's own words for where to look."""

    model_config = ConfigDict(frozen=True, extra="allow", str_strip_whitespace=True)

    limit: int = Field(500, ge=1, description="people per crawl")

    def of(self, connector: str) -> dict[str, Any] | None:
        """The part that belongs to one connector, or ``None``."""
        part = (self.model_extra or {}).get(connector)
        return part if isinstance(part, dict) else None

    @property
    def connectors(self) -> tuple[str, ...]:
        """The names of the connectors that the brief speaks to."""
        return tuple(self.model_extra or ())


class ScheduleTable(Settings):
    """When the brief runs. ``cron`` has five fields as in cron: weekday 1 is Monday."""

    cron: str = "0 6 * * mon-fri"
    timezone: str = "UTC"
    jitter_minutes: float = Field(0, ge=0)
    misfire_grace_minutes: float = Field(60, ge=0)


class PayBenchmark(Settings):
    """What a source says is paid for such work: a year's pay in the table's currency, and as of which month.

    ``url`` is the very page that says so; where that is not known, ``site`` is the source's own address.
    """

    source: str
    amount: float = Field(gt=0, allow_inf_nan=False)
    statistic: Literal["average", "median", "average or median"] = "average or median"
    as_of: str = Field(pattern=r"^\d{4}(-\d{2}){0,2}$")
    url: str = Field("", pattern=r"^(https?://\S+)?$")
    site: str = Field("", pattern=r"^(https?://\S+)?$")

    def in_words(self, currency: str) -> str:
        """``Indeed USD 162,297 (average or median, 2025-01; https://indeed.example/pay)``."""
        return f"{self.source} {currency} {self.amount:,.0f} ({self.statistic}, {'; '.join(self.origin)})"

    @property
    def origin(self) -> tuple[str, ...]:
        """As of when, and where to look."""
        where = self.url or (f"{self.site}, the page is not known" if self.site else "")
        return (self.as_of, where) if where else (self.as_of,)


class Freshness(Settings):
    """When stored data counts as old: it is shown as such, and looked at again before other stored people.

    ``refresh`` is how many people whose data is old are looked at again each night, besides those whom crawls find; 0
    looks at nobody.
    """

    stale_after_days: int = Field(90, ge=1)
    refresh: int = Field(100, ge=0)


class Compensation(Settings):
    """Shown beside the people and on hand-over reports, never scored. Amounts are a year's pay."""

    currency: str = "USD"
    range: tuple[float, float]
    benchmarks: tuple[PayBenchmark, ...] = ()

    @field_validator("range")
    @classmethod
    def _ordered(cls, value: tuple[float, float]) -> tuple[float, float]:
        if not 0 <= value[0] <= value[1]:
            raise ValueError("must be the lowest and the highest, in this order")
        return value

    def in_words(self) -> list[str]:
        """One line for what the brief offers, and one for each benchmark."""
        low, high = self.range
        offered = f"{self.currency} {low:,.0f} to {high:,.0f} a year"
        return [offered, *(item.in_words(self.currency) for item in self.benchmarks)]


class Brief(Settings):
    """What a role needs."""

    title: str
    role: Role = "ml_engineer"
    weights: Weights = Weights()
    skills: Skills = Skills()
    where: Where = Where()
    discover: Discover = Discover()
    schedule: ScheduleTable | None = None
    freshness: Freshness = Freshness()
    compensation: Compensation | None = None

    _name: str = PrivateAttr("")

    @property
    def name(self) -> str:
        """The file's name without ``.toml``: what the database knows the brief by."""
        return self._name

    def named(self, name: str) -> Brief:
        """The same brief under a name."""
        copy = self.model_copy()
        copy._name = name  # noqa: SLF001  # a private attribute of this very class
        return copy


def load_brief(config: Config, brief: str) -> Brief:
    """Read a brief by its name in ``briefs_dir`` or by its path.

    Raises:
        UsageError: There is no such brief (the message names the nearest), or it cannot be used.
    """
    path = Path(brief)
    if path.suffix != ".toml":
        folder = config.path(config.briefs_dir)
        path = folder / f"{brief}.toml"
        if not path.is_file():
            known = sorted(found.stem for found in folder.glob("*.toml"))
            raise UsageError(f"{path}: no such brief{nearest(brief, known)}")
    return _read(path)


def load_briefs(config: Config) -> list[Brief]:
    """Every brief in ``briefs_dir``, by name."""
    return [_read(path) for path in sorted(config.path(config.briefs_dir).glob("*.toml"))]


def _read(path: Path) -> Brief:
    brief = parse_settings(Brief, read_toml(path), str(path)).named(path.stem)
    if sum(getattr(brief.weights, name) for name in DIMENSIONS) <= 0:
        raise UsageError(f"{path}: [weights] at least one dimension must count more than 0")
    for name in brief.discover.connectors:
        if brief.discover.of(name) is None:
            raise UsageError(
                f"{path}: [discover] {name}: unknown key{nearest(name, ['limit'])}; a connector's part is a table"
            )
    return brief
