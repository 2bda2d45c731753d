"""The scorer's parameters, read from data: what kinds of evidence are worth, how fast they age, what is discounted."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any, Final

from sourcer.domain import covers

__all__ = [
    "Discount",
    "FocusRules",
    "KindRule",
    "Musts",
    "Production",
    "Rules",
    "Size",
    "load_rules",
    "read_data",
    "rules_markdown",
]

_DEFAULT: Final = "default"


@dataclass(frozen=True, slots=True)
class Size:
    """How a site's own measure scales a piece of evidence.

    Without ``values`` it rises from ``low`` at 0 towards ``high`` and saturates: popularity cannot buy a rank.
    """

    measure: str
    low: float = 1.0
    high: float = 1.0
    scale: float = 1.0
    values: Mapping[str, float] = field(default_factory=dict)

    def factor(self, value: float) -> float:
        """The factor for a measured value; 0 below 0, for an answer that was voted down."""
        if value < 0:
            return 0.0
        if self.values:
            return self.values.get(f"{value:g}", 1.0)
        return self.low + (self.high - self.low) * -math.expm1(-value / self.scale)


@dataclass(frozen=True, slots=True)
class KindRule:
    """What one piece of evidence of a kind is worth; ``half_life`` in years. See the head of ``rules.toml``."""

    base: float
    half_life: float
    spread: float
    long: int | None = None
    shows: str = ""
    bulk: bool = False
    size: Size | None = None

    def shared(self, terms: int) -> tuple[float, ...]:
        """The factor for a piece of so many terms, if there is one: those of a long list share what it is worth."""
        return () if self.long is None or terms <= self.long else (self.long / terms,)


@dataclass(frozen=True, slots=True)
class Discount:
    """Evidence that proves less than it seems to. A ``copy`` is the work of others, and so many count as one."""

    name: str
    factor: float
    kinds: str
    measure: str = ""
    title: re.Pattern[str] | None = None
    text: re.Pattern[str] | None = None
    terms: frozenset[str] = frozenset()
    copy: bool = False

    def reads(self, terms: tuple[str, ...], title: str, text: str) -> bool:
        """Whether it holds by terms, title or free text, both in single words; the title without the owner."""
        if not self.terms.isdisjoint(terms):
            return True
        by_title = self.title is not None and self.title.search(title) is not None
        return by_title or (self.text is not None and self.text.search(text) is not None)

    def measures(self, measure: Mapping[str, float]) -> bool:
        """Whether the site's own flag says so."""
        return bool(self.measure and measure.get(self.measure))


@dataclass(frozen=True, slots=True)
class FocusRules:
    """How the share of work on the subject counts. See ``[focus]`` in ``rules.toml``."""

    known: int
    prior: float
    middle: float
    steepness: float
    unknown: float
    least: float
    proof: float
    apart: float
    relevance: float
    languages: frozenset[str]
    web: frozenset[str]

    def factor(self, balance: float) -> float:
        """The factor of a hint: one half at ``middle``."""
        return 1.0 / (1.0 + math.exp(-self.steepness * (balance - self.middle)))

    def kept(self, hint: float) -> float:
        """The factor of a proof, which loses little for want of focus."""
        return self.least + (1.0 - self.least) * hint


@dataclass(frozen=True, slots=True)
class Platforms:
    """Managed platforms whose use shows another skill, too. See ``[platforms]`` in ``rules.toml``."""

    skills: tuple[str, ...]
    shows: str
    strength: float


@dataclass(frozen=True, slots=True)
class Production:
    """What tells work that runs. See ``[production]`` in ``rules.toml``."""

    schemes: frozenset[str]
    each: float
    most: int
    measures: Mapping[str, str]
    exploring_kinds: tuple[str, ...]
    exploring_skills: frozenset[str]
    sign_of: Mapping[str, str]

    def signs_of(self, shown: Iterable[tuple[str, str]]) -> tuple[str, ...]:
        """The signs that skills prove, in order; each skill with the scheme of its proof."""
        proven = (skill for skill, scheme in shown if scheme in self.schemes)
        return tuple(sorted({self.sign_of[skill] for skill in proven if skill in self.sign_of}))

    def explores(self, kind: str, skill: str) -> bool:
        """Whether evidence of a kind that shows a skill is work that explores."""
        return any(covers(one, kind) for one in self.exploring_kinds) or (
            kind.startswith("repo.") and skill in self.exploring_skills
        )

    def factor(self, signs: int) -> float:
        """What evidence of a repository with so many different signs is worth more."""
        return 1.0 + self.each * min(signs, self.most)


