"""Why a person has the score they have: every contribution with its evidence, and the same in sentences."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy import Connection

from sourcer.brief import Brief
from sourcer.domain import Json, iso_time
from sourcer.errors import UsageError
from sourcer.score.absence import Absence, absence_of
from sourcer.score.confidence import Confidence, confidence_of, looked_at
from sourcer.score.production import Work, work_of
from sourcer.score.prospects import Prospect, Standing, prospects_of
from sourcer.score.roles import likeliest_role, role_in_words, role_probabilities
from sourcer.score.rules import load_rules
from sourcer.score.scoring import WHOLE, Contribution, Score, Scorer
from sourcer.score.seeing import coverage_of, flags_of, unknown_of
from sourcer.score.sentences import Sentence, sentences_of
from sourcer.score.version import scoring_digest
from sourcer.skills import Lexicon, Match
from sourcer.store.candidates import read_ranking
from sourcer.store.decisions import read_standings
from sourcer.store.reads import PersonFacts, StoredEvidence, is_found, read_people, read_person

__all__ = ["Explanation", "explain", "explain_people"]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What an explanation was made from: words about it are only made where somebody reads them."""

    scorer: Scorer
    facts: PersonFacts
    score: Score
    standing: Standing | None


@dataclass(frozen=True)
class Explanation:
    """A score, taken apart. ``contributions`` are sorted by points, the most first.

    ``absence`` says why the person is not in the ranking; empty where they are.
    """

    person: int
    brief: str
    score: float
    contributions: tuple[Contribution, ...]
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    flags: tuple[str, ...]
    coverage: float
    absence: tuple[Absence, ...]
    _seen: _Seen

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """What the score is made of, in words, the strongest first."""
        return tuple(sentences_of(self._seen.scorer, self.contributions))

    @cached_property
    def prospects(self) -> tuple[Prospect, ...]:
        """What would change the rank."""
        seen = self._seen
        return tuple(prospects_of(seen.scorer, seen.facts, seen.score, seen.standing))

    @cached_property
    def confidence(self) -> Confidence:
        """How far the data bears the score."""
        return confidence_of(self._seen.facts, self._seen.score, self.coverage)

    @property
    def role_in_words(self) -> str:
        """``likely ML engineer``, or ``role unclear``."""
        return role_in_words(likeliest_role(role_probabilities(self._seen.score)))

    @cached_property
    def work(self) -> Work:
        """What kind of work it is."""
        return work_of(self._seen.scorer, self._seen.score)

    def as_json(self) -> dict[str, Json]:
        """The object that ``explain --json`` prints; the points add up to the score."""
        return {
            "person": self.person,
            "brief": self.brief,
            "score": self.score,
            "not_ranked": [absence.as_json() for absence in self.absence] or None,
            "contributions": [_contribution_json(item, self._seen.facts) for item in self.contributions],
            "missing": list(self.missing),
            "musts": [{"must": entry, "factor": factor} for entry, factor in self._seen.score.musts.items()],
            "unknown": list(self.unknown),
            "flags": list(self.flags),
            "coverage": self.coverage,
            "confidence": self.confidence.as_json(),
            "looked_at": [looked.as_json() for looked in looked_at(self._seen.facts)],
            "focus": self._seen.score.earned.focus.as_json(),
            "work": self.work.as_json(),
            "sentences": [sentence.as_json() for sentence in self.sentences],
            "prospects": [prospect.as_json() for prospect in self.prospects],
        }

    def in_words(self, most: int | None = None) -> list[str]:
        """What the score is made of, the strongest first, then what is missing and unknown, and what would change it.

        Before all that: why the person is not in the ranking.

        Args:
            most: No more sentences about evidence than this; what is left out is counted. ``None`` leaves out nothing.
        """
        shown = self.sentences[:most]
        lines = [str(absence) for absence in self.absence]
        lines += [str(sentence) for sentence in shown]
        if rest := self.sentences[len(shown) :]:
            points = math.fsum(sentence.points for sentence in rest)
            lines.append(f"{points:.2f} points: {len(rest)} more, each less than these.")
        lines += [line for line in (self.work.in_words(), self._seen.score.earned.focus.in_words()) if line]
        lines += self._musts_in_words()
        lines += [f"Not known: {entry}" for entry in self.unknown]
        lines += [f"Looked at {looked.in_words()}" for looked in looked_at(self._seen.facts)]
        lines.append(f"Confidence in this score: {self.confidence.in_words()}")
        if "quiet" in self.flags:
            lines.append("Little public evidence: a quiet profile, which says nothing about the person's work.")
        ahead = [prospect.text for prospect in self.prospects if prospect.kind != "unknown" or not self.unknown]
        return [*lines, *(["", "What would change this:", *ahead] if ahead else [])]

    def _musts_in_words(self) -> Iterator[str]:
        """What is seen of the musts too little, and what that costs."""
        for entry, factor in self._seen.score.musts.items():
            cost = f"a must of the brief: the score is {1 - factor:.0%} less for it."
            if entry in self.missing:
                yield f"No evidence for {entry}, {cost}"
            elif factor < WHOLE:
                yield f"Little evidence for {entry}, {cost}"


