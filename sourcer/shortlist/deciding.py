"""What a user decides about people, as commands take it: every decision is added to those before, with who and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, select

from sourcer.config import nearest
from sourcer.domain import STATES
from sourcer.errors import UsageError
from sourcer.score.whom import whom, whose
from sourcer.store import schema
from sourcer.store.clean import clean_text
from sourcer.store.decisions import Action, Decision, Standing, lock_shortlist, read_standings, save_decisions
from sourcer.store.faces import read_faces
from sourcer.store.reads import is_found

__all__ = ["Deciding", "Meant", "add", "note", "people_meant", "remove", "set_state", "tag", "untag"]

_CHOSEN: Final = frozenset({"interested", "contacted", "hired"})
"""States that say that somebody was chosen: whoever gets one is on the shortlist."""


@dataclass(frozen=True, slots=True)
class Meant:
    """A person that a user named: their ``person`` id now, and ``own``, the id of what was named by itself."""

    person: int
    own: int
    name: str


@dataclass(frozen=True, slots=True)
class Deciding:
    """Who decides, for which brief, when and why."""

    brief: str
    by: str
    at: datetime
    reason: str | None = None

    def made(self, action: Action, meant: Meant, **said: Any) -> Decision:
        """A decision of this user about a person."""
        return Decision(
            self.brief,
            meant.own,
            action,
            self.by,
            self.at,
            reason=clean_text((self.reason or "").strip()) or None,
            **said,
        )


def people_meant(connection: Connection, brief: str, texts: Iterable[str], *, cross_brief: bool) -> list[Meant]:
    """The people that a user names, each once.

    Raises:
        UsageError: One of them is not known, was erased, or was found for other briefs only; nobody is taken then.
    """
    meant: dict[int, Meant] = {}
    for text in texts:
        person, own = whom(connection, text), whose(connection, text)
        if person is None or own is None:
            raise UsageError(f"{text}: nobody here by that number or account{_nearest(connection, brief, text)}")
        face = read_faces(connection, [person]).get(person)
        if face is None or face.is_erased:
            raise UsageError(f"{text}: all accounts of person {person} are gone and erased; nothing is kept about them")
        if not cross_brief and not is_found(connection, person, brief):
            raise UsageError(
                f"{text}: {face.name} was not found for {brief}, and [privacy] cross_brief keeps what was found for "
                "one brief out of others"
            )
        meant.setdefault(person, Meant(person, own, face.name))
    return list(meant.values())


def _nearest(connection: Connection, brief: str, text: str) -> str:
    site, colon, account = text.strip().partition(":")
    profile, found = schema.profile.c, schema.found.c
    mine = select(found.uid).where(found.brief == brief, found.site == profile.site, found.uid == profile.uid)
    logins = connection.scalars(select(profile.login).where(profile.site == site.lower(), mine.exists()))
    known = {login.lower(): login for login in logins} if colon else {}
    hint = nearest(account, list(known))
    return hint if "did you mean" in hint else f"; `sourcer rank {brief}` lists people"


def _standings(connection: Connection, deciding: Deciding, people: Sequence[Meant]) -> dict[int, Standing]:
    """How these people stand; nobody else decides about the brief before this transaction ends."""
    lock_shortlist(connection, deciding.brief)
    known = read_standings(connection, deciding.brief, [meant.person for meant in people])
    return {meant.person: known.get(meant.person, Standing()) for meant in people}


def add(connection: Connection, deciding: Deciding, people: Sequence[Meant], place: int | None = None) -> list[str]:
    """Put people at the end of the shortlist, or at a place of it; gives a sentence for each."""
    standings = _standings(connection, deciding, people)
    made, told = [], []
    for offset, meant in enumerate(people):
        standing = standings[meant.person]
        at = None if place is None else str(place + offset)
        if standing.listed is None or at is not None:
            made.append(deciding.made("add", meant, value=at))
        known = "was on the shortlist already" if standing.listed else "is on the shortlist"
        moved = f", now at place {at}" if standing.listed and at else ""
        state = f"; {_since(standing)}" if standing.decided else ""
        told.append(f"{meant.name} {known}{moved}{state}")
    save_decisions(connection, made)
    return told


def _since(standing: Standing) -> str:
    """The state, and who gave it: adding somebody does not change it."""
    found = standing.decided
    return f"{standing.state} since {found.at:%Y-%m-%d} by {found.by}" if found else standing.state


def remove(connection: Connection, deciding: Deciding, people: Sequence[Meant]) -> list[str]:
    """Take people off the shortlist; state, notes and tags stay. Gives a sentence for each."""
    standings = _standings(connection, deciding, people)
    listed = [meant for meant in people if standings[meant.person].listed]
    save_decisions(connection, (deciding.made("remove", meant) for meant in listed))
    return [
        f"{meant.name} {'is no longer' if meant in listed else 'was not'} on the shortlist of {deciding.brief}"
        for meant in people
    ]


def set_state(
    connection: Connection, deciding: Deciding, people: Sequence[Meant], state: str, until: date | None = None
) -> list[str]:
    """Give people a state, with a reason; gives a sentence for each.

    Raises:
        UsageError: There is no such state, no reason, or the day of a snooze is missing, over or not wanted.
    """
    _check_state(deciding, state, until)
    made, told = [], []
    for meant, standing in zip(people, _standings(connection, deciding, people).values(), strict=True):
        if state in _CHOSEN and standing.listed is None:
            made.append(deciding.made("add", meant))
        made.append(deciding.made("state", meant, state_before=standing.state, state=state, until=until))
        ending = f" until {until}" if until else ""
        told.append(f"{meant.name} is {state}{ending} (was {_since(standing)})")
    save_decisions(connection, made)
    return told


def _check_state(deciding: Deciding, state: str, until: date | None) -> None:
    if state not in STATES:
        hint = nearest(state, STATES)
        raise UsageError(f"{state}: no such state{hint}")
    if not (deciding.reason or "").strip():
        raise UsageError(f"a state has a reason that others can read: give --reason TEXT with {state}")
    if state == "snoozed" and until is None:
        raise UsageError("snoozed needs a day from which the person shows up again: give --until DATE")
    if state != "snoozed" and until is not None:
        raise UsageError(f"--until belongs to snoozed, not to {state}")
    if until is not None and until <= deciding.at.date():
        raise UsageError(f"--until {until}: must be a day to come")


def note(connection: Connection, deciding: Deciding, people: Sequence[Meant], text: str) -> list[str]:
    """Keep a note about people; gives a sentence for each.

    Raises:
        UsageError: It is empty.
    """
    said = clean_text(text.strip())
    if not said:
        raise UsageError("a note needs a text")
    lock_shortlist(connection, deciding.brief)
    save_decisions(connection, (deciding.made("note", meant, value=said) for meant in people))
    return [f"noted about {meant.name}" for meant in people]


def tag(connection: Connection, deciding: Deciding, people: Sequence[Meant], label: str) -> list[str]:
    """File people under a tag; gives a sentence for each.

    Raises:
        UsageError: It is empty or holds a comma.
    """
    word = _tag(label)
    standings = _standings(connection, deciding, people)
    new = [meant for meant in people if word not in standings[meant.person].tags]
    save_decisions(connection, (deciding.made("tag", meant, value=word) for meant in new))
    return [f"{meant.name} {'has' if meant in new else 'had'} the tag {word}" for meant in people]


def untag(connection: Connection, deciding: Deciding, people: Sequence[Meant], label: str) -> list[str]:
    """Take a tag from people; gives a sentence for each.

    Raises:
        UsageError: It is empty or holds a comma.
    """
    word = _tag(label)
    standings = _standings(connection, deciding, people)
    old = [meant for meant in people if word in standings[meant.person].tags]
    save_decisions(connection, (deciding.made("untag", meant, value=word) for meant in old))
    return [f"{meant.name} {'no longer has' if meant in old else 'did not have'} the tag {word}" for meant in people]


def _tag(label: str) -> str:
    word = " ".join((clean_text(label) or "").split())
    if not word or "," in word:
        raise UsageError(f"{label!r}: a tag is a word or a few, without comma")
    return word
