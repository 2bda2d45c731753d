"""How likely each role is, from what a person's evidence is about: a softmax over named features.

What tools say was fitted on a survey (``role_tools.toml``), the rest is set by hand (``roles.toml``).
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from sourcer.domain import ROLES
from sourcer.score.role_features import Recipe, features_of
from sourcer.score.rules import read_data
from sourcer.score.scoring import Score

__all__ = ["ROLE_DATA", "likeliest_role", "role_in_words", "role_probabilities"]

ROLE_DATA: Final = ("roles.toml", "role_tools.toml")
"""The data files that probabilities depend on."""

_IN_WORDS: Final = {"ml_engineer": "ML engineer", "devops": "DevOps engineer"}
"""Roles whose names are not plain words with underscores."""

_PLACES: Final = 6


@dataclass(frozen=True, slots=True)
class _Model:
    """Weights by role and feature; how features are made; from which probability on a role is named."""

    weights: Mapping[str, Mapping[str, float]]
    recipe: Recipe
    unclear_below: float


@cache
def _model() -> _Model:
    hand, tools = (tomllib.loads(read_data(name)) for name in ROLE_DATA)
    weights: dict[str, dict[str, float]] = {}
    for role in ROLES:
        fitted = {f"skill:{skill}": weight for skill, weight in tools[hand["like"].get(role, role)].items()}
        own = hand["weights"].get(role, {})
        weights[role] = {name: fitted.get(name, 0.0) + own.get(name, 0.0) for name in sorted({*fitted, *own})}
    return _Model(weights, Recipe.of(hand), hand["unclear_below"])


def role_probabilities(score: Score) -> dict[str, float]:
    """The probability of each of :data:`sourcer.domain.ROLES`; they sum to 1.

    Without evidence all are equal. What the brief asks for does not move them, except through whom it finds.
    """
    model = _model()
    features = features_of(score, model.recipe)
    logits = {
        role: math.fsum(weight * features.get(name, 0.0) for name, weight in model.weights[role].items())
        for role in ROLES
    }
    top = max(logits.values())
    odds = {role: math.exp(value - top) for role, value in logits.items()}
    total = math.fsum(odds.values())
    rounded = {role: round(value / total, _PLACES) for role, value in odds.items()}
    # The likeliest role takes up what rounding left over.
    likeliest = max(ROLES, key=lambda role: (rounded[role], -ROLES.index(role)))
    others = math.fsum(value for role, value in rounded.items() if role != likeliest)
    return rounded | {likeliest: round(1.0 - others, _PLACES)}


def likeliest_role(probabilities: Mapping[str, float]) -> str | None:
    """The role with the highest probability; ``None`` where no role is likely enough: unclear."""
    likeliest = max(ROLES, key=lambda role: (probabilities[role], -ROLES.index(role)))
    return likeliest if probabilities[likeliest] >= _model().unclear_below else None


def role_in_words(role: str | None) -> str:
    """A likeliest role as people say it: ``likely ML engineer``, or ``role unclear``."""
    if role is None:
        return "role unclear"
    return f"likely {_IN_WORDS.get(role, role.replace('_', ' '))}"