@dataclass(frozen=True, slots=True)
class Musts:
    """What a must counts that is not seen, or hardly. See ``[musts]`` in ``rules.toml``."""

    least: float
    scale: float

    def factor(self, raw: float) -> float:
        """The factor of the score for the raw points of all alternatives."""
        return self.least + (1.0 - self.least) * -math.expm1(-raw / self.scale)


@dataclass(frozen=True, slots=True)
class Rules:
    """Every parameter of the scorer; the words are those of ``rules.toml``."""

    kinds: Mapping[str, KindRule]
    discounts: tuple[Discount, ...]
    unknown_date: float
    unknown_size: float
    floor: float
    skill_saturation: float
    power: float
    dimension_saturation: Mapping[str, float]
    must: float
    nice: float
    other: float
    musts: Musts
    exclude_strength: float
    communication_relevance: float
    focus: FocusRules
    production: Production
    platforms: Platforms
    burst: int
    opt_out: re.Pattern[str]
    of_others: re.Pattern[str]
    quiet_evidence: int
    stale_years: float
    partial_coverage: float

    def of(self, kind: str) -> KindRule:
        """The rule of a kind; kinds that other connectors bring have the default one."""
        return self.kinds.get(kind) or self.kinds[_DEFAULT]

    def discounts_of(self, kind: str) -> tuple[Discount, ...]:
        """The discounts that may hold for evidence of a kind."""
        return tuple(discount for discount in self.discounts if covers(discount.kinds, kind))

    def share_of(self, raw: Sequence[float], *, copies: bool) -> float:
        """What of each counts that came in bulk: together as much as a few of the best; copies as the best one."""
        most, total = 1 if copies else self.burst, math.fsum(raw)
        return min(1.0, most * max(raw) / total) if len(raw) > most and total > 0 else 1.0

    def dimension_fullness(self, dimension: str, total: float) -> float:
        """How full a dimension is, 0 to 1: one half at its saturation, and growing as the power before it."""
        filled = math.pow(total / self.dimension_saturation[dimension], self.power)
        return filled / (1.0 + filled)

    def recency(self, age: float, half_life: float) -> float:
        """The factor for an age in years: halves with each half-life, down to the floor."""
        return max(self.floor, math.exp2(-age / half_life))


def read_data(name: str) -> str:
    """The text of one of the scorer's data files."""
    return (resources.files("sourcer.score") / name).read_text(encoding="utf-8")


@cache
def load_rules() -> Rules:
    """The rules that come with the scorer."""
    data = tomllib.loads(read_data("rules.toml"))
    return Rules(
        kinds={kind: _kind(table) for kind, table in data["kinds"].items()},
        discounts=tuple(_discount(table) for table in data["discounts"]),
        unknown_date=data["unknown"]["date"],
        unknown_size=data["unknown"]["size"],
        floor=data["recency"]["floor"],
        skill_saturation=data["saturation"]["skill"],
        power=data["saturation"]["power"],
        dimension_saturation=data["saturation"]["dimensions"],
        **data["brief"],
        musts=Musts(**data["musts"]),
        exclude_strength=data["exclude"]["strength"],
        communication_relevance=data["communication"]["relevance"],
        focus=_focus(data["focus"]),
        production=_production(data["production"]),
        platforms=Platforms(**{**data["platforms"], "skills": tuple(data["platforms"]["skills"])}),
        burst=data["burst"]["most"],
        opt_out=_any_of(data["opt_out"]["patterns"]),
        of_others=_any_of(data["opt_out"]["of_others"]),
        **data["flags"],
    )


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


def _kind(table: Mapping[str, Any]) -> KindRule:
    size = table.get("size")
    return KindRule(**{**table, "size": Size(**size) if size else None})


def _focus(table: Mapping[str, Any]) -> FocusRules:
    lists = {name: frozenset(table[name]) for name in ("languages", "web")}
    return FocusRules(**{**table, **lists})


def _production(table: Mapping[str, Any]) -> Production:
    signs = {skill: sign for sign, skills in table["signs"].items() for skill in skills}
    return Production(
        schemes=frozenset(table["schemes"]),
        each=table["each"],
        most=table["most"],
        measures=table["measures"],
        exploring_kinds=tuple(table["exploring_kinds"]),
        exploring_skills=frozenset(table["exploring_skills"]),
        sign_of=signs,
    )


def _discount(table: Mapping[str, Any]) -> Discount:
    patterns = {
        name: re.compile(rf"\b(?:{table[name]})\b", re.MULTILINE) for name in ("title", "text") if name in table
    }
    return Discount(**{**table, **patterns, "terms": frozenset(table.get("terms", ()))})