def explain(
    connection: Connection, person: int, brief: Brief, lexicon: Lexicon, *, as_of: date, cross_brief: bool = False
) -> Explanation:
    """Take a person's score through a brief apart, as on the end of a day in UTC.

    Raises:
        UsageError: Nobody has this id, the brief did not find them, or the brief names an unknown skill.
    """
    facts = read_person(connection, person)
    if facts is None:
        raise UsageError(f"person {person}: nobody is known by this id, or all their accounts are gone")
    if not cross_brief and not is_found(connection, facts.person, brief.name):
        raise UsageError(
            f"person {person} was not found by the brief {brief.name!r}; choose a brief that found them, or set "
            "[privacy] cross_brief = true"
        )
    scorer = Scorer(brief, lexicon, load_rules(), as_of)
    score, decided = scorer.score(facts), read_standings(connection, brief.name)
    absence = absence_of(scorer, facts, score, decided.get(facts.person))
    hidden = {person for person, found in decided.items() if found.is_hidden(as_of)}
    standing = None if absence else _standing(connection, scorer, {facts.person, *hidden}, cross_brief=cross_brief)
    return _explained(scorer, facts, score, standing, absence)


def _standing(
    connection: Connection, scorer: Scorer, without: Collection[int], *, cross_brief: bool
) -> Standing | None:
    """Who is in the brief's last stored ranking besides."""
    stored = read_ranking(connection, scorer.brief.name, without)
    if stored is None:
        return None
    digest = scoring_digest(scorer.brief, scorer.lexicon, cross_brief=cross_brief)
    return Standing(stored.scores, stored.as_of, stored.scoring == digest)


def explain_people(
    connection: Connection, people: Sequence[int], brief: Brief, lexicon: Lexicon, *, as_of: date
) -> Iterator[Explanation]:
    """Take the scores of people of a ranking apart, in their order, read in chunks and with one scorer for all.

    How they stand to others is not read: neither what would change their ranks is said, nor whether they are ranked.

    Raises:
        UsageError: The brief names an unknown skill.
    """
    scorer = Scorer(brief, lexicon, load_rules(), as_of)
    for facts in read_people(connection, people):
        yield _explained(scorer, facts, scorer.score(facts))


def _explained(
    scorer: Scorer,
    facts: PersonFacts,
    score: Score,
    standing: Standing | None = None,
    absence: Sequence[Absence] = (),
) -> Explanation:
    return Explanation(
        person=facts.person,
        brief=scorer.brief.name,
        score=score.score,
        contributions=tuple(score.strongest()),
        missing=tuple(scorer.missing(score)),
        unknown=tuple(unknown_of(facts)),
        flags=tuple(flags_of(scorer, facts, score)),
        coverage=coverage_of(facts),
        absence=tuple(absence),
        _seen=_Seen(scorer, facts, score, standing),
    )


def _contribution_json(item: Contribution, facts: PersonFacts) -> dict[str, Json]:
    return {
        "points": item.points,
        "dimension": item.dimension,
        "skill": item.skill,
        "rule": item.rule,
        "matched": _match_json(item.earning.match),
        "evidence": dict(_evidence_json(item.evidence, facts)),
    }


def _match_json(match: Match | None) -> dict[str, Json] | None:
    """The very words that showed the skill; the span counts in a term's value, or in the title without its owner."""
    return None if match is None else {"scheme": match.scheme, "words": match.matched, "span": list(match.span)}


def _evidence_json(evidence: StoredEvidence, facts: PersonFacts) -> Iterator[tuple[str, Json]]:
    for name in ("id", "kind", "site", "url", "title"):
        yield name, getattr(evidence, name)
    yield "happened_at", iso_time(evidence.happened_at) if evidence.happened_at else None
    yield "seen_at", iso_time(evidence.seen_at)
    yield "terms", list(evidence.terms)
    yield "measure", dict(evidence.measure)
    yield "licence", evidence.licence or None
    # Whose the text is that stands under it; the title of an answer is its question's.
    yield "author", _author(evidence, facts) if evidence.licence else None


def _author(evidence: StoredEvidence, facts: PersonFacts) -> str | None:
    account = evidence.site, evidence.uid
    return next((one.name or one.login or None for one in facts.profiles if (one.site, one.uid) == account), None)
