"""Why somebody is not in a ranking: the same rules as those of the ranking itself, each in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sourcer.brief import Where
from sourcer.domain import Json
from sourcer.places import expand_regions
from sourcer.score.candidate import lives_elsewhere
from sourcer.score.scoring import Score, Scorer
from sourcer.score.wording import one_line
from sourcer.store.decisions import Standing
from sourcer.store.reads import PersonFacts

__all__ = ["Absence", "absence_of"]


@dataclass(frozen=True, slots=True)
class Absence:
    """One reason that alone keeps somebody out of a ranking.

    Args:
        reason: ``state``, ``place``, ``excluded`` or ``nothing seen``.
        text: The same in words, to follow "because".
    """

    reason: str
    text: str

    def __str__(self) -> str:
        return f"Not in the ranking, because {self.text}."

    def as_json(self) -> dict[str, Json]:
        """The object in ``explain --json``."""
        return {"reason": self.reason, "text": self.text}


def absence_of(scorer: Scorer, facts: PersonFacts, score: Score, standing: Standing | None) -> list[Absence]:
    """All that keeps a person out of the ranking of the scorer's brief and day; nothing where they are in it.

    Args:
        scorer: Through which the person is seen.
        facts: What is known of them.
        score: Their score.
        standing: What was decided about them for the brief.
    """
    reasons = {
        "state": _decided(standing) if standing is not None and standing.is_hidden(scorer.as_of) else "",
        "place": _elsewhere(facts, scorer.brief.where),
        "excluded": _excluded(scorer, score),
        "nothing seen": "" if score.contributions else "nothing that was seen earns points for this brief",
    }
    return [Absence(reason, one_line(text)) for reason, text in reasons.items() if text]


def _decided(standing: Standing) -> str:
    decided = standing.decided
    if decided is None:
        return ""
    until = f" until {standing.until}" if standing.until else ""
    why = f" ({decided.reason})" if decided.reason else ""
    return (
        f"{decided.by} said {standing.state}{until} on {decided.at:%Y-%m-%d}{why}; `rank --all` shows who was put aside"
    )


def _elsewhere(facts: PersonFacts, where: Where) -> str:
    if not lives_elsewhere(facts, frozenset(where.countries) | expand_regions(where.regions), where):
        return ""
    wanted = f"the brief takes people in {', '.join((*where.countries, *where.regions))}"
    countries = sorted({profile.country for profile in facts.profiles if profile.country})
    if not countries:
        return f"{wanted}, no profile says where they are, and unknown_ok is false"
    return f"{wanted}, and the profile says {' and '.join(countries)}"


def _excluded(scorer: Scorer, score: Score) -> str:
    """The skills that the brief leaves out, each with the piece that shows it best."""
    shown = list(dict.fromkeys(_shown(scorer, score)))
    return f"the brief excludes {', '.join(shown)}" if shown else ""


def _shown(scorer: Scorer, score: Score) -> Iterator[str]:
    told = set()
    for item in sorted(scorer.excluding(score), key=lambda item: (item.skill, -item.strength, item.evidence.id)):
        if item.skill not in told:
            told.add(item.skill)
            yield f"{scorer.lexicon.skills[item.skill].name}, which {item.evidence.url} shows"
