"""What people's evidence comes to, kept so that other weights need not read the evidence again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Text, delete, func, select, type_coerce

from sourcer.store import schema
from sourcer.store.bulk import upsert_columns
from sourcer.store.columns import to_json
from sourcer.store.sql import upsert

__all__ = ["fingerprint", "has_tallies", "iter_tallies", "keep_tallies", "seal_tallies"]

_AT_ONCE: Final = 2000
_PRIME: Final = 1_000_003
"""Keeps sums of ids within 64 bits."""


def fingerprint(connection: Connection, brief: str | None) -> str:
    """A digest of all that sums stand on, by counts and sums that the database makes itself.

    Whatever writes evidence gives it the run that saw it, so a change moves at least one of them.
    """
    evidence, profile, person, found = schema.evidence.c, schema.profile.c, schema.person.c, schema.found.c
    lengths = func.length(type_coerce(evidence.terms, Text)) + func.length(type_coerce(evidence.measure, Text))
    counted: tuple[tuple[ColumnElement[Any], ...], ...] = (
        (
            func.count(), func.count(evidence.vanished_at), func.count(evidence.happened_at), func.sum(evidence.run_id),
            func.sum(lengths), func.sum(func.length(evidence.title)), func.max(evidence.seen_at),
        ),
        (func.count(profile.uid), func.count(profile.gone_at), func.sum(profile.person_id % _PRIME)),
        (func.count(person.id), func.count(person.merged_into), func.sum(person.merged_into % _PRIME)),
    )  # fmt: skip
    sources = (schema.evidence, schema.profile, schema.person)
    told = [
        [str(value) for value in connection.execute(select(*columns).select_from(source)).one()]
        for columns, source in zip(counted, sources, strict=True)
    ]
    if brief is not None:
        told.append([str(connection.scalar(select(func.count(found.uid)).where(found.brief == brief)))])
    return hashlib.sha256(to_json(told).encode()).hexdigest()


def has_tallies(connection: Connection, brief: str, digest: str) -> bool:
    """Whether all sums are kept that were made from what the digest stands for."""
    seal = schema.tally_seal.c
    people = connection.scalar(select(seal.people).where(seal.brief == brief, seal.digest == digest))
    return people is not None and people == _kept(connection, brief, digest)


def iter_tallies(connection: Connection, brief: str, digest: str) -> Iterator[tuple[Sequence[int], Sequence[str]]]:
    """People and their sums as JSON text, by person, some thousand at a time."""
    table = schema.tally.c
    query = select(table.person_id, table.content).where(table.brief == brief, table.digest == digest)
    with connection.execute(query.order_by(table.person_id).execution_options(yield_per=_AT_ONCE)) as result:
        for rows in result.partitions():
            people, contents = zip(*rows, strict=True)
            yield people, contents


def keep_tallies(
    connection: Connection, brief: str, digest: str, tallies: Sequence[tuple[int, str]], *, first: bool
) -> None:
    """Keep sums of some people; the ``first`` call takes away what was kept before. They count once they are sealed."""
    if first:
        for table in (schema.tally_seal, schema.tally):
            connection.execute(delete(table).where(table.c.brief == brief))
    people, contents = zip(*tallies, strict=True)
    same = {name: [value] * len(people) for name, value in (("brief", brief), ("digest", digest))}
    columns = same | {"person_id": people, "content": contents}
    upsert_columns(connection, schema.tally, columns, key=("brief", "digest", "person_id"))


def seal_tallies(connection: Connection, brief: str, digest: str, people: int) -> None:
    """Let the kept sums count where they are whole: somebody else may have taken some away meanwhile."""
    if _kept(connection, brief, digest) == people:
        row = {"brief": brief, "digest": digest, "people": people}
        upsert(connection, schema.tally_seal, [row], key=("brief",))


def _kept(connection: Connection, brief: str, digest: str) -> int:
    table = schema.tally.c
    return connection.scalar(select(func.count()).where(table.brief == brief, table.digest == digest)) or 0
