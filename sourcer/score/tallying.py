"""Everybody's sums: from what is kept where nothing moved, else from the evidence, and then kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Final, TypeAlias

from sqlalchemy import Connection

from sourcer.errors import DatabaseError
from sourcer.score.quick import Sums
from sourcer.score.scoring import Scorer
from sourcer.score.version import scorer_version
from sourcer.store.columns import to_json
from sourcer.store.database import Database
from sourcer.store.screening import Screened, iter_rows, places_of_people
from sourcer.store.sql import chunks
from sourcer.store.tallies import fingerprint, has_tallies, iter_tallies, keep_tallies, seal_tallies

__all__ = ["tallied"]

_AT_ONCE: Final = 2000
_Tallied: TypeAlias = tuple[Screened, Sums]


def tallied(connection: Connection, scorer: Scorer, *, cross_brief: bool, keep: Database | None) -> Iterator[_Tallied]:
    """Everybody whom the brief found, with accounts and sums, by person.

    Args:
        connection: A read transaction.
        scorer: Of the brief; its weights do not matter here, the skills that it names do.
        cross_brief: Whether people whom other briefs found come, too.
        keep: Where sums are kept for the next time; ``None`` keeps nothing.
    """
    brief = None if cross_brief else scorer.brief.name
    digest = _digest(scorer, fingerprint(connection, brief), cross_brief=cross_brief)
    if has_tallies(connection, scorer.brief.name, digest):
        yield from _kept(connection, scorer.brief.name, digest)
    else:
        found = ((person, scorer.summer.sums(person.rows)) for person in iter_rows(connection, brief))
        yield from found if keep is None else _keeping(keep, scorer.brief.name, digest, found)


def _digest(scorer: Scorer, state: str, *, cross_brief: bool) -> str:
    asked = sorted(scorer.asked)
    parts = (scorer_version(scorer.lexicon), scorer.as_of.isoformat(), asked, cross_brief, state)
    return hashlib.sha256(to_json(parts).encode()).hexdigest()


def _kept(connection: Connection, brief: str, digest: str) -> Iterator[_Tallied]:
    for chunk in chunks(iter_tallies(connection, brief, digest), _AT_ONCE):
        places = places_of_people(connection, [person for person, _ in chunk])
        for person, content in chunk:
            raw, proof = json.loads(content)
            yield Screened(person, places[person]), Sums(raw, proof)


def _keeping(keep: Database, brief: str, digest: str, found: Iterator[_Tallied]) -> Iterator[_Tallied]:
    """Keep a part at a time, each in a short transaction; a database that cannot be written keeps nothing."""
    people, kept = 0, True
    for chunk in chunks(found, _AT_ONCE):
        rows = [(person.person, json.dumps([sums.raw, sums.proof], separators=(",", ":"))) for person, sums in chunk]
        if kept:
            try:
                with keep.write() as writing:
                    keep_tallies(writing, brief, digest, rows, first=not people)
            except DatabaseError:
                kept = False
        people += len(chunk)
        yield from chunk
    if kept and people:
        with keep.write() as writing:
            seal_tallies(writing, brief, digest, people)
