"""How far a score can be trusted: what was looked at, what was not, and how much there was to see.

It says something about the data, nothing about the person: a quiet public profile is quiet, not bad.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal

from sourcer.domain import covers
from sourcer.score.scoring import Score
from sourcer.score.sentences import wording
from sourcer.store.facts import PersonFacts, StoredLook

__all__ = ["Confidence", "Looked", "confidence_of", "looked_at"]

Level = Literal["high", "fair", "low"]

_WELL_COVERED: Final = 0.8
"""The share of looks with an answer from which on what is unknown hardly matters."""
_HALF_COVERED: Final = 0.5
_MUCH: Final = 10
"""Pieces of evidence that earn something, from which on one more or less changes little."""
_LITTLE: Final = 3

_WHOLE: Final = frozenset({"deep", "discover"})
"""Depths that show everything: what discovery closes, such as the accounts of a bulk file, is not fetched again."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What was looked at of one account: kinds of evidence, and those that a site did not answer for."""

    site: str
    uid: str
    deep: bool
    kinds: tuple[str, ...]
    unanswered: tuple[str, ...]

    def in_words(self) -> str:
        """``github: the profile, repositories; no answer for files; no deep look yet``."""
        seen = ", ".join(_words(self.kinds)) or "nothing"
        later = "" if self.deep else "; no deep look yet"
        unknown = f"; no answer for {', '.join(_words(self.unanswered))}" if self.unanswered else ""
        return f"{self.site}: {seen}{unknown}{later}"

    def as_json(self) -> dict[str, Any]:
        """The object in ``explain --json``."""
        return {
            "site": self.site,
            "uid": self.uid,
            "deep": self.deep,
            "kinds": list(self.kinds),
            "unanswered": list(self.unanswered),
        }


@dataclass(frozen=True, slots=True)
class Confidence:
    """How far the data bears a score: a level, and what keeps it from being higher."""

    level: Level
    because: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The object in ``explain --json``."""
        return {"level": self.level, "because": list(self.because)}

    def in_words(self) -> str:
        """``fair: no deep look yet``."""
        return f"{self.level}: {'; '.join(self.because)}" if self.because else self.level


def _words(kinds: Iterable[str]) -> list[str]:
    words = wording()["looked"]
    return list(dict.fromkeys(words.get(kind, kind) for kind in kinds))


def looked_at(facts: PersonFacts) -> list[Looked]:
    """What was looked at, account by account."""
    looks: dict[tuple[str, str], list[StoredLook]] = {}
    for look in facts.looks:
        looks.setdefault((look.site, look.uid), []).append(look)
    found = []
    for profile in sorted(facts.profiles, key=lambda one: (one.site, one.uid)):
        account = (profile.site, profile.uid)
        mine = looks.get(account, [])
        # What discovery tells stands in the scope of no look.
        shown = {item.kind for item in facts.evidence if (item.site, item.uid) == account}
        kinds = sorted(shown.union(*(look.scope for look in mine)))
        open_ = {item.what for item in facts.unknowns if (item.site, item.uid) == account}
        answered = tuple(kind for kind in kinds if not any(covers(what, kind) for what in open_))
        deep = any(look.depth in _WHOLE for look in mine)
        found.append(Looked(profile.site, profile.uid, deep, answered, tuple(sorted(open_))))
    return found


def confidence_of(facts: PersonFacts, score: Score, coverage: float) -> Confidence:
    """How far the data bears a score.

    Nobody looked yet is a reason of its own: no question was asked, so none is unanswered.

    ``high``: a deep look, few questions unanswered, and ten pieces of evidence that earn something. ``low``: fewer than
    three such pieces, or half of the questions unanswered. All else is ``fair``.

    Args:
        facts: What is known of a person.
        score: Their score.
        coverage: The share of looks with an answer, 0 to 1.
    """
    earning = len({item.evidence.id for item in score.contributions})
    asked = bool(facts.looks or facts.unknowns)
    reasons = {
        "hardly any public evidence for this brief": earning < _LITTLE,
        "nobody looked at the accounts yet, only discovery met them": not asked,
        "less than half of the questions were answered": asked and coverage < _HALF_COVERED,
        "little public evidence for this brief": _LITTLE <= earning < _MUCH,
        "some questions were not answered": _HALF_COVERED <= coverage < _WELL_COVERED,
        "no deep look yet": asked and not any(look.depth in _WHOLE for look in facts.looks),
    }
    because = tuple(text for text, holds in reasons.items() if holds)
    if earning < _LITTLE or coverage < _HALF_COVERED:
        return Confidence("low", because)
    return Confidence("fair" if because else "high", because)
