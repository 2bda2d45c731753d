"""One pass over each table of a dump into the temporary database, leaving out what is no person's work."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from threading import Event
from typing import Final, TypeAlias

from sourcer_stackoverflow.dump.columns import FABRICATED_POSTS, number, parse_tags, person_id
from sourcer_stackoverflow.dump.files import DumpFiles, TableFile
from sourcer_stackoverflow.dump.index import DumpIndex
from sourcer_stackoverflow.dump.ledger import Ledger
from sourcer_stackoverflow.dump.rows import Fault, Row, read_rows
from sourcer_stackoverflow.dump.sieve import Sieve

__all__ = ["Choice", "LoadedDump", "Stopped", "load_dump"]

_LOG: Final = logging.getLogger(__name__)
_BATCH: Final = 5_000
"""Rows written at once."""

_Values: TypeAlias = tuple[object, ...]

# The later of two rows with one id wins: merged files append what is newer.
_QUESTION: Final = "INSERT OR REPLACE INTO question VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_ANSWER: Final = "INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?, ?, ?, ?)"
_ACCOUNT: Final = """
INSERT OR REPLACE INTO account SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11
WHERE EXISTS (SELECT 1 FROM person WHERE uid = ?1)
"""
_BOUNTY: Final = """
INSERT OR REPLACE INTO bounty SELECT ?1, ?2, ?3
WHERE EXISTS (SELECT 1 FROM answer JOIN person ON person.uid = answer.owner WHERE answer.id = ?2)
"""
_BADGE: Final = """
INSERT OR REPLACE INTO badge SELECT ?1, ?2, ?3, ?4 WHERE EXISTS (SELECT 1 FROM person WHERE uid = ?1)
"""


class Stopped(Exception):
    """Nobody waits for the result any more: no fault, the crawl was cancelled."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Whom to take out of a dump.

    Args:
        wanted: Whether a question with these tags counts.
        min_score: Least sum of positive scores of somebody's answers to such questions.
        uids: Take exactly these people instead.
        unmet: Tags that no question had so far; ``wanted`` takes them out.
    """

    wanted: Callable[[tuple[str, ...]], bool]
    min_score: int = 0
    uids: tuple[int, ...] | None = None
    unmet: AbstractSet[str] = frozenset()


@dataclass(frozen=True, slots=True)
class LoadedDump:
    """The joined dump, and what its tables did not give.

    Args:
        index: The temporary database.
        ledger: What was read and what was not.
        badges_unknown: Why nothing is known about tag badges, or empty.
        newest_user: The highest user id: later accounts are not in this dump.
        unmet: Wanted tags that no question has.
    """

    index: DumpIndex
    ledger: Ledger
    badges_unknown: str
    newest_user: int
    unmet: frozenset[str] = frozenset()


def load_dump(files: DumpFiles, choice: Choice, stop: Event) -> LoadedDump:
    """Read a dump. Blocks; memory does not grow with its size.

    Raises:
        Stopped: ``stop`` was set.
    """
    index, ledger = DumpIndex(), Ledger()
    try:
        _load_posts(_rows(files.posts, "posts", ledger, stop), choice, index, ledger)
        if choice.uids is None:
            index.choose_by_tags(choice.min_score)
        else:
            index.choose(choice.uids)
        chosen = Sieve(index.people())
        newest = _load_users(_rows(files.users, "users", ledger, stop), chosen, index, ledger)
        badges_unknown = _load_badges(files.badges, chosen, index, ledger, stop)
        _load_bounties(files.votes, index, ledger, stop)
        if missing := index.missing():
            ledger.rejected["people", "no row in Users"] = missing
    except BaseException:
        index.close()
        raise
    _LOG.info("%s: %s", files.posts.path.parent, ledger.summary())
    return LoadedDump(index, ledger, badges_unknown, newest, frozenset(choice.unmet))


def _rows(file: TableFile, table: str, ledger: Ledger, stop: Event, mark: bytes = b"") -> Iterator[Row]:
    with file.open() as stream:
        for row in read_rows(stream, table, mark):
            if stop.is_set():
                raise Stopped
            if isinstance(row, Fault):
                ledger.fault(table, file, row)
                if table in ledger.torn:
                    return
            else:
                ledger.read[table] += 1
                yield row


class _Batch:
    """Rows on their way into the database."""

    def __init__(self, index: DumpIndex, statement: str) -> None:
        self._index = index
        self._statement = statement
        self._rows: list[_Values] = []

    def add(self, values: _Values) -> None:
        self._rows.append(values)
        if len(self._rows) >= _BATCH:
            self.flush()

    def flush(self) -> None:
        self._index.put(self._statement, self._rows)
        self._rows.clear()


def _load_posts(rows: Iterator[Row], choice: Choice, index: DumpIndex, ledger: Ledger) -> None:
    questions, answers = _Batch(index, _QUESTION), _Batch(index, _ANSWER)
    for row in rows:
        kind = row.get("PostTypeId")
        reason = _unusable(row, kind)
        if reason:
            ledger.reject("posts", reason)
        elif kind == "1":
            questions.add(_question(row, choice))
        else:
            answers.add(_answer(row))
    questions.flush()
    answers.flush()


def _unusable(row: Row, kind: str | None) -> str:
    """Why a post is left out, or nothing. Questions without an owner stay: their answers need tags and title."""
    post = number(row.get("Id"))
    if post is None or post <= 0:
        return "no id"
    if post in FABRICATED_POSTS:
        return "fabricated id"
    if kind not in ("1", "2"):
        return "neither question nor answer"
    return _nobodys(row) if kind == "2" else ""


def _nobodys(answer: Row) -> str:
    if answer.get("OwnerUserId") is None:
        return "answer of a deleted user"
    if person_id(answer.get("OwnerUserId")) is None:
        return "answer of the Community user"
    return "" if number(answer.get("ParentId")) else "answer without a question"


def _question(row: Row, choice: Choice) -> _Values:
    tags = parse_tags(row.get("Tags"))
    return (
        number(row.get("Id")),
        person_id(row.get("OwnerUserId")),
        number(row.get("Score")),
        row.get("CreationDate"),
        number(row.get("AcceptedAnswerId")),
        int(bool(row.get("CommunityOwnedDate"))),
        int(choice.wanted(tags)),
        number(row.get("ViewCount")),
        number(row.get("AnswerCount")),
        row.get("Title"),
        "|".join(tags),
        row.get("ContentLicense"),
    )


def _answer(row: Row) -> _Values:
    return (
        number(row.get("Id")),
        number(row.get("ParentId")),
        person_id(row.get("OwnerUserId")),
        number(row.get("Score")),
        row.get("CreationDate"),
        int(bool(row.get("CommunityOwnedDate"))),
        row.get("ContentLicense"),
    )


_USER_TEXTS: Final = ("CreationDate", "WebsiteUrl", "Location", "AboutMe")
_USER_NUMBERS: Final = ("Views", "UpVotes", "DownVotes", "AccountId")


def _load_users(rows: Iterator[Row], chosen: Sieve, index: DumpIndex, ledger: Ledger) -> int:
    """Keep the accounts of the chosen people; tells the highest user id."""
    accounts, newest = _Batch(index, _ACCOUNT), 0
    for row in rows:
        uid = person_id(row.get("Id"))
        if uid is None:
            ledger.reject("users", "the Community user" if row.get("Id") == "-1" else "no id")
            continue
        newest = max(newest, uid)
        if uid not in chosen:
            continue
        texts = (row.get(name) for name in _USER_TEXTS)
        numbers = (number(row.get(name)) for name in _USER_NUMBERS)
        accounts.add((uid, row.get("DisplayName"), number(row.get("Reputation")), *texts, *numbers))
    accounts.flush()
    return newest


def _load_badges(file: TableFile | None, chosen: Sieve, index: DumpIndex, ledger: Ledger, stop: Event) -> str:
    """Keep the tag badges of the chosen people; tells why they are unknown where they are."""
    if file is None:
        return "the dump has no Badges table"
    badges, told = _Batch(index, _BADGE), False
    for row in _rows(file, "badges", ledger, stop):
        tag_based = row.get("TagBased")
        told = told or tag_based is not None
        if (tag_based or "").lower() not in ("true", "1"):
            continue
        uid, rank, tag = person_id(row.get("UserId")), number(row.get("Class")), row.get("Name")
        if uid is None or rank not in (1, 2, 3) or not tag:
            ledger.reject("badges", "no user, class or tag")
            continue
        if uid in chosen:
            badges.add((uid, rank, tag.strip().lower(), row.get("Date")))
    badges.flush()
    if ledger.read["badges"] and not told:
        return "the dump's Badges table does not say which are tag badges"
    return ""


_BOUNTY_GIVEN: Final = "9"
"""The type of the vote by which a bounty goes to an answer."""


def _load_bounties(file: TableFile | None, index: DumpIndex, ledger: Ledger, stop: Event) -> None:
    """Keep the bounties that answers of the chosen people were given."""
    if file is None:
        return
    bounties = _Batch(index, _BOUNTY)
    for row in _rows(file, "votes", ledger, stop, mark=b"BountyAmount="):
        post, amount = number(row.get("PostId")), number(row.get("BountyAmount"))
        if row.get("VoteTypeId") == _BOUNTY_GIVEN and post and amount and amount > 0:
            bounties.add((number(row.get("Id")), post, amount))
    bounties.flush()
