"""The Meta Kaggle way of the connector: the official tables instead of the API. It makes no request."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import shutil
import tempfile
import weakref
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from sourcer.connect import Checkpoint, Depth, Done, Focus, Gone, Item, Plan, Ref, SiteError, SitePlan, Unknown, Visit
from sourcer_kaggle.meta.choice import Choice, choice_of, missing_of
from sourcer_kaggle.meta.engine import Engine, EngineError, import_engine
from sourcer_kaggle.meta.files import find_tables, fingerprint
from sourcer_kaggle.meta.items import person_items
from sourcer_kaggle.meta.load import Loaded, load_people
from sourcer_kaggle.meta.rows import Person, people_after
from sourcer_kaggle.meta.scan import Scanner
from sourcer_kaggle.settings import KaggleDiscover
from sourcer_kaggle.sites import SITE

__all__ = ["MetaKaggle"]

_LOG: Final = logging.getLogger(__name__)

_HOP: Final = 500
"""People turned into items by one call into a thread."""
_CHECKPOINT_PEOPLE: Final = 200
_CHECKPOINT_ITEMS: Final = 5_000
"""A checkpoint comes when either is reached: units of work stay small where people published much."""
# Whoever has no tier or no rank comes after those who have one.
_PLACE: Final = """
SELECT coalesce(max(position), 0) FROM person
WHERE (-coalesce(tier, -1), coalesce(standing, 1e18), uid) <= (-coalesce(?, -1), coalesce(?, 1e18), ?)
"""

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class _Kept:
    """Joined tables, what they were made from, and what gives them back."""

    mark: str
    loaded: Loaded
    stack: ExitStack


class MetaKaggle:
    """The tables in one folder. What a plan has joined is kept until discovery asks for the same."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: _Kept | None = None

    async def check(self) -> None:
        """Whether the query engine and the table of users are there.

        Raises:
            NotConfigured: What is missing.
        """
        await asyncio.to_thread(import_engine)
        await asyncio.to_thread(find_tables, self._folder)

    async def plan(self, wish: KaggleDiscover) -> Plan:
        """No requests. Counts the people, which takes one pass over the tables."""
        mark = await asyncio.to_thread(self._mark, wish)
        async with self._loaded(choice_of(wish), mark, keep=True) as loaded:
            people = await _in_thread(partial(loaded.engine.value, "SELECT count(*) FROM person"))
            return Plan({SITE: SitePlan(people=people)})

    async def discover(self, wish: KaggleDiscover, after: Checkpoint | None) -> AsyncIterator[Item]:
        """The wished people, best first, each closed with all that Meta Kaggle tells.

        The order is tier, then current rank in competitions, then user id. A checkpoint says which files it is of:
        after a change of them the discovery starts over. Who is named by number and no candidate now is gone.

        Raises:
            AnswerError: Parts of the tables could not be read, or somebody who is named is not there. It comes last:
                what could be read has been yielded.
            SiteError: The tables cannot tell who is meant.
        """
        mark = await asyncio.to_thread(self._mark, wish)
        choice = choice_of(wish)
        async with self._loaded(choice, mark) as loaded:
            start = await _in_thread(partial(_position, loaded, mark, after))
            async with aclosing(_people(loaded, start)) as people:
                count = items = 0
                last: Person | None = None
                async for last, found in people:
                    for item in found:
                        yield item
                    count, items = count + 1, items + len(found)
                    if count >= _CHECKPOINT_PEOPLE or items >= _CHECKPOINT_ITEMS:
                        yield _checkpoint(mark, last)
                        count = items = 0
                if last is not None and count:
                    yield _checkpoint(mark, last)
            uids, logins = await _in_thread(partial(missing_of, loaded.engine, choice))
            for item in _not_found(loaded, [Ref(SITE, str(uid)) for uid in uids]):
                if isinstance(item, Gone):
                    yield item
            loaded.scanner.complain(_untold(choice, [*(f"#{uid}" for uid in uids), *logins]))

    async def fetch(self, visits: Sequence[Visit], depth: Depth, focus: Focus) -> AsyncIterator[Item]:  # noqa: ARG002  # the tables tell all at once
        """Look up accounts that no discovery found: one pass over the tables for all.

        Nothing is deeper than that: a deep look closes each account with an empty scope.
        """
        if depth == "deep":
            for visit in visits:
                yield Done(visit.ref)
            return
        refs = {visit.ref.uid: visit.ref for visit in visits}
        uids = tuple(int(uid) for uid in refs if uid.isascii() and uid.isdecimal() and len(uid) < 16)  # noqa: PLR2004  # digits that a number of the tables has
        async with self._loaded(Choice(uids=uids)) as loaded, aclosing(_people(loaded, 0)) as people:
            async for person, found in people:
                refs.pop(str(person.uid), None)
                for item in found:
                    if not isinstance(item, Ref):
                        yield item
            for item in _not_found(loaded, refs.values()):
                yield item

    def _mark(self, wish: KaggleDiscover) -> str:
        """Changes with the files and with the wish: a place in another order means nothing."""
        text = f"{fingerprint(find_tables(self._folder))} {wish.model_dump_json()}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @asynccontextmanager
    async def _loaded(self, choice: Choice, mark: str = "", *, keep: bool = False) -> AsyncIterator[Loaded]:
        """The joined tables, given back at the end; cancelling ends the pass over the files at once.

        Args:
            choice: Whom they are about.
            mark: What they are made from: what was kept of the same is not read again.
            keep: Keep them for whoever asks next.
        """
        kept, self._kept = self._kept, None
        if kept is not None and kept.mark != mark:
            kept.stack.close()
            kept = None
        kept = kept or await self._fresh(choice, mark)
        with kept.stack as stack:
            yield kept.loaded
            if keep:
                self._kept = replace(kept, stack=stack.pop_all())
                # Should nobody ask, it goes with the reader.
                weakref.finalize(self, self._kept.stack.close)

    async def _fresh(self, choice: Choice, mark: str) -> _Kept:
        with ExitStack() as stack:
            folder = Path(tempfile.mkdtemp(prefix="sourcer-kaggle-"))
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            engine = await asyncio.to_thread(Engine, folder)
            stack.callback(engine.close)
            loaded = await _in_thread(partial(self._load, engine, folder, choice), engine)
            return _Kept(mark, loaded, stack.pop_all())

    def _load(self, engine: Engine, folder: Path, choice: Choice) -> Loaded:
        scanner = Scanner(engine, folder, find_tables(self._folder))
        try:
            loaded = load_people(engine, scanner, choice)
        except EngineError as fault:
            raise SiteError(f"{self._folder}: Meta Kaggle cannot be read: {fault}") from fault
        if summary := scanner.summary():
            _LOG.info("%s: %s", self._folder, summary)
        return loaded


