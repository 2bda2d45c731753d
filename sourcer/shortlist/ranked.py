"""The people of a ranking with what was decided about them: what every digest starts from."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection

from sourcer.brief import Brief
from sourcer.score.candidate import Candidate
from sourcer.score.ranking import rank
from sourcer.shortlist.news import Change
from sourcer.skills import Lexicon
from sourcer.store.decisions import Decision, Standing, read_standings
from sourcer.store.news import evidence_since

__all__ = ["Ranked", "View", "evidence_news", "read_ranked"]

_EVIDENCE: Final = 3
"""New pieces of evidence that are told of one person."""


@dataclass(frozen=True, slots=True)
class View:
    """How a user looks at people: through which brief and lexicon, as on the end of which day, UTC.

    ``cross_brief``: whether people whom other briefs found are ranked too. Who is snoozed until this day is back.
    """

    brief: Brief
    lexicon: Lexicon
    user: str
    as_of: date
    cross_brief: bool = False


@dataclass(frozen=True, slots=True)
class Ranked:
    """Who is in the ranking of a day, best first; ``hidden`` is who was put aside and is not in it."""

    people: list[Candidate]
    hidden: frozenset[int]
    standings: dict[int, Standing]
    as_of: date

    def standing(self, person: int) -> Standing:
        """What was decided about a person, nothing where nothing was."""
        return self.standings.get(person, Standing())

    def ended_snooze(self, person: int) -> Decision | None:
        """The decision to snooze a person whose time is up."""
        standing = self.standing(person)
        return standing.decided if standing.is_back(self.as_of) else None


def read_ranked(connection: Connection, view: View) -> Ranked:
    """Rank as `sourcer rank` does, and tell who was put aside."""
    standings = read_standings(connection, view.brief.name)
    hidden = frozenset(person for person, standing in standings.items() if standing.is_hidden(view.as_of))
    people = rank(connection, view.brief, view.lexicon, as_of=view.as_of, cross_brief=view.cross_brief, top=None)
    return Ranked(people, hidden, standings, view.as_of)


def evidence_news(
    connection: Connection, brief: str, people: Collection[int], since: datetime
) -> dict[int, list[Change]]:
    """The strongest new evidence of people, as changes."""
    return {
        person: [
            Change("evidence", None, {"kind": one.kind, "title": one.title, "url": one.url}, f"{one.site}:#{one.uid}")
            for one in pieces
        ]
        for person, pieces in evidence_since(connection, brief, people, since, _EVIDENCE).items()
    }
