"""The dump way of the connector: a site's official data dump instead of its API. It makes no request."""

from __future__ import annotations

import asyncio
import hashlib
import weakref
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, aclosing, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from threading import Event
from typing import Final, TypeVar

from sourcer.connect import (
    AnswerError,
    Checkpoint,
    Depth,
    Done,
    Focus,
    Gone,
    Item,
    Plan,
    Ref,
    SiteError,
    SitePlan,
    Unknown,
    Visit,
)
from sourcer_stackoverflow.dump.columns import person_id
from sourcer_stackoverflow.dump.files import DumpFiles, find_tables
from sourcer_stackoverflow.dump.index import Account
from sourcer_stackoverflow.dump.items import person_items
from sourcer_stackoverflow.dump.load import Choice, LoadedDump, Stopped, load_dump
from sourcer_stackoverflow.observe import ref_of
from sourcer_stackoverflow.settings import StackOverflowDiscover
from sourcer_stackoverflow.sites import host_of

__all__ = ["DumpReader"]

_HOP: Final = 20
"""People turned into items by one call into a thread."""
_CHECKPOINT_PEOPLE: Final = 200
_CHECKPOINT_ITEMS: Final = 5_000
"""A checkpoint comes when either is reached: units of work stay small where people answered much."""

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class _Kept:
    """A joined dump, and what it was made from."""

    mark: str
    dump: LoadedDump


class DumpReader:
    """One site's dump in one folder. What a plan has joined is kept until discovery asks for the same."""

    def __init__(self, folder: Path, site: str) -> None:
        self._folder = folder
        self._site = site
        self._kept: _Kept | None = None

    async def check(self) -> None:
        """Whether the tables are there and can be opened.

        Raises:
            NotConfigured: What is missing.
        """
        await asyncio.to_thread(self._files)

    async def plan(self, wish: StackOverflowDiscover) -> Plan:
        """No requests. Counts the people: that takes one pass over the dump."""
        if not wish.tags:
            return Plan({self._site: SitePlan(people=len(wish.accounts))})
        files = await asyncio.to_thread(self._files)
        async with self._loaded(files, _choice(wish), _mark(files, wish), keep=True) as dump:
            return Plan({self._site: SitePlan(people=await _in_thread(dump.index.count))})

    async def discover(self, wish: StackOverflowDiscover, after: Checkpoint | None) -> AsyncIterator[Item]:
        """People who answered in the wished tags, best first, each closed with all that the dump tells.

        Named accounts come before them and are left open: :meth:`fetch` looks them up.
        A checkpoint says which dump it is of: after a change of the files the discovery starts over.

        Raises:
            AnswerError: Parts of the dump could not be read, or no question in it has one of the tags. It comes last:
                what could be read has been yielded.
            SiteError: A named account is on another site.
        """
        for ref in self._named(wish):
            yield ref
        if not wish.tags:
            return
        files = await asyncio.to_thread(self._files)
        mark = _mark(files, wish)
        async with (
            self._loaded(files, _choice(wish), mark) as dump,
            aclosing(self._people(dump, _position(dump, mark, after))) as people,
        ):
            count = items = 0
            account = None
            async for account, found in people:
                for item in found:
                    yield item
                count, items = count + 1, items + len(found)
                if count >= _CHECKPOINT_PEOPLE or items >= _CHECKPOINT_ITEMS:
                    yield _checkpoint(mark, account)
                    count = items = 0
            if account is not None and count:
                yield _checkpoint(mark, account)
            _complain(dump)

    async def fetch(self, visits: Sequence[Visit], depth: Depth, focus: Focus) -> AsyncIterator[Item]:
        """Look up accounts that no discovery found (an accounts file names them): one pass over the dump for all.

        Nothing is deeper than that: a deep look closes each account with an empty scope.
        """
        if depth == "deep":
            for visit in visits:
                yield Done(visit.ref)
            return
        refs = {visit.ref.uid: visit.ref for visit in visits}
        uids = tuple(uid for text in refs if (uid := person_id(text)) is not None)
        files = await asyncio.to_thread(self._files)
        choice = Choice(wanted=_wanted_by_focus(focus), uids=uids)
        async with self._loaded(files, choice) as dump, aclosing(self._people(dump, 0)) as people:
            async for account, found in people:
                refs.pop(str(account.uid), None)
                for item in found:
                    if not isinstance(item, Ref):
                        yield item
            for item in _not_found(dump, refs.values()):
                yield item

    async def _people(self, dump: LoadedDump, position: int) -> AsyncGenerator[tuple[Account, list[Item]], None]:
        while hop := await _in_thread(partial(self._hop, dump, position)):
            for account, items in hop:
                yield account, items
            position = hop[-1][0].position

    def _hop(self, dump: LoadedDump, after: int) -> list[tuple[Account, list[Item]]]:
        return [
            (account, list(person_items(dump, self._site, account))) for account in dump.index.accounts(after, _HOP)
        ]

    def _named(self, wish: StackOverflowDiscover) -> Iterator[Ref]:
        for site, uid in wish.named((self._site,)):
            if site != self._site:
                raise SiteError(f"stackoverflow: {site}:#{uid} is not in the dump of {self._site} (dump_site)")
            yield ref_of(site, uid)

    @asynccontextmanager
    async def _loaded(
        self, files: DumpFiles, choice: Choice, mark: str = "", *, keep: bool = False
    ) -> AsyncIterator[LoadedDump]:
        """The joined dump, given back at the end.

        Args:
            files: Its tables.
            choice: Whom it is about.
            mark: What it is made from: what was kept of the same is not read again.
            keep: Keep it for whoever asks next.
        """
        kept, self._kept = self._kept, None
        if kept is not None and kept.mark != mark:
            kept.dump.index.close()
            kept = None
        dump = kept.dump if kept else await _load(files, choice)
        with ExitStack() as stack:
            stack.callback(dump.index.close)
            yield dump
            if keep:
                stack.pop_all()
                self._kept = _Kept(mark, dump)
                # Should nobody ask, it goes with the reader.
                weakref.finalize(self, dump.index.close)

    def _files(self) -> DumpFiles:
        return find_tables(self._folder, host_of(self._site))