async def _people(loaded: Loaded, position: int) -> AsyncGenerator[tuple[Person, list[Item]], None]:
    while hop := await _in_thread(partial(_hop, loaded, position)):
        for person, items in hop:
            yield person, items
        position = hop[-1][0].position


def _hop(loaded: Loaded, position: int) -> list[tuple[Person, list[Item]]]:
    return [(rows.person, list(person_items(loaded, rows))) for rows in people_after(loaded.engine, position, _HOP)]


def _checkpoint(mark: str, person: Person) -> Checkpoint:
    return Checkpoint({"files": mark, "tier": person.tier, "rank": person.standing, "uid": person.uid})


def _position(loaded: Loaded, mark: str, after: Checkpoint | None) -> int:
    if after is None or after.state.get("files") != mark:
        return 0
    place = loaded.engine.value(_PLACE, (after.state["tier"], after.state["rank"], after.state["uid"]))
    return int(place)


def _not_found(loaded: Loaded, refs: Iterable[Ref]) -> Iterator[Item]:
    broken = loaded.scanner.broken.get("Users") or ("Users" in loaded.scanner.rejected and loaded.scanner.summary())
    for ref in refs:
        newer = ref.uid.isdecimal() and int(ref.uid) > loaded.newest_user
        if broken or newer:
            yield Unknown(ref, "*", broken or "the account is newer than this export of Meta Kaggle")
            yield Done(ref)
        else:
            yield Gone(ref, "Meta Kaggle holds no such person")


def _untold(choice: Choice, missing: Sequence[str]) -> str:
    """What of a wish the tables could not tell, or an empty text."""
    said = [f"Meta Kaggle holds no such candidate: {', '.join(missing)}"] if missing else []
    if choice.untold:
        said.append(f"addresses of notebooks do not tell {', '.join(choice.untold)}: looked for among their tags alone")
    return "; ".join(said)


async def _in_thread(job: Callable[[], _Result], engine: Engine | None = None) -> _Result:
    """Run a job in a thread; when cancelled, stop it and wait for its end, for it uses what is closed next."""
    running = asyncio.ensure_future(asyncio.to_thread(job))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        while not running.done():
            if engine is not None:
                # Between two statements there is nothing to stop: the next one is.
                engine.stop()
            await asyncio.wait({running}, timeout=0.05)
        with suppress(Exception):
            running.result()
        raise
