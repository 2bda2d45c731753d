"""Reads a digest since a day, whatever a user was told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time

from sqlalchemy import Connection

from sourcer.score.candidate import Candidate
from sourcer.shortlist.news import Change, Digest, Told
from sourcer.shortlist.ranked import Ranked, View, evidence_news, read_ranked
from sourcer.store.changes import SHOWN, read_changes
from sourcer.store.faces import Face, read_faces
from sourcer.store.news import first_found, gone_since
from sourcer.store.sql import chunks

__all__ = ["read_since"]


def read_since(connection: Connection, view: View, since: date) -> Digest:
    """What is new since the begin of a day in UTC, whatever the user was told; no look to keep.

    Scores of that day are not stored: instead of their moves it tells the evidence that came since.
    """
    name, start = view.brief.name, datetime.combine(since, time.min, UTC)
    ranked = read_ranked(connection, view)
    digest = Digest(name, view.brief.title, view.user, view.as_of, since=start)
    older = _sort_out(digest, ranked, first_found(connection, name), start)
    for people in chunks(older):
        digest.changed += _changed(connection, name, people, start)
    gone = gone_since(connection, name, start).keys() - ranked.hidden
    faces = read_faces(connection, sorted(gone))
    digest.gone += [Told.unranked(face, ranked.standing(person)) for person, face in faces.items()]
    return digest.put_in_order()


def _sort_out(digest: Digest, ranked: Ranked, found: Mapping[int, datetime], start: datetime) -> list[Candidate]:
    """Tell who is back and who is new; gives the others."""
    older = []
    for candidate in ranked.people:
        snooze = ranked.ended_snooze(candidate.person)
        if snooze is not None and snooze.until is not None and snooze.until >= start.date():
            digest.back.append(Told.ranked(candidate, snooze=snooze))
        elif found.get(candidate.person, candidate.first_seen) >= start:
            digest.new.append(Told.ranked(candidate))
        else:
            older.append(candidate)
    return older


def _changed(connection: Connection, brief: str, people: Sequence[Candidate], start: datetime) -> Iterator[Told]:
    numbers = [candidate.person for candidate in people]
    evidence = evidence_news(connection, brief, numbers, start)
    profiles = _profile_changes(connection, read_faces(connection, numbers), start)
    for candidate in people:
        changes = [*profiles.get(candidate.person, ()), *evidence.get(candidate.person, ())]
        if changes:
            yield Told.ranked(candidate, changes)


def _profile_changes(connection: Connection, faces: Mapping[int, Face], start: datetime) -> dict[int, list[Change]]:
    """What profiles showed before the first change since then, where they show something else now."""
    accounts = {
        (account.site, account.uid): (person, account) for person, face in faces.items() for account in face.living
    }
    found: dict[int, list[Change]] = {}
    for first, *_ in read_changes(connection, accounts, start):
        person, account = accounts[first.site, first.uid]
        now = account.shown[SHOWN.index(first.what)]
        if first.before != now:
            found.setdefault(person, []).append(Change(first.what, first.before, now, account.key))
    return found
