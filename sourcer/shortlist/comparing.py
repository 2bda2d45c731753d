"""Holds people as they are against what a user was told about them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection

from sourcer.domain import Json
from sourcer.score.candidate import Candidate
from sourcer.shortlist.news import Change
from sourcer.store.changes import SHOWN, read_changes
from sourcer.store.columns import to_json
from sourcer.store.faces import Face, FaceAccount
from sourcer.store.seen import Seen

__all__ = ["NOTABLE_POINTS", "Known", "Past", "known_people", "moves_of", "past_of", "profile_changes", "seen_as"]

NOTABLE_POINTS: Final = 2.0
"""A score that moved less is not news. What was told last is what counts, so that many small steps become news."""

_HASH: Final = 6
"""Hex digits for each field: enough to see that it changed, too few to tell what it was."""

Past = Mapping[tuple[str, str], Sequence[Json]]
"""Values that a field of an account once had, by account and field."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a user was told about a person, under all the ids they had.

    Args:
        seen: The row that counts.
        others: Ids of people who were joined to this one since.
        accounts: Hashes of what each account showed, of all of them.
    """

    seen: Seen
    others: tuple[int, ...] = ()
    accounts: Mapping[str, str] = field(default_factory=dict)


def known_people(seen: Mapping[int, Seen], roots: Mapping[int, int]) -> dict[int, Known]:
    """What was told, by who the people are now."""
    rows: dict[int, list[Seen]] = {}
    for person, row in seen.items():
        rows.setdefault(roots.get(person, person), []).append(row)
    known: dict[int, Known] = {}
    for root, mine in rows.items():
        mine.sort(key=lambda row: (row.person != root, row.rank is None, row.rank or 0, row.person))
        accounts = {account: told for row in reversed(mine) for account, told in row.accounts.items()}
        known[root] = Known(mine[0], tuple(row.person for row in mine if row.person != root), accounts)
    return known


def seen_as(candidate: Candidate, face: Face, back: int | None) -> Seen:
    """A person in the ranking, to be remembered as told."""
    return Seen(
        person=candidate.person,
        status="ranked",
        rank=candidate.rank,
        score=candidate.score,
        contributions=candidate.contributions,
        accounts={account.key: "".join(_hash(value) for value in account.shown) for account in face.living},
        back=back,
    )


def _hash(value: Json) -> str:
    return hashlib.sha256(to_json(value).encode("utf-8", "surrogatepass")).hexdigest()[:_HASH]


def _differing(account: FaceAccount, told: str) -> Iterator[tuple[str, Json, str]]:
    """The fields of an account that are others than was told: name, value, and the hash that was told."""
    for place, (what, value) in enumerate(zip(SHOWN, account.shown, strict=True)):
        before = told[place * _HASH : (place + 1) * _HASH]
        if before and before != _hash(value):
            yield what, value, before


def past_of(connection: Connection, faces: Iterable[tuple[Face, Known]]) -> Past:
    """What the fields that changed once were, as far as it is stored."""
    keys = [
        (account.site, account.uid)
        for face, known in faces
        for account in face.living
        if any(_differing(account, known.accounts.get(account.key, "")))
    ]
    past: dict[tuple[str, str], list[Json]] = {}
    for changes in read_changes(connection, keys):
        for one in changes:
            past.setdefault((f"{one.site}:#{one.uid}", one.what), []).extend((one.before, one.now))
    return past


def profile_changes(face: Face, known: Known, past: Past) -> list[Change]:
    """The fields that are others than was told, by account."""
    return [
        _from(account.key, what, now, before, past.get((account.key, what), ()))
        for account in face.living
        for what, now, before in _differing(account, known.accounts.get(account.key, ""))
    ]


def _from(account: str, what: str, now: Json, told: str, values: Sequence[Json]) -> Change:
    was = [value for value in values if _hash(value) == told]
    return Change(what, was[0] if was else None, now, account, is_known=bool(was))


def moves_of(candidate: Candidate, face: Face, known: Known, *, is_rescored: bool) -> list[Change]:
    """What changed about a person but for the fields of profiles: place, score, accounts."""
    seen = known.seen
    changes = []
    if seen.status != "ranked" and not (is_rescored and seen.status == "left"):
        changes.append(Change("status", seen.status, "ranked"))
    now, before = [account.key for account in face.living], sorted(seen.accounts)
    if before and now != before:
        changes.append(Change("accounts", before, now))
    if not is_rescored and seen.score is not None and seen.contributions is not None:
        changes += _score_changes(candidate, seen)
    return changes


def _score_changes(candidate: Candidate, seen: Seen) -> list[Change]:
    score = seen.score or 0.0
    if candidate.contributions == seen.contributions and abs(candidate.score - score) < NOTABLE_POINTS:
        return []
    values = (
        ("score", round(score, 1), round(candidate.score, 1)),
        ("rank", seen.rank, candidate.rank),
        ("contributions", seen.contributions, candidate.contributions),
    )
    return [Change(what, before, now) for what, before, now in values if before != now]