def _choice(wish: StackOverflowDiscover) -> Choice:
    tags, unmet = frozenset(wish.tags), set(wish.tags)

    def wanted(found: tuple[str, ...]) -> bool:
        if tags.isdisjoint(found):
            return False
        unmet.difference_update(found)
        return True

    return Choice(wanted=wanted, min_score=wish.min_score, unmet=unmet)


def _wanted_by_focus(focus: Focus) -> Callable[[tuple[str, ...]], bool]:
    @cache
    def relevant(tag: str) -> bool:
        return focus((f"tag:{tag}",)) > 0

    return lambda found: any(map(relevant, found))


def _mark(files: DumpFiles, wish: StackOverflowDiscover) -> str:
    """Changes with the dump's files and with the wish: positions in another order mean nothing."""
    return hashlib.sha256(f"{files.fingerprint()} {wish.model_dump_json()}".encode()).hexdigest()[:16]


def _checkpoint(mark: str, account: Account) -> Checkpoint:
    return Checkpoint({"dump": mark, "score": account.rank_score, "uid": account.uid})


def _position(dump: LoadedDump, mark: str, after: Checkpoint | None) -> int:
    if after is None or after.state.get("dump") != mark:
        return 0
    return dump.index.position_after(int(after.state["score"]), int(after.state["uid"]))


def _not_found(dump: LoadedDump, refs: Iterable[Ref]) -> Iterator[Item]:
    for ref in refs:
        uid = person_id(ref.uid)
        if uid is None:
            yield Gone(ref, "not the id of a person")
            continue
        reason = dump.ledger.lost("users", uid) or (
            "the account is newer than the dump" if uid > dump.newest_user else ""
        )
        if reason:
            yield Unknown(ref, "*", reason)
            yield Done(ref)
        else:
            yield Gone(ref, "the dump holds no such user")


def _complain(dump: LoadedDump) -> None:
    ledger = dump.ledger
    if ledger.broken:
        more = f" (and {ledger.broken - 1} more)" if ledger.broken > 1 else ""
        raise AnswerError(
            f"the dump is damaged: {ledger.example}{more}; everything else of it was read",
            kind="torn_file" if ledger.torn else "broken_row",
        )
    if dump.unmet:
        tags = ", ".join(sorted(dump.unmet))
        raise AnswerError(
            f"no such tag in the dump: {tags}; correct stackoverflow.tags in the brief, as the site writes them",
            kind="no_such_tag",
        )


async def _load(files: DumpFiles, choice: Choice) -> LoadedDump:
    """Read and join a dump; cancelling ends the pass over the files soon."""
    stop = Event()
    loading = asyncio.ensure_future(asyncio.to_thread(load_dump, files, choice, stop))
    try:
        return await asyncio.shield(loading)
    except asyncio.CancelledError:
        stop.set()
        with suppress(Stopped):
            (await loading).index.close()
        raise


async def _in_thread(job: Callable[[], _Result]) -> _Result:
    """Run a short job in a thread; when cancelled, wait for its end, for it uses what is closed next."""
    running = asyncio.ensure_future(asyncio.to_thread(job))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait({running})
        raise
