"""The deep look without credentials: what a person's most telling repository holds, and few of its files."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from sourcer.connect import AnswerError, Done, Focus, Item, Json, Unknown, Visit, parse_time
from sourcer_github.client import NOT_FOUND, Fault, Outcome
from sourcer_github.contents import Content
from sourcer_github.holdings import LANGUAGES, SCOPE, Holdings
from sourcer_github.memory import Memory, Remembered
from sourcer_github.recall import PARSER, Recall
from sourcer_github.rest.asking import Rest, Told
from sourcer_github.rest.wire import GitTree, Repository, tree_node
from sourcer_github.wire.base import read

__all__ = ["REQUESTS_EACH", "look_deep"]

REPOSITORIES_EACH: Final = 1
FILES_EACH: Final = 3
"""Of one repository: each is a request."""

REQUESTS_EACH: Final = REPOSITORIES_EACH * (2 + FILES_EACH)
"""The repository, its tree, and its files."""

NOT_READ: Final = f"without a token, {FILES_EACH} files of {REPOSITORIES_EACH} repository are read"


async def look_deep(rest: Rest, visits: Sequence[Visit], focus: Focus) -> AsyncIterator[Item]:
    """Look at people one by one; each is closed with :class:`Done`."""
    for visit in visits:
        try:
            items = await _look(rest, visit, focus)
        except AnswerError as fault:
            items = list(_left(visit, f"GitHub gave no usable answer ({fault.kind})"))
        for item in items:
            yield item


async def _look(rest: Rest, visit: Visit, focus: Focus) -> list[Item]:
    memory = Memory.of(visit)
    if memory is None:
        return list(_left(visit, "no cheap look has listed the repositories"))
    telling = memory.telling(focus, REPOSITORIES_EACH)
    last = Recall.of(memory)
    if last is not None and telling and _covers(last, telling):
        return [Done(visit.ref, last.scope, last.as_state(), unchanged=True)]
    items: list[Item] = []
    pushes: dict[str, str | None] = {}
    for one in telling:
        content = await _content(rest, one)
        holdings = Holdings(visit.ref, one.key, content)
        items += holdings.evidence()
        items += [Unknown(visit.ref, what, reason) for what, reason in holdings.unknown().items()]
        if (node := holdings.read_whole) is not None:
            pushes[one.id] = node.pushed_at
    missed = {item.what for item in items if isinstance(item, Unknown)}
    items += [Unknown(visit.ref, what, NOT_READ) for what in (*SCOPE, LANGUAGES) if what not in missed]
    # Other repositories were not read, and what is stored of them stays.
    return [*items, Done(visit.ref, (), Recall(read=pushes).as_state() if telling else None)]


def _covers(last: Recall, telling: Sequence[Remembered]) -> bool:
    return last.parser == PARSER and all(
        one.id in last.read and parse_time(last.read[one.id]) == parse_time(one.pushed_at) for one in telling
    )


def _left(visit: Visit, reason: str) -> Iterator[Item]:
    yield from (Unknown(visit.ref, what, reason) for what in (*SCOPE, LANGUAGES))
    yield Done(visit.ref)


async def _content(rest: Rest, remembered: Remembered) -> Content:
    """What a repository holds, in the shapes of GraphQL's answers."""
    content = Content()
    # By its number: names change.
    told = await rest.get(rest.url(f"/repositories/{remembered.key}"))
    repository = read(Repository, told.value)
    if repository is None:
        content.take_tree(_missing(told))
        return content
    url = rest.url(f"/repos/{repository.full_name}")
    content.take_tree(_tree(repository, await rest.get(f"{url}/git/trees/HEAD?recursive=1")))
    content.choice = replace(content.choice, files=content.choice.files[:FILES_EACH])
    if content.choice.files:
        content.files = await _files(rest, url, [file.path for file in content.choice.files])
    return content


def _missing(told: Told) -> Outcome:
    if told.is_gone:
        return Outcome(None, (Fault(NOT_FOUND),), missing=True)
    return Outcome(None, (told.fault,))


def _tree(repository: Repository, told: Told) -> Outcome:
    if told.status == HTTPStatus.CONFLICT:
        # GitHub's word for an empty repository.
        return Outcome(_as_answer(repository, None))
    listed = read(GitTree, told.value)
    if listed is None:
        return _missing(told)
    faults = (Fault("only a part of the tree"),) if listed.truncated else ()
    return Outcome(_as_answer(repository, listed), faults)


def _as_answer(repository: Repository, listed: GitTree | None) -> Json:
    return tree_node(repository, listed).model_dump(by_alias=True)


async def _files(rest: Rest, url: str, paths: Sequence[str]) -> Outcome:
    value: dict[str, Json] = {}
    faults: list[Fault] = []
    for i, path in enumerate(paths):
        status, body = await rest.text(f"{url}/contents/{quote(path)}")
        if status == HTTPStatus.OK:
            value[f"f{i}"] = _blob(body)
        elif status not in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
            faults.append(Fault(f"HTTP {status}", (f"f{i}",)))
    return Outcome(value, tuple(faults))


def _blob(body: bytes) -> Json:
    """A file as GraphQL says it: one with a NUL in it is binary and has no text."""
    text = None if b"\0" in body else body.decode("utf-8", errors="replace")
    return {"__typename": "Blob", "isTruncated": False, "isBinary": text is None, "text": text}
