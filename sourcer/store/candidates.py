"""Storing a ranking: the candidates of a brief and what their scores are made of."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import astuple, dataclass
from datetime import date
from tempfile import TemporaryFile
from typing import Any, Final, Self

from sqlalchemy import Connection, delete, func, insert, select

from sourcer.store import schema
from sourcer.store.sql import chunks

__all__ = [
    "CandidateFile",
    "CandidateRow",
    "ContributionRow",
    "StoredRanking",
    "read_ranking",
    "replace_candidates",
]

_ROOT: Final = func.coalesce(schema.person.c.merged_into, schema.person.c.id)


@dataclass(frozen=True, slots=True)
class ContributionRow:
    """The points that one piece of evidence earns, and the rule that gave them."""

    evidence_id: int
    skill: str
    dimension: str
    rule: str
    points: float


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """A person's place in a ranking; ``score`` is 0 to 100."""

    person: int
    rank: int
    score: float
    contributions: Iterable[ContributionRow] = ()


@dataclass(frozen=True, slots=True)
class StoredRanking:
    """What is stored of a ranking.

    Args:
        scores: The best first.
        as_of: The day as on which was scored, in ISO form.
        scoring: A digest over all that decided about scores and who is ranked; ``None`` where that is not known.
    """

    scores: tuple[float, ...]
    as_of: str
    scoring: str | None = None


class CandidateFile:
    """Rows of a ranking in a temporary file: neither memory nor a transaction holds them while people are scored.

    Iterate once after the last one was added.
    """

    def __init__(self) -> None:
        self._file = TemporaryFile("w+", encoding="utf-8", newline="\n")  # noqa: SIM115  # closed by our own exit

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, row: CandidateRow) -> None:
        """Put one more behind the others."""
        parts = [astuple(part) for part in row.contributions]
        self._file.write(json.dumps([row.person, row.rank, row.score, parts]) + "\n")

    def __iter__(self) -> Iterator[CandidateRow]:
        """The rows as they were added."""
        self._file.seek(0)
        for line in self._file:
            person, rank, score, parts = json.loads(line)
            yield CandidateRow(person, rank, score, [ContributionRow(*part) for part in parts])


def replace_candidates(
    connection: Connection,
    brief: str,
    as_of: date,
    scorer_version: str,
    candidates: Iterable[CandidateRow],
    *,
    scoring: str | None = None,
) -> None:
    """Store the newest ranking of a brief in place of the one before.

    Args:
        connection: In a write transaction.
        brief: The brief's name.
        as_of: The day as on which was scored.
        scorer_version: The version of rules and weights.
        candidates: Read lazily, a few hundred at a time.
        scoring: A digest over all that decided about scores and who is ranked; ``None`` where that is not known.
    """
    for table in (schema.contribution, schema.candidate):
        connection.execute(delete(table).where(table.c.brief == brief))
    same = {"brief": brief, "as_of": as_of.isoformat(), "scorer_version": scorer_version, "scoring": scoring}
    for chunk in chunks(candidates):
        rows = [same | {"person_id": item.person, "rank": item.rank, "score": item.score} for item in chunk]
        connection.execute(insert(schema.candidate), rows)
        for parts in chunks(_contributions(brief, chunk), 5000):
            connection.execute(insert(schema.contribution), parts)


def read_ranking(connection: Connection, brief: str, without: Collection[int]) -> StoredRanking | None:
    """A brief's last stored ranking without some people; ``None`` where none is stored."""
    table = schema.candidate.c
    source = schema.candidate.join(schema.person, schema.person.c.id == table.person_id)
    query = select(table.score, table.as_of, table.scoring, _ROOT.label("root")).select_from(source)
    rows = connection.execute(query.where(table.brief == brief).order_by(table.rank)).all()
    if not rows:
        return None
    return StoredRanking(tuple(row.score for row in rows if row.root not in without), rows[0].as_of, rows[0].scoring)


def _contributions(brief: str, candidates: Iterable[CandidateRow]) -> Iterator[dict[str, Any]]:
    for candidate in candidates:
        for position, part in enumerate(candidate.contributions, 1):
            yield {
                "brief": brief,
                "person_id": candidate.person,
                "position": position,
                "evidence_id": part.evidence_id,
                "skill": part.skill,
                "dimension": part.dimension,
                "rule": part.rule,
                "points": part.points,
            }
