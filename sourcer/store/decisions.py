"""What humans decided about people, as rows that are only ever added, and what they come to.

Decisions belong to the person they were made about. Where people are joined, those about all of them count, the last
one first; where they are set apart again, each keeps its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import Connection, delete, func, insert, select, update

from sourcer.domain import HIDDEN_STATES
from sourcer.store import schema
from sourcer.store.sql import Key, account_filters, lock_name

__all__ = [
    "Action",
    "Decision",
    "Standing",
    "forget_decisions",
    "lock_shortlist",
    "read_decisions",
    "read_standings",
    "save_decisions",
]

Action: TypeAlias = Literal["add", "remove", "state", "note", "tag", "untag"]


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing that a user decided.

    Args:
        brief: For which brief.
        person: About whom. What is read names the person that they are now, what is saved the one that was meant.
        action: What was done.
        by: Who did it.
        at: When.
        state_before: Of ``state``: what the state was, and
        state: what it is now.
        until: Of ``snoozed``: the day from which the person shows up again.
        value: The note, the tag, or of ``add`` the place in the list, where one was named.
        reason: Why.
        id: Later decisions have larger ones; 0 before it is saved.
    """

    brief: str
    person: int
    action: Action
    by: str
    at: datetime
    state_before: str | None = None
    state: str | None = None
    until: date | None = None
    value: str | None = None
    reason: str | None = None
    id: int = 0


@dataclass(slots=True)
class Standing:
    """What the decisions about a person come to, for one brief.

    Args:
        listed: The decision that put the person on the shortlist, where they are on it.
        decided: The decision that gave the state, if one did.
        tags: In the order of the alphabet.
        notes: The decisions that hold them, the oldest first.
    """

    listed: Decision | None = None
    decided: Decision | None = None
    tags: tuple[str, ...] = ()
    notes: list[Decision] = field(default_factory=list)

    @property
    def state(self) -> str:
        """Nothing but a decision changes it: who was snoozed stays so, though the time is up."""
        return (self.decided.state if self.decided else None) or "new"

    @property
    def until(self) -> date | None:
        """The day from which a snoozed person shows up again."""
        return self.decided.until if self.decided else None

    def is_back(self, day: date) -> bool:
        """Whether the person was snoozed and the time is up."""
        return self.state == "snoozed" and self.until is not None and self.until <= day

    def is_hidden(self, day: date) -> bool:
        """Whether a ranking of that day leaves the person out unless asked for."""
        return self.state in HIDDEN_STATES and not self.is_back(day)

    def is_shortlisted(self, day: date) -> bool:
        """Whether the person goes with the shortlist when it is handed over: is on it and not hidden."""
        return self.listed is not None and not self.is_hidden(day)

    def take(self, decision: Decision) -> None:
        """Let one more decision count."""
        match decision.action:
            case "add":
                self.listed = self.listed or decision
            case "remove":
                self.listed = None
            case "state":
                self.decided = decision
            case "note":
                self.notes.append(decision)
            case "tag":
                self.tags = tuple(sorted({*self.tags, decision.value or ""}))
            case "untag":
                self.tags = tuple(tag for tag in self.tags if tag != decision.value)


_ROOT: Final = func.coalesce(schema.person.c.merged_into, schema.person.c.id)


def read_decisions(
    connection: Connection, *, brief: str | None = None, people: Collection[int] | None = None
) -> list[Decision]:
    """The decisions of a brief (``None``: of all), about some people or about all, the oldest first."""
    table = schema.decision
    source = table.join(schema.person, schema.person.c.id == table.c.person_id)
    wanted = select(table, _ROOT.label("root")).select_from(source).order_by(table.c.id)
    if brief is not None:
        wanted = wanted.where(table.c.brief == brief)
    if people is not None:
        wanted = wanted.where(_ROOT.in_(people))
    return [_decision(row) for row in connection.execute(wanted)]


def _decision(row: Any) -> Decision:
    return Decision(
        brief=row.brief,
        person=row.root,
        action=row.action,
        by=row.decided_by,
        at=row.decided_at,
        state_before=row.state_before,
        state=row.state,
        until=date.fromisoformat(row.until) if row.until else None,
        value=row.value,
        reason=row.reason,
        id=row.id,
    )


def read_standings(connection: Connection, brief: str, people: Collection[int] | None = None) -> dict[int, Standing]:
    """What the decisions come to, by the person they are about now; nobody is in it without one.

    In the order of the shortlist: by when people were added, or where they were put.
    """
    standings: dict[int, Standing] = {}
    order: list[int] = []
    for decision in read_decisions(connection, brief=brief, people=people):
        standings.setdefault(decision.person, Standing()).take(decision)
        _place(order, decision)
    places = {person: place for place, person in enumerate(order)}
    return dict(sorted(standings.items(), key=lambda item: places.get(item[0], len(order))))


def _place(order: list[int], decision: Decision) -> None:
    """Keep the order of the list as it was after one more decision."""
    if decision.action not in {"add", "remove"}:
        return
    known = decision.person in order
    if decision.action == "remove" or decision.value:
        order[:] = [person for person in order if person != decision.person]
    if decision.action == "add" and decision.value:
        order.insert(int(decision.value) - 1, decision.person)
    elif decision.action == "add" and not known:
        order.append(decision.person)


def lock_shortlist(connection: Connection, brief: str) -> None:
    """Let the decisions of a brief be made one after the other, so that each knows the state it changes."""
    lock_name(connection, f"shortlist:{brief}")


def save_decisions(connection: Connection, decisions: Iterable[Decision]) -> None:
    """Add decisions, in this order."""
    for decision in decisions:
        connection.execute(
            insert(schema.decision).values(
                brief=decision.brief,
                person_id=decision.person,
                action=decision.action,
                state_before=decision.state_before,
                state=decision.state,
                until=decision.until.isoformat() if decision.until else None,
                value=decision.value,
                reason=decision.reason,
                decided_by=decision.by,
                decided_at=decision.at,
            )
        )


def forget_decisions(connection: Connection, keys: Iterable[Key]) -> None:
    """Leave no note and no decision with people whose accounts were erased.

    Who is still there under another account, by a link, keeps them there.
    """
    profile = schema.profile.c
    people = {
        person
        for where in account_filters(connection, schema.profile, keys)
        for person in connection.scalars(select(profile.person_id).where(where))
    }
    for person in sorted(people):
        heir = _heir(connection, person)
        mine = schema.decision.c.person_id == person
        if heir is None:
            connection.execute(delete(schema.decision).where(mine))
        elif heir != person:
            connection.execute(update(schema.decision).where(mine).values(person_id=heir))


def _heir(connection: Connection, person: int) -> int | None:
    """Who of one human's accounts still shows something: the person himself, else the one with the smallest id."""
    profile = schema.profile.c
    now = connection.scalar(select(_ROOT).where(schema.person.c.id == person))
    source = schema.profile.join(schema.person, schema.person.c.id == profile.person_id)
    living = connection.scalars(select(profile.person_id).select_from(source).where(now == _ROOT, profile.url != ""))
    shown = set(living)
    return person if person in shown else min(shown, default=None)
