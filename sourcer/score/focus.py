"""Focus: the share of a person's repositories that is machine learning, less the share that is web work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sourcer.domain import Json
from sourcer.score.reading import Place
from sourcer.score.rules import FocusRules

__all__ = ["STRONGEST", "Focus", "focus_at", "focus_of", "places_of"]

STRONGEST: Final[Sequence[Place]] = ("aside", "other", "web", "on", "ml")


_WORDS: Final = (
    (0.95, "counts in full"),
    (0.7, "counts for most of its worth"),
    (0.4, "counts half"),
    (0.2, "counts a little"),
    (0.01, "hardly counts"),
)
"""What a factor reads as, from which on; what is less hardly counts at all."""


@dataclass(frozen=True, slots=True)
class Focus:
    """How much of somebody's work is on the subject.

    Args:
        hint: The factor for what only hints at a skill, 0 to 1.
        proven: The factor for what proves one.
        proof: The strength from which evidence proves.
        balance: Share on the subject less share of web work, -1 to 1; ``None`` where too few repositories are known.
        known: How many repositories tell.
    """

    hint: float
    proven: float
    proof: float
    balance: float | None
    known: int

    def factor(self, strength: float) -> float:
        """What evidence of this strength is multiplied by."""
        return self.proven if strength >= self.proof else self.hint

    @property
    def name(self) -> str:
        """What a rule calls the factor."""
        return "focus" if self.balance is not None else "focus unknown"

    def as_json(self) -> Json:
        """The object in ``explain --json``."""
        return {"balance": self.balance, "repositories": self.known, "hint": self.hint, "proven": self.proven}

    def in_words(self) -> str:
        """One line for people; empty where no repository tells."""
        if not self.known:
            return ""
        tell = "1 repository tells what it is" if self.known == 1 else f"{self.known} repositories tell what they are"
        if self.balance is None:
            return f"Focus: unknown, only {tell} about."
        return (
            f"Focus: {tell} about; what only hints at a skill (a language, a word in a text) {_counts(self.hint)}, "
            f"what proves one (a dependency, a file) {_counts(self.proven)}."
        )


def _counts(factor: float) -> str:
    """A factor in plain words."""
    return next((words for least, words in _WORDS if factor >= least), "hardly counts at all")


def places_of(found: Iterable[tuple[str, Place]]) -> dict[str, Place]:
    """Where each repository stands: on the subject where any piece says so, else what the repository itself says."""
    places: dict[str, Place] = {}
    for repository, place in found:
        if repository:
            places[repository] = max(places.get(repository, "aside"), place, key=STRONGEST.index)
    return places


def focus_of(rules: FocusRules, places: Iterable[Place]) -> Focus:
    """The focus that repositories speak for; ``docs/scoring.md`` proves that less evidence never raises it."""
    count = Counter(places)
    return focus_at(rules, count["ml"] + count["on"], count["web"], count["other"])


def focus_at(rules: FocusRules, on: int, web: int, other: int) -> Focus:
    """The focus of so many repositories on the subject, of web work and of other work."""
    off = web + other
    known = on + off
    if known < rules.known:
        return Focus(rules.unknown, rules.kept(rules.unknown), rules.proof, None, known)
    balance = (on - web) / (known + rules.prior)
    hint = rules.factor(balance)
    if off < rules.known:
        hint = max(hint, rules.unknown)
    return Focus(hint, rules.kept(hint), rules.proof, balance, known)
