"""Ranking everybody whom a brief found: streamed, so that only what is shown stays in memory."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import groupby, islice
from operator import itemgetter
from typing import Final, TypeVar

from sqlalchemy import Connection

from sourcer.brief import Brief
from sourcer.errors import Spent, UsageError
from sourcer.places import check_countries, expand_regions
from sourcer.score.candidate import Candidate, build_candidate, lives_elsewhere, main_account
from sourcer.score.rules import load_rules
from sourcer.score.scoring import Dimensions, Score, Scorer
from sourcer.score.tallying import tallied
from sourcer.score.version import scorer_version, scoring_digest
from sourcer.skills import Lexicon
from sourcer.store.candidates import CandidateFile, CandidateRow, ContributionRow, replace_candidates
from sourcer.store.database import Database
from sourcer.store.decisions import Standing, read_standings
from sourcer.store.reads import PersonFacts, iter_people, read_people
from sourcer.store.screening import places_of_people

__all__ = ["check_brief", "in_order", "rank", "score_and_store"]

_Key = tuple[float, str, str, int]
_AT_ONCE: Final = 400
_Found = TypeVar("_Found")


def check_brief(brief: Brief, lexicon: Lexicon) -> None:
    """See that a brief can be scored, before anything is spent on it.

    Raises:
        UsageError: It names an unknown skill or region; the message names the nearest known one.
    """
    try:
        Scorer(brief, lexicon, load_rules(), date.today())  # noqa: DTZ011  # any day: nothing is scored
        check_countries(brief.where.countries)
        expand_regions(brief.where.regions)
    except UsageError as fault:
        raise UsageError(f"brief {brief.name}: {fault}") from None


def rank(
    connection: Connection,
    brief: Brief,
    lexicon: Lexicon,
    *,
    as_of: date,
    cross_brief: bool,
    top: int | None,
    include: Collection[str] = (),
    keep: Database | None = None,
) -> list[Candidate]:
    """The people whom a brief found, best first.

    Left out are people without any contribution, with evidence for an excluded skill, those who are known to live
    outside the brief's countries and regions, and whom a human has rejected, hired or snoozed for this brief. The ranks
    count who is left.

    Args:
        connection: A read transaction.
        brief: What is sought.
        lexicon: What terms mean.
        as_of: Scored as on the end of this day, UTC; who is snoozed until this day is back.
        cross_brief: Whether people whom other briefs found are ranked too.
        top: Only the first so many; the details of the others are then never built.
        include: States that are ranked though they are hidden otherwise.
        keep: Where sums are kept, so that ranking with other weights need not read the evidence again.

    Raises:
        UsageError: The brief names an unknown skill or region.
    """
    scorer = Scorer(brief, lexicon, load_rules(), as_of)
    standings = read_standings(connection, brief.name)
    hidden = {person for person, found in standings.items() if found.is_hidden(as_of) and found.state not in include}
    if top is not None:
        order = in_order(connection, scorer, tallied(connection, scorer, cross_brief=cross_brief, keep=keep))
        best = read_people(connection, list(islice((person for person in order if person not in hidden), top)))
        ranked = [build_candidate(scorer, facts, scorer.score(facts), place) for place, facts in enumerate(best, 1)]
    else:
        scored = _scored(connection, scorer, cross_brief=cross_brief)
        people = (found for found in scored if found[0].person not in hidden)
        # Candidates are light: the evidence they were built from is gone when the next person is read.
        keyed = [(_key(facts, score), build_candidate(scorer, facts, score, 0)) for facts, score in people]
        keyed.sort(key=lambda found: found[0])
        ranked = [replace(candidate, rank=place) for place, (_, candidate) in enumerate(keyed, 1)]
    return [_decided(candidate, standings.get(candidate.person)) for candidate in ranked]


def _decided(candidate: Candidate, standing: Standing | None) -> Candidate:
    """The candidate with what humans decided about them."""
    if standing is None:
        return candidate
    return replace(candidate, state=standing.state, tags=standing.tags)


def score_and_store(
    database: Database,
    brief: Brief,
    lexicon: Lexicon,
    *,
    as_of: date,
    cross_brief: bool,
    stopped: Callable[[], bool] = bool,
) -> int:
    """Rank everybody and store candidates and contributions in place of the brief's last ones.

    People are read twice, first for their place and then for their contributions, so that memory holds one number each.
    What they come to waits in a file beside, so that other writers wait only while it is stored.

    Args:
        database: Where people are read and candidates are stored.
        brief: What is sought.
        lexicon: What terms mean.
        as_of: Scored as on the end of this day, UTC.
        cross_brief: Whether people whom other briefs found are ranked too.
        stopped: Asked before each person; once it says so, nothing is stored.

    Returns:
        How many people were ranked.

    Raises:
        UsageError: The brief names an unknown skill or region.
        Spent: It was stopped.
    """
    scorer = Scorer(brief, lexicon, load_rules(), as_of)

    def unless_stopped(people: Iterable[_Found]) -> Iterator[_Found]:
        for found in people:
            if stopped():
                raise Spent("stopped on request before everybody was scored")
            yield found

    with database.read() as reading, CandidateFile() as rows:
        people = unless_stopped(tallied(reading, scorer, cross_brief=cross_brief, keep=database))
        places = {person: place for place, person in enumerate(in_order(reading, scorer, people), 1)}
        for facts, score in unless_stopped(_scored(reading, scorer, cross_brief=cross_brief)):
            rows.add(_row(facts, score, places[facts.person]))
        # Other writers wait from here on only: everything is scored.
        with database.write() as writing:
            digest = scoring_digest(brief, lexicon, cross_brief=cross_brief)
            replace_candidates(writing, brief.name, as_of, scorer_version(lexicon), rows, scoring=digest)
    return len(places)


def in_order(connection: Connection, scorer: Scorer, people: Iterable[tuple[int, Dimensions]]) -> Iterator[int]:
    """Who belongs into the ranking, best first; where they live is only looked up as far as this is read."""
    where = scorer.brief.where
    wanted = frozenset(where.countries) | expand_regions(where.regions)
    scored = [(-score, person) for person, dimensions in people if (score := scorer.weighed(dimensions)) > 0]
    scored.sort()
    for chunk in _with_ties(scored):
        found = places_of_people(connection, [person for _, person in chunk])
        keys = [
            (score, *main_account(found[person]), person)
            for score, person in chunk
            if not lives_elsewhere(found[person], wanted, where)
        ]
        yield from (key[-1] for key in sorted(keys))


def _with_ties(scored: Iterable[tuple[float, int]]) -> Iterator[list[tuple[float, int]]]:
    """Some hundred people at a time; those with one score stay together."""
    chunk: list[tuple[float, int]] = []
    for _, same in groupby(scored, key=itemgetter(0)):
        chunk += same
        if len(chunk) >= _AT_ONCE:
            yield chunk
            chunk = []
    yield chunk


def _scored(connection: Connection, scorer: Scorer, *, cross_brief: bool) -> Iterator[tuple[PersonFacts, Score]]:
    """The people who belong into the ranking, with their scores."""
    where = scorer.brief.where
    wanted = frozenset(where.countries) | expand_regions(where.regions)
    for facts in iter_people(connection, None if cross_brief else scorer.brief.name):
        if lives_elsewhere(facts, wanted, where):
            continue
        score = scorer.score(facts)
        if score.contributions and not scorer.excludes(score):
            yield facts, score


def _key(facts: PersonFacts, score: Score) -> _Key:
    """Best first; ties by the main account, which no login or name can move."""
    return (-score.score, *main_account(facts), facts.person)


def _row(facts: PersonFacts, score: Score, place: int) -> CandidateRow:
    contributions = (
        ContributionRow(item.evidence.id, item.skill, item.dimension, item.rule, item.points)
        for item in score.strongest()
    )
    return CandidateRow(facts.person, place, score.score, contributions)
