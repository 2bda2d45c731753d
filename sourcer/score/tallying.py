"""What everybody's evidence comes to: from what is kept where nothing moved, else from gists, and then kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final, TypeAlias

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from sourcer.errors import DatabaseError
from sourcer.score.gist import Gister, gist_digest
from sourcer.score.scoring import Dimensions, Scorer
from sourcer.score.version import scorer_version
from sourcer.store.columns import to_json
from sourcer.store.database import Database
from sourcer.store.gists import Gist, keep_gists
from sourcer.store.screening import iter_read, rows_of
from sourcer.store.sql import chunks
from sourcer.store.tallies import fingerprint, has_tallies, iter_tallies, keep_tallies, seal_tallies

__all__ = ["tallied"]

_AT_ONCE: Final = 2000
_Tallied: TypeAlias = tuple[int, Dimensions]


def tallied(connection: Connection, scorer: Scorer, *, cross_brief: bool, keep: Database | None) -> Iterator[_Tallied]:
    """Everybody whom the brief found, with what their dimensions come to, by person.

    Args:
        connection: A read transaction.
        scorer: Of the brief; its weights do not matter here, the skills that it names do.
        cross_brief: Whether people whom other briefs found come, too.
        keep: Where gists and dimensions are kept for the next time; ``None`` keeps nothing.
    """
    brief = None if cross_brief else scorer.brief.name
    digest = _digest(scorer, fingerprint(connection, brief), cross_brief=cross_brief)
    if has_tallies(connection, scorer.brief.name, digest):
        for people, contents in iter_tallies(connection, scorer.brief.name, digest):
            yield from zip(people, json.loads(f"[{','.join(contents)}]"), strict=True)
    else:
        found = (
            (person, scorer.screened(scorer.summer.sums(gists)))
            for person, gists in _gists(connection, scorer, brief, keep)
        )
        yield from found if keep is None else _keeping(keep, scorer.brief.name, digest, found)


def _digest(scorer: Scorer, state: str, *, cross_brief: bool) -> str:
    musts = sorted(sorted(skills) for skills in scorer.musts.values())
    sought = {"asked": dict(scorer.asked), "musts": musts, "excluded": sorted(scorer.excluded)}
    parts = (scorer_version(scorer.lexicon), scorer.as_of.isoformat(), sought, cross_brief, state)
    return hashlib.sha256(to_json(parts).encode()).hexdigest()


def _gists(
    connection: Connection, scorer: Scorer, brief: str | None, keep: Database | None
) -> Iterator[tuple[int, list[str]]]:
    """Everybody with the gists of their accounts: those that are kept, else got from the evidence now."""
    digest = gist_digest(scorer.lexicon)
    gister = Gister(scorer.lexicon, scorer.rules)
    for people in iter_read(connection, brief, digest):
        unread = [key for accounts in people.values() for key, content in accounts.items() if content is None]
        fresh = {key: Gist(gister.text(rows), rows) for key, rows in rows_of(connection, unread).items()}
        if fresh and keep is not None and not _written(keep, partial(keep_gists, digest=digest, gists=fresh)):
            keep = None
        for person, accounts in people.items():
            yield person, [fresh[key].content if content is None else content for key, content in accounts.items()]


def _written(keep: Database, write: Callable[[Connection], None]) -> bool:
    """Whether something could be kept, in a short transaction.

    Not where the database cannot be written, nor where somebody whom it is about was taken out of it meanwhile.
    """
    try:
        with keep.write() as writing:
            write(writing)
    except (DatabaseError, IntegrityError):
        return False
    return True


def _keeping(keep: Database, brief: str, digest: str, found: Iterator[_Tallied]) -> Iterator[_Tallied]:
    """Keep a part at a time, each in a short transaction; a database that cannot be written keeps nothing."""
    people, kept = 0, True
    for chunk in chunks(found, _AT_ONCE):
        rows = [(person, _as_text(dimensions)) for person, dimensions in chunk]
        kept = kept and _written(
            keep, partial(keep_tallies, brief=brief, digest=digest, tallies=rows, first=not people)
        )
        people += len(chunk)
        yield from chunk
    if kept and people:
        _written(keep, partial(seal_tallies, brief=brief, digest=digest, people=people))


def _as_text(dimensions: Dimensions) -> str:
    """As :func:`json.dumps` writes them, in half the time."""
    return f"[{','.join(map(repr, dimensions))}]"
