"""A dump, joined: the tables in a temporary database, and the chosen people in a fixed order.

The database is SQLite's own temporary kind (``sqlite3.connect("")``): on disk beyond a cache of some megabytes,
readable by nobody else, and gone when it is closed or the process dies, however it dies. ``TMPDIR`` says where.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

__all__ = ["Account", "Answer", "Badge", "DumpIndex", "Question"]

_SCHEMA: Final = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -24000;
CREATE TABLE question (
    id INTEGER PRIMARY KEY, owner INTEGER, score INTEGER, created TEXT, accepted INTEGER, wiki INTEGER,
    wanted INTEGER, views INTEGER, answers INTEGER, title TEXT, tags TEXT, licence TEXT);
CREATE TABLE answer (
    id INTEGER PRIMARY KEY, question INTEGER, owner INTEGER, score INTEGER, created TEXT, wiki INTEGER,
    licence TEXT);
CREATE TABLE person (position INTEGER PRIMARY KEY, uid INTEGER UNIQUE, score INTEGER);
CREATE TABLE account (
    uid INTEGER PRIMARY KEY, name TEXT, reputation INTEGER, created TEXT, website TEXT, location TEXT, about TEXT,
    views INTEGER, up_votes INTEGER, down_votes INTEGER, network_id INTEGER);
CREATE TABLE bounty (id INTEGER PRIMARY KEY, post INTEGER, amount INTEGER);
CREATE INDEX bounty_post ON bounty (post);
CREATE TABLE badge (uid INTEGER, class INTEGER, tag TEXT, awarded TEXT, PRIMARY KEY (uid, class, tag)) WITHOUT ROWID;
"""

_BY_OWNER: Final = """
CREATE INDEX answer_owner ON answer (owner);
CREATE INDEX question_owner ON question (owner) WHERE owner IS NOT NULL;
"""

# Community-wiki answers are shared work: they choose somebody but do not move them up.
_BY_TAGS: Final = """
INSERT INTO person (uid, score)
SELECT answer.owner, sum(CASE WHEN answer.wiki OR answer.score < 0 THEN 0 ELSE coalesce(answer.score, 0) END) AS sum
FROM answer JOIN question ON question.id = answer.question
WHERE question.wanted
GROUP BY answer.owner HAVING sum >= ?
ORDER BY sum DESC, answer.owner
"""

_ACCOUNTS: Final = """
SELECT person.position, person.score AS rank_score, account.*
FROM person JOIN account USING (uid)
WHERE person.position > ? ORDER BY person.position LIMIT ?
"""

_ANSWERS: Final = """
SELECT answer.id, answer.score, answer.created, answer.wiki, answer.licence,
       question.id IS NOT NULL AS known, question.accepted = answer.id AS accepted, question.wanted,
       question.title, question.tags, (SELECT sum(amount) FROM bounty WHERE post = answer.id)
FROM answer LEFT JOIN question ON question.id = answer.question
WHERE answer.owner = ? ORDER BY answer.id
"""

_QUESTIONS: Final = """
SELECT id, score, created, wiki, licence, wanted, views, answers, title, tags FROM question WHERE owner = ? ORDER BY id
"""


class Account(NamedTuple):
    """A row of Users, with the person's place in the order."""

    position: int
    rank_score: int
    uid: int
    name: str | None
    reputation: int | None
    created: str | None
    website: str | None
    location: str | None
    about: str | None
    views: int | None
    up_votes: int | None
    down_votes: int | None
    network_id: int | None


class Answer(NamedTuple):
    """An answer, joined with its question. Where the dump does not hold the question, ``known`` is 0."""

    id: int
    score: int | None
    created: str | None
    wiki: int
    licence: str | None
    known: int
    accepted: int | None
    wanted: int | None
    title: str | None
    tags: str | None
    bounty: int | None


class Question(NamedTuple):
    """A question."""

    id: int
    score: int | None
    created: str | None
    wiki: int
    licence: str | None
    wanted: int
    views: int | None
    answers: int | None
    title: str | None
    tags: str


class Badge(NamedTuple):
    """A tag badge: class 1 is gold, 2 silver, 3 bronze."""

    rank: int
    tag: str
    awarded: str | None


class DumpIndex:
    """The temporary database. Its methods block; they may be called from any thread, one at a time."""

    def __init__(self) -> None:
        self._connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._connection.executescript(_SCHEMA)

    def close(self) -> None:
        """Give the space back."""
        self._connection.close()

    def put(self, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
        """Write a batch of rows."""
        self._connection.execute("BEGIN")
        self._connection.executemany(statement, rows)
        self._connection.execute("COMMIT")

    def choose_by_tags(self, min_score: int) -> None:
        """Choose who answered a wanted question, best first: by the sum of positive scores, then by id."""
        self._connection.execute(_BY_TAGS, (min_score,))
        self._connection.executescript(_BY_OWNER)

    def choose(self, uids: Sequence[int]) -> None:
        """Choose people by id."""
        self.put("INSERT OR IGNORE INTO person (uid, score) VALUES (?, 0)", [(uid,) for uid in uids])
        self._connection.executescript(_BY_OWNER)

    def people(self) -> Iterator[int]:
        """The ids of those who were chosen."""
        return (uid for (uid,) in self._connection.execute("SELECT uid FROM person"))

    def count(self) -> int:
        """How many of the chosen people have an account."""
        return int(self._connection.execute("SELECT count(*) FROM person JOIN account USING (uid)").fetchone()[0])

    def missing(self) -> int:
        """How many of the chosen people have none: they vanished from the site, their posts stayed."""
        return int(self._connection.execute("SELECT count(*) FROM person").fetchone()[0]) - self.count()

    def position_after(self, score: int, uid: int) -> int:
        """The place in the order of somebody with this score and id, or of the next better one."""
        query = "SELECT coalesce(max(position), 0) FROM person WHERE score > ? OR (score = ? AND uid <= ?)"
        return int(self._connection.execute(query, (score, score, uid)).fetchone()[0])

    def accounts(self, after: int, most: int) -> list[Account]:
        """The next people in order."""
        return [Account._make(row) for row in self._connection.execute(_ACCOUNTS, (after, most))]

    def answers(self, uid: int) -> list[Answer]:
        """All answers of somebody, by id."""
        return [Answer._make(row) for row in self._connection.execute(_ANSWERS, (uid,))]

    def questions(self, uid: int) -> list[Question]:
        """All questions of somebody, by id."""
        return [Question._make(row) for row in self._connection.execute(_QUESTIONS, (uid,))]

    def badges(self, uid: int) -> Iterator[Badge]:
        """The tag badges of somebody, best first."""
        query = "SELECT class, tag, awarded FROM badge WHERE uid = ? ORDER BY class, tag"
        return map(Badge._make, self._connection.execute(query, (uid,)))
