"""Invented Stack Exchange dumps in every packing, and what the dump tests ask of the connector."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal, TypeVar, cast
from xml.sax.saxutils import quoteattr

import py7zr

from sourcer.connect import AnswerError, Checkpoint, Evidence, Fetcher, Item, Profile, Ref, Unknown
from sourcer_stackoverflow import StackOverflow
from sourcer_stackoverflow.settings import StackOverflowConfig, StackOverflowDiscover

Row = Mapping[str, object]
Form = Literal["xml", "gz", "table.7z", "site.7z"]
_Item = TypeVar("_Item", bound=Item)

HOST = "ai.stackexchange.com"
_FAST = [{"id": py7zr.FILTER_LZMA2, "preset": 0}]


def user(uid: int, **columns: object) -> Row:
    return {
        "Id": uid,
        "Reputation": 101,
        "CreationDate": "2015-01-02T03:04:05.678",
        "DisplayName": f"Person {uid}",
    } | columns


def question(post: int, tags: str = "<pytorch>", **columns: object) -> Row:
    return {
        "Id": post,
        "PostTypeId": 1,
        "CreationDate": "2020-01-01T00:00:00.000",
        "Score": 1,
        "OwnerUserId": 900,
        "Title": f"How to do {post}?",
        "Tags": tags,
        "ContentLicense": "CC BY-SA 4.0",
    } | columns


def answer(post: int, parent: int, owner: int | None, **columns: object) -> Row:
    return {
        "Id": post,
        "PostTypeId": 2,
        "ParentId": parent,
        "CreationDate": "2020-02-01T10:20:30.400",
        "Score": 3,
        "OwnerUserId": owner,
        "ContentLicense": "CC BY-SA 4.0",
    } | columns


def badge(uid: int, tag: str, rank: int = 1, **columns: object) -> Row:
    return {
        "Id": uid * 10 + rank,
        "UserId": uid,
        "Name": tag,
        "Date": "2021-03-04T05:06:07.890",
        "Class": rank,
        "TagBased": "True",
    } | columns


def table_xml(table: str, rows: Iterable[Row | str]) -> bytes:
    """A table; a row given as text is written as it is, broken or not. A value of ``None`` is an absent attribute."""
    lines = [row if isinstance(row, str) else _row(row) for row in rows]
    body = "".join(f"  {line}\n" for line in lines)
    return f'<?xml version="1.0" encoding="utf-8"?>\n<{table}>\n{body}</{table}>'.encode()


def _row(row: Row) -> str:
    entities = {"\n": "&#xA;", "\r": "&#xD;"}
    return (
        "<row "
        + " ".join(f"{name}={quoteattr(str(value), entities)}" for name, value in row.items() if value is not None)
        + " />"
    )


def write_dump(
    folder: Path,
    *,
    posts: Iterable[Row | str],
    users: Iterable[Row | str],
    badges: Iterable[Row | str] | None = (),
    votes: Iterable[Row | str] | None = None,
    form: Form = "xml",
) -> Path:
    """Write a dump and give back its folder. ``badges=None`` leaves the table out, and so it is with the votes."""
    tables = {"Posts": table_xml("posts", posts), "Users": table_xml("users", users)}
    if badges is not None:
        tables["Badges"] = table_xml("badges", badges)
    if votes is not None:
        tables["Votes"] = table_xml("votes", votes)
    folder.mkdir(parents=True, exist_ok=True)
    if form == "site.7z":
        with py7zr.SevenZipFile(folder / f"{HOST}.7z", "w", filters=_FAST) as archive:
            for name, data in tables.items():
                archive.writestr(data, f"{name}.xml")
    for name, data in tables.items() if form != "site.7z" else ():
        if form == "xml":
            (folder / f"{name}.xml").write_bytes(data)
        elif form == "gz":
            (folder / f"{name}.xml.gz").write_bytes(gzip.compress(data, mtime=0))
        else:
            with py7zr.SevenZipFile(folder / f"stackoverflow.com-{name}.7z", "w", filters=_FAST) as archive:
                archive.writestr(data, f"{name}.xml")
    return folder


def connector(folder: Path | str, site: str = "ai") -> StackOverflow:
    """The connector on a dump. It gets no fetcher: whatever would make a request fails."""
    return StackOverflow(StackOverflowConfig(dump_dir=str(folder), dump_site=site), cast("Fetcher", None))


def wish(*tags: str, min_score: int = 0) -> StackOverflowDiscover:
    return StackOverflowDiscover(tags=tags or ("pytorch",), min_score=min_score)


async def discover(folder: Path, *tags: str, after: Checkpoint | None = None) -> list[Item]:
    """Everything that a discovery yields; a damaged dump fails the test."""
    return [item async for item in connector(folder).discover(wish(*tags), after)]


async def discover_damaged(folder: Path, *tags: str) -> tuple[list[Item], AnswerError]:
    """What a discovery yields of a damaged dump, and its complaint at the end."""
    items: list[Item] = []
    try:
        async for item in connector(folder).discover(wish(*tags), None):
            items.append(item)  # noqa: PERF401  # what came before the complaint counts
    except AnswerError as complaint:
        return items, complaint
    raise AssertionError("nobody complained about the damage")


def of_type(items: Iterable[Item], kind: type[_Item]) -> list[_Item]:
    return [item for item in items if isinstance(item, kind)]


def uids(items: Iterable[Item]) -> list[str]:
    """Who was found, in order."""
    return [ref.uid for ref in of_type(items, Ref)]


def evidence(items: Iterable[Item], uid: int, kind: str) -> list[Evidence]:
    return [piece for piece in of_type(items, Evidence) if piece.ref.uid == str(uid) and piece.kind == kind]


def profile(items: Iterable[Item], uid: int) -> Profile:
    return next(found for found in of_type(items, Profile) if found.ref.uid == str(uid))


def unknowns(items: Iterable[Item], uid: int) -> dict[str, str]:
    return {found.what: found.reason for found in of_type(items, Unknown) if found.ref.uid == str(uid)}


def crowd(count: int, answers: int = 1) -> tuple[Sequence[Row], Sequence[Row]]:
    """Posts and users of ``count`` people whose scores repeat, so that order needs more than the score."""
    posts: list[Row] = [question(1)]
    for uid in range(1, count + 1):
        posts += [answer(uid * 100 + number, 1, uid, Score=uid % 7) for number in range(1, answers + 1)]
    return posts, [user(uid) for uid in range(1, count + 1)]
