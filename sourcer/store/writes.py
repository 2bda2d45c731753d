"""Storing profiles and evidence: batched upserts that keep ids, first sightings and people as they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from sourcer.domain import Evidence, LinkClaim, Profile
from sourcer.places import country_of
from sourcer.store import schema
from sourcer.store.batch import EvidenceKey, Origin
from sourcer.store.bulk import Columns, upsert_columns
from sourcer.store.changes import SHOWN, save_changes
from sourcer.store.clean import clean_measure, clean_terms, clean_text, clean_texts, clean_time
from sourcer.store.ids import claim, evidence_id, person_id
from sourcer.store.sql import Key, account_filters, chunks, insert_new, upsert

__all__ = ["save_evidence", "save_profiles"]


def save_profiles(connection: Connection, origin: Origin, profiles: Mapping[Key, Profile]) -> None:
    """Store profiles. A new one founds a person; a known one keeps its person, and is no longer gone."""
    known = _known_profiles(connection, profiles)
    people = {key: row.person_id for key, row in known.items()}
    _found_people(connection, origin, profiles, people)
    rows = [_profile_row(origin, key, item, people[key]) for key, item in profiles.items()]
    save_changes(connection, origin, known, rows)
    upsert(connection, schema.profile, rows, key=("site", "uid"), keep=("person_id", "first_seen_at"))


def _known_profiles(connection: Connection, keys: Iterable[Key]) -> dict[Key, Any]:
    """Who owns the accounts that are there, since when, and what their profiles show."""
    table = schema.profile.c
    columns = (table.site, table.uid, table.person_id, table.first_seen_at, *(table[name] for name in SHOWN))
    return {
        (row.site, row.uid): row
        for where in account_filters(connection, schema.profile, keys)
        for row in connection.execute(select(*columns).where(where))
    }


def _found_people(connection: Connection, origin: Origin, keys: Iterable[Key], people: dict[Key, int]) -> None:
    wanted = {key: person_id(*key) for key in sorted(keys) if key not in people}
    # No account has these keys yet: whoever has one of these ids is somebody else.
    new = claim(dict(sorted(wanted.items())), lambda numbers: dict.fromkeys(_taken_people(connection, numbers)))
    people |= new
    rows = [{"id": number, "created_at": origin.seen_at} for number in new.values()]
    insert_new(connection, schema.person, rows, key=("id",))


def _taken_people(connection: Connection, numbers: Iterable[int]) -> set[int]:
    column = schema.person.c.id
    return {
        number for chunk in chunks(numbers) for number in connection.scalars(select(column).where(column.in_(chunk)))
    }


def _profile_row(origin: Origin, key: Key, item: Profile, person: int) -> dict[str, Any]:
    return {
        "site": key[0],
        "uid": key[1],
        "login": item.ref.login,
        "name": clean_text(item.name),
        "url": clean_text(item.url),
        "location": clean_text(item.location),
        "country": clean_text(item.country) or country_of(clean_text(item.location)),
        "bio": clean_text(item.bio),
        "company": clean_text(item.company),
        "website": clean_text(item.website),
        "open_to_work": item.open_to_work,
        "links": [_link_row(claim) for claim in item.links],
        "measure": clean_measure(item.measure),
        "account_created_at": clean_time(item.created_at),
        "person_id": person,
        "connector_version": origin.connector_version,
        "first_seen_at": origin.seen_at,
        "gone_at": None,
        "gone_last_at": None,
        **origin.columns(),
    }


def _link_row(claim: LinkClaim) -> dict[str, str]:
    return {"url": clean_text(claim.url), "where": clean_text(claim.where)}


def save_evidence(connection: Connection, origin: Origin, pieces: Mapping[EvidenceKey, Evidence]) -> None:
    """Store pieces of evidence. What had vanished and is there again has not vanished."""
    if not pieces:
        return
    wanted = {key: evidence_id(*key) for key in pieces}
    try:
        with connection.begin_nested():
            _save_pieces(connection, origin, pieces, wanted)
    except IntegrityError:
        # Two keys with one hash: so rare that nothing is asked about it before it happens.
        _save_pieces(
            connection,
            origin,
            pieces,
            claim(dict(sorted(wanted.items())), lambda numbers: _owners(connection, numbers)),
        )


def _save_pieces(
    connection: Connection, origin: Origin, pieces: Mapping[EvidenceKey, Evidence], ids: Mapping[EvidenceKey, int]
) -> None:
    keys = sorted(pieces)
    columns = _evidence_columns(origin, keys, [pieces[key] for key in keys], [ids[key] for key in keys])
    key = ("site", "uid", "kind", "key")
    upsert_columns(connection, schema.evidence, columns, key=key, keep=("id", "first_seen_at"))


def _owners(connection: Connection, numbers: Iterable[int]) -> dict[int, EvidenceKey]:
    table = schema.evidence.c
    return {
        row.id: (row.site, row.uid, row.kind, row.key)
        for chunk in chunks(numbers)
        for row in connection.execute(
            select(table.id, table.site, table.uid, table.kind, table.key).where(table.id.in_(chunk))
        )
    }


def _evidence_columns(
    origin: Origin, keys: Sequence[EvidenceKey], items: Sequence[Evidence], ids: Sequence[int]
) -> Columns:
    sites, uids, kinds, subjects = zip(*keys, strict=True)
    same = {"first_seen_at": origin.seen_at, "vanished_at": None, "connector_version": origin.connector_version}
    return {
        "id": ids,
        "site": sites,
        "uid": uids,
        "kind": kinds,
        "key": subjects,
        "url": clean_texts([item.url for item in items]),
        "title": clean_texts([item.title for item in items]),
        "terms": [clean_terms(item.terms) for item in items],
        "measure": [clean_measure(item.measure) for item in items],
        "licence": clean_texts([item.licence for item in items]),
        "happened_at": [clean_time(item.happened_at) for item in items],
    } | {name: [value] * len(items) for name, value in (same | origin.columns()).items()}
