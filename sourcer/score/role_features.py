"""What a person's evidence is about, as numbers between 0 and 1 by name: role probabilities are made of them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from sourcer.score.earning import Earning
from sourcer.score.scoring import Score
from sourcer.score.subject import repository_of

__all__ = ["Recipe", "features_of"]

_KIND_SCALE: Final = 3.0
_TOGETHER_SCALE: Final = 2.0
_SHARPNESS: Final = 5.0
"""A survey knows only yes and no: a skill counts as used long before it earns all it can."""

_Shown: TypeAlias = Mapping[str, float]
"""The groups that show in one place, each with how much that place counts."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How features are made beside those of single skills.

    Args:
        groups: Skills by the name of their group.
        about: Groups that work may be about; of the first line of which a place shows any, it is about those alone.
        together: Groups that stand in one repository, and those that must not.
        both: Features that are the product of others.
        strength: From which evidence says what a repository is about: more than a word in a text.
        whole: Raw points from which it says so in full: what is old, copied or asked says less.
    """

    groups: Mapping[str, Collection[str]]
    about: Sequence[Sequence[str]]
    together: Mapping[str, Mapping[str, Sequence[str]]]
    both: Mapping[str, Sequence[str]]
    strength: float
    whole: float

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Recipe:
        """The one in ``roles.toml``."""
        groups = {name: frozenset(skills) for name, skills in data["groups"].items()}
        work = data["work"]
        return cls(groups, work["about"], data["together"], data["both"], work["strength"], work["whole"])

    def names(self) -> set[str]:
        """The features that it makes, beside those of skills and kinds."""
        made = {"group": self.groups, "together": self.together, "both": self.both}
        found = {f"{prefix}:{name}" for prefix, names in made.items() for name in names}
        return found | {f"share:{name}" for line in self.about for name in line}


def features_of(score: Score, recipe: Recipe) -> dict[str, float]:
    """The features by name; what is not in it is 0."""
    used = {skill: 1.0 - (1.0 - fullness) ** _SHARPNESS for skill, fullness in score.fullness.items()}
    features = {f"skill:{skill}": value for skill, value in used.items()}
    for name, skills in recipe.groups.items():
        features[f"group:{name}"] = _filled(used.get(skill, 0.0) for skill in skills)
    repositories, others = _places(score, recipe)
    features |= {f"share:{name}": share for name, share in _shares([*repositories, *others], recipe.about).items()}
    # What belongs to no repository may belong together.
    places = [*repositories, _added(others)]
    for name, rule in recipe.together.items():
        count = math.fsum(_together(shown, rule) for shown in places)
        features[f"together:{name}"] = -math.expm1(-count / _TOGETHER_SCALE)
    for name, parts in recipe.both.items():
        features[f"both:{name}"] = math.prod(features.get(part, 0.0) for part in parts)
    pieces = Counter({item.evidence.id: item.evidence.kind for item in score.earnings}.values())
    return features | {f"kind:{kind}": -math.expm1(-count / _KIND_SCALE) for kind, count in pieces.items()}


def _filled(values: Iterable[float]) -> float:
    return -math.expm1(-math.fsum(values))


def _places(score: Score, recipe: Recipe) -> tuple[list[_Shown], list[_Shown]]:
    """What each repository shows, and each piece of evidence that belongs to none."""
    groups_of: dict[str, list[str]] = {}
    for name, skills in recipe.groups.items():
        for skill in skills:
            groups_of.setdefault(skill, []).append(name)
    repositories: dict[str, list[Earning]] = {}
    others: dict[int, list[Earning]] = {}
    for item in score.earnings:
        if item.strength >= recipe.strength and item.skill in groups_of:
            repository = repository_of(item.evidence.kind, item.evidence.title)
            found = repositories.setdefault(repository, []) if repository else others.setdefault(item.evidence.id, [])
            found.append(item)

    def shown(items: Iterable[Earning]) -> _Shown:
        # However weak the sign of a paper is: in a repository that counts, it makes a paper's of it.
        worth = min(1.0, max(item.plain for item in items) / recipe.whole)
        return {name: worth for item in items for name in groups_of[item.skill]}

    return [shown(items) for items in repositories.values()], [shown(items) for items in others.values()]


def _shares(places: Iterable[_Shown], lines: Sequence[Sequence[str]]) -> dict[str, float]:
    """Which part of the work is about each group; a place that shows several of a line is about each in part."""
    parts: dict[str, list[float]] = {}
    for shown in places:
        about = next((found for line in lines if (found := [name for name in line if name in shown])), [])
        for name in about:
            parts.setdefault(name, []).append(shown[name] / len(about))
    sums = {name: math.fsum(values) for name, values in parts.items()}
    total = math.fsum(sums.values())
    return {name: value / total for name, value in sums.items()} if total else {}


def _together(shown: _Shown, rule: Mapping[str, Sequence[str]]) -> float:
    without = max((shown.get(name, 0.0) for name in rule["without"]), default=0.0)
    return max(0.0, min(shown.get(name, 0.0) for name in rule["all"]) - without)


def _added(places: Iterable[_Shown]) -> _Shown:
    parts: dict[str, list[float]] = {}
    for shown in places:
        for name, value in shown.items():
            parts.setdefault(name, []).append(value)
    return {name: math.fsum(values) for name, values in parts.items()}
