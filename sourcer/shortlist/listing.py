"""The shortlist of a brief, and the history of a person, as they are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from sourcer.domain import HIDDEN_STATES, iso_time
from sourcer.store.decisions import Decision, Standing, read_decisions, read_standings
from sourcer.store.faces import Face, read_faces

__all__ = ["Entry", "decision_json", "put_aside", "read_history", "read_shortlist"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A person on a shortlist, or about whom something was decided; ``place`` is where they stand in the list."""

    face: Face
    standing: Standing
    place: int | None

    def as_json(self, day: date) -> dict[str, Any]:
        """The object that ``shortlist show --json`` prints; ``hidden``: a ranking of that day leaves them out."""
        decided, listed = self.standing.decided, self.standing.listed
        return {
            "place": self.place,
            "person": self.face.person,
            "name": self.face.name,
            "profiles": [account.as_json() for account in self.face.accounts if account.url],
            "gone": not self.face.living,
            "state": self.standing.state,
            "until": self.standing.until.isoformat() if self.standing.until else None,
            "hidden": self.standing.is_hidden(day),
            "reason": decided.reason if decided else None,
            "decided_by": decided.by if decided else None,
            "decided_at": iso_time(decided.at) if decided else None,
            "added_by": listed.by if listed else None,
            "added_at": iso_time(listed.at) if listed else None,
            "added_reason": listed.reason if listed else None,
            "tags": list(self.standing.tags),
            "notes": [{"text": one.value, "by": one.by, "at": iso_time(one.at)} for one in self.standing.notes],
        }


def read_shortlist(
    connection: Connection, brief: str, *, states: Collection[str] = (), everybody: bool = False
) -> list[Entry]:
    """The shortlist of a brief in its order.

    Args:
        connection: A read transaction.
        brief: The brief's name.
        states: Only who has one of these, whether on the list or not.
        everybody: Also who is not on the list, at its end.
    """
    standings = read_standings(connection, brief)
    faces = read_faces(connection, standings)
    entries: list[Entry] = []
    for person, standing in standings.items():
        place = None if standing.listed is None else len(entries) + 1
        entries.append(Entry(faces.get(person, Face(person)), standing, place))
    return [entry for entry in entries if _is_wanted(entry, states, everybody=everybody)]


def _is_wanted(entry: Entry, states: Collection[str], *, everybody: bool) -> bool:
    if states:
        return entry.standing.state in states
    return everybody or entry.place is not None


def put_aside(connection: Connection, brief: str, day: date, shown: Collection[str] = ()) -> str:
    """How many people a ranking of a day leaves out by their state, in words; empty where it leaves out nobody.

    Args:
        connection: A read transaction.
        brief: The brief's name.
        day: The day of the ranking.
        shown: States that it shows though.
    """
    standings = read_standings(connection, brief).values()
    counts = Counter(standing.state for standing in standings if standing.is_hidden(day))
    return ", ".join(f"{counts[state]} {state}" for state in HIDDEN_STATES if counts[state] and state not in shown)


def read_history(connection: Connection, person: int, brief: str | None = None) -> list[Decision]:
    """Everything that was decided about a person, of those merged into them too, the oldest first."""
    return read_decisions(connection, brief=brief, people=[person])


def decision_json(decisions: Iterable[Decision]) -> Sequence[dict[str, Any]]:
    """The list of ``shortlist history --json``."""
    return [
        {
            "id": one.id,
            "brief": one.brief,
            "person": one.person,
            "action": one.action,
            "from": one.state_before,
            "to": one.state,
            "until": one.until.isoformat() if one.until else None,
            "value": one.value,
            "reason": one.reason,
            "by": one.by,
            "at": iso_time(one.at),
        }
        for one in decisions
    ]
