"""A candidate: a person seen through a brief, as ``rank`` shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime

from sourcer.brief import Where
from sourcer.domain import Json, iso_time
from sourcer.places import says_remote
from sourcer.score.affiliation import affiliations_of
from sourcer.score.confidence import confidence_of
from sourcer.score.roles import likeliest_role, role_in_words, role_probabilities
from sourcer.score.scoring import Score, Scorer
from sourcer.score.seeing import coverage_of, flags_of, unknown_of
from sourcer.score.sentences import ATTRIBUTED, why
from sourcer.score.wording import top_skills
from sourcer.store.faces import display_name
from sourcer.store.reads import PersonFacts
from sourcer.store.screening import Screened

__all__ = ["Account", "Candidate", "build_candidate", "country_of_person", "lives_elsewhere", "main_account"]


@dataclass(frozen=True, slots=True)
class Account:
    """One of a candidate's profiles."""

    site: str
    uid: str
    login: str
    url: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person seen through a brief.

    Args:
        rank: 1 is the best.
        score: 0 to 100, the sum of the points of ``contributions`` many contributions.
        person: The person's id.
        name: What the profile calls itself, else its login, else ``site:#uid``.
        profiles: Accounts by site and uid.
        dimensions: 0 to 100 each, before the brief's weights.
        roles: A probability for each role; they sum to 1.
        likeliest_role: The role with the highest probability, or ``None`` where none is likely enough: unclear.
        coverage: 0 to 1: how much of what was looked at brought an answer.
        country: ISO code, or ``None`` where it is unknown or profiles disagree.
        top_skills: Names of skills, the strongest first.
        missing: The brief's musts without evidence.
        unknown: What sites did not answer.
        why: One line.
        flags: See ``docs/scoring.md``.
        first_seen: When any of the accounts was first seen.
        last_seen: When any of them was last seen.
        contributions: How many contributions the score is the sum of.
        confidence: ``high``, ``fair`` or ``low``: how far the data bears the score; says nothing about the person.
        affiliations: Universities and institutes that the profiles name, as they write them; never scored.
        strongest_evidence: The ids of the few pieces of evidence that earn most, the most first.
        state: What a human said of them for this brief.
        tags: What humans filed them under.
    """

    rank: int
    score: float
    person: int
    name: str
    profiles: tuple[Account, ...]
    dimensions: Mapping[str, float]
    roles: Mapping[str, float]
    likeliest_role: str | None
    coverage: float
    country: str | None
    top_skills: tuple[str, ...]
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    why: str
    flags: tuple[str, ...]
    first_seen: datetime
    last_seen: datetime
    contributions: int
    confidence: str = "low"
    affiliations: tuple[str, ...] = ()
    strongest_evidence: tuple[int, ...] = ()
    state: str = "new"
    tags: tuple[str, ...] = field(default=())

    @property
    def role_in_words(self) -> str:
        """``likely ML engineer``, or ``role unclear``."""
        return role_in_words(self.likeliest_role)

    def as_json(self) -> dict[str, Json]:
        """The object that ``rank --json`` prints."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        lists = {name: list(value) for name, value in values.items() if isinstance(value, tuple)}
        return (
            values
            | lists
            | {
                "profiles": [asdict(account) for account in self.profiles],
                "dimensions": dict(self.dimensions),
                "roles": dict(self.roles),
                "first_seen": iso_time(self.first_seen),
                "last_seen": iso_time(self.last_seen),
            }
        )


def main_account(facts: PersonFacts | Screened) -> tuple[str, str]:
    """Site and uid of a person's first account: what breaks ties, and never a name."""
    return min(((profile.site, profile.uid) for profile in facts.profiles), default=("", ""))


def country_of_person(facts: PersonFacts) -> str | None:
    """The country that a person's profiles agree on; ``None`` where none says one, or two say different ones."""
    countries = {profile.country for profile in facts.profiles if profile.country}
    return countries.pop() if len(countries) == 1 else None


def lives_elsewhere(facts: PersonFacts | Screened, wanted: frozenset[str], where: Where) -> bool:
    """Whether a place leaves a person out: known to be outside the wanted countries, or unknown where that is asked."""
    countries = {profile.country for profile in facts.profiles if profile.country}
    if not wanted or countries & wanted or (where.unknown_ok and not countries):
        return False
    return not (where.remote_ok and any(says_remote(profile.location) for profile in facts.profiles))


def build_candidate(scorer: Scorer, facts: PersonFacts, score: Score, rank: int) -> Candidate:
    """Everything that is shown about a ranked person."""
    profiles = sorted(facts.profiles, key=lambda profile: (profile.site, profile.uid))
    roles = role_probabilities(score)
    coverage = coverage_of(facts)
    return Candidate(
        rank=rank,
        score=score.score,
        person=facts.person,
        name=display_name(facts.profiles),
        profiles=tuple(Account(item.site, item.uid, item.login, item.url) for item in profiles),
        dimensions=score.dimensions,
        roles=roles,
        likeliest_role=likeliest_role(roles),
        coverage=coverage,
        confidence=confidence_of(facts, score, coverage).level,
        country=country_of_person(facts),
        top_skills=tuple(top_skills(scorer, score)),
        missing=tuple(scorer.missing(score)),
        unknown=tuple(unknown_of(facts)),
        why=why(scorer, score),
        flags=tuple(flags_of(scorer, facts, score)),
        first_seen=min(profile.first_seen_at for profile in profiles),
        last_seen=max(profile.seen_at for profile in profiles),
        contributions=len(score.contributions),
        affiliations=tuple(affiliations_of(facts)),
        strongest_evidence=tuple(score.strongest_evidence(ATTRIBUTED)),
    )
