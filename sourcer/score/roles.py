"""How likely each role is, from what a person's evidence is about: named weights, no training."""

from __future__ import annotations

import math
import tomllib
from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Final

from sourcer.domain import DIMENSIONS, ROLES
from sourcer.score.rules import read_data
from sourcer.score.scoring import Score, Scorer

__all__ = ["role_probabilities"]

_PLACES: Final = 6
_KIND_SCALE: Final = 3.0


@cache
def _weights() -> tuple[float, Mapping[str, Mapping[str, float]]]:
    data = tomllib.loads(read_data("roles.toml"))
    return data.pop("temperature"), data


def role_probabilities(scorer: Scorer, score: Score) -> dict[str, float]:
    """The probability of each of :data:`sourcer.domain.ROLES`; they sum to 1.

    Without evidence all are equal. What the brief asks for does not move them, except through whom it finds.
    """
    features = _features(scorer, score)
    temperature, weights = _weights()
    logits = {
        role: math.fsum(weight * features.get(name, 0.0) for name, weight in weights[role].items()) for role in ROLES
    }
    top = max(logits.values())
    odds = {role: math.exp((value - top) / temperature) for role, value in logits.items()}
    total = math.fsum(odds.values())
    rounded = {role: round(value / total, _PLACES) for role, value in odds.items()}
    # The likeliest role takes up what rounding left over.
    likeliest = max(ROLES, key=lambda role: (rounded[role], -ROLES.index(role)))
    others = math.fsum(value for role, value in rounded.items() if role != likeliest)
    return rounded | {likeliest: round(1.0 - others, _PLACES)}


def _features(scorer: Scorer, score: Score) -> dict[str, float]:
    features = {f"skill:{skill}": value for skill, value in score.fullness.items()}
    for dimension in DIMENSIONS:
        features[f"dimension:{dimension}"] = scorer.neutral_dimension(dimension, score.fullness)
    pieces = Counter({item.evidence.id: item.evidence.kind for item in score.earnings}.values())
    return features | {f"kind:{kind}": -math.expm1(-count / _KIND_SCALE) for kind, count in pieces.items()}