def rules_markdown(rules: Rules) -> str:
    """The rules as Markdown tables, for the generated page of the documentation."""
    lines = [
        "| kind | base | half-life, years | spread | long from | size | shows besides |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for kind, rule in rules.kinds.items():
        numbers = (f"{value:g}" for value in (rule.base, rule.half_life, rule.spread))
        cells = (f"`{kind}`", *numbers, str(rule.long or ""), _size_text(rule), rule.shows)
        lines.append("| " + " | ".join(cells) + " |")
    lines += ["", "| discount | factor | kinds | is a copy | holds where |", "| --- | --- | --- | --- | --- |"]
    lines += [
        f"| {item.name} | {item.factor:g} | `{item.kinds}` | {'yes' if item.copy else ''} | {_where_text(item)} |"
        for item in rules.discounts
    ]
    lines += ["", "| dimension | skills add up to this for 50 of 100 |", "| --- | --- |"]
    lines += [f"| {dimension} | {value:g} |" for dimension, value in rules.dimension_saturation.items()]
    lines += ["", "| sign of work that runs | proven by the skills |", "| --- | --- |", *_sign_rows(rules.production)]
    lines += ["", "| repositories in these languages are | languages |", "| --- | --- |"]
    lines += [f"| on the subject | {', '.join(sorted(rules.focus.languages))} |"]
    lines += [f"| web work | {', '.join(sorted(rules.focus.web))} |"]
    lines += ["", "| parameter | value |", "| --- | --- |", *_parameter_rows(rules)]
    return "\n".join(lines) + "\n"


def _size_text(rule: KindRule) -> str:
    size = rule.size
    if size is None:
        return ""
    if size.values:
        return f"{size.measure}: " + ", ".join(f"{value} × {factor:g}" for value, factor in size.values.items())
    return f"{size.measure}: {size.low:g} to {size.high:g}, scale {size.scale:g}"


def _where_text(discount: Discount) -> str:
    ways = [f"measure `{discount.measure}` is set"] if discount.measure else []
    for name, pattern in (("title", discount.title), ("description", discount.text)):
        if pattern is not None:
            words = pattern.pattern.replace("|", "\\|")
            ways.append(f"the {name} has `{words}`")
    if discount.terms:
        ways.append("terms " + ", ".join(f"`{term}`" for term in sorted(discount.terms)))
    return "; ".join(ways)


def _sign_rows(production: Production) -> list[str]:
    skills: dict[str, list[str]] = {}
    for skill, sign in production.sign_of.items():
        skills.setdefault(sign, []).append(skill)
    rows = [f"| {sign} | {', '.join(found)} |" for sign, found in skills.items()]
    rows += [f"| {sign} | measure `{measure}` |" for measure, sign in production.measures.items()]
    explored = ", ".join([*(f"`{kind}`" for kind in production.exploring_kinds), *sorted(production.exploring_skills)])
    return [*rows, f"| (work that explores) | {explored} |"]


def _parameter_rows(rules: Rules) -> list[str]:
    values = {
        "a skill's raw points saturate at": rules.skill_saturation,
        "a dimension grows with the power": rules.power,
        "work on a managed platform shows MLOps by": rules.platforms.strength,
        "an unknown date counts": rules.unknown_date,
        "an unknown measure counts": rules.unknown_size,
        "age counts at least": rules.floor,
        "a must counts": rules.must,
        "a nice to have counts": rules.nice,
        "other skills count, times their relevance": rules.other,
        "a must of which nothing is seen leaves of the score": rules.musts.least,
        "a must is two thirds seen at raw points of": rules.musts.scale,
        "an excluded skill leaves out from this strength": rules.exclude_strength,
        "communication needs a subject of this relevance": rules.communication_relevance,
        "focus needs so many repositories that tell": rules.focus.known,
        "focus counts a hint half at a balance of": rules.focus.middle,
        "focus is as steep as": rules.focus.steepness,
        "focus is drawn to 0 by so many repositories": rules.focus.prior,
        "an unknown focus counts": rules.focus.unknown,
        "a proof keeps of any focus at least": rules.focus.least,
        "software in general counts off the subject": rules.focus.apart,
        "evidence proves from a strength of": rules.focus.proof,
        "a repository is on the subject from a relevance of": rules.focus.relevance,
        "each sign of work that runs adds": rules.production.each,
        "signs of work that runs count up to": rules.production.most,
        "repositories of one day count, for a skill, as this many of the best": rules.burst,
    }
    return [f"| {name} | {value:g} |" for name, value in values.items()]
