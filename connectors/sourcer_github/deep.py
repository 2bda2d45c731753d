"""The deep look: what a person's most telling repositories hold, and the languages of all that are remembered."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sourcer.connect import Done, Focus, Item, Unknown, Visit
from sourcer_github.client import Client
from sourcer_github.contents import Content, read_contents
from sourcer_github.holdings import LANGUAGES, SCOPE, Holdings
from sourcer_github.memory import Memory, Remembered
from sourcer_github.recall import Recall

__all__ = ["REPOSITORIES_EACH", "look_deep"]

REPOSITORIES_EACH: Final = 5


@dataclass(frozen=True, slots=True)
class Person:
    """One visit: what the cheap look remembers, the repositories to be read, and what the last deep look left."""

    visit: Visit
    memory: Memory | None
    telling: tuple[Remembered, ...]
    recall: Recall | None

    @classmethod
    def of(cls, visit: Visit, focus: Focus) -> Person:
        """What a visit is about."""
        memory = Memory.of(visit)
        telling = memory.telling(focus, REPOSITORIES_EACH) if memory else ()
        return cls(visit, memory, telling, Recall.of(memory) if memory else None)

    @property
    def remembered(self) -> tuple[Remembered, ...]:
        """Whose languages are asked for: nothing is, where nothing is of interest."""
        return self.memory.repositories if self.memory and self.telling else ()

    @property
    def unchanged(self) -> Recall | None:
        """The last deep look, where another one would give the same."""
        if self.recall is None or not self.telling:
            return None
        return self.recall if self.recall.covers(self.telling, self.remembered) else None


async def look_deep(client: Client, visits: Sequence[Visit], focus: Focus) -> AsyncIterator[Item]:
    """Look at what the repositories of a batch of people hold; each is closed with :class:`Done`.

    Raises:
        Nothing of its own: what GitHub does not give is unknown.
    """
    people = [Person.of(visit, focus) for visit in visits]
    asked = [person for person in people if person.unchanged is None]
    contents = await read_contents(
        client,
        [repository.id for person in asked for repository in person.telling],
        [repository.id for person in asked for repository in person.remembered],
    )
    for person in people:
        for item in _items(person, contents):
            yield item


def _items(person: Person, contents: Mapping[str, Content]) -> Iterator[Item]:
    ref, memory = person.visit.ref, person.memory
    if memory is None:
        yield from (Unknown(ref, what, "no cheap look has listed the repositories") for what in (*SCOPE, LANGUAGES))
        yield Done(ref)
        return
    if (last := person.unchanged) is not None:
        # Nobody pushed to any of those that are remembered: what was read of the others once still stands, too.
        things = _things(memory, person.remembered)
        yield Done(ref, last.scope, last.as_state(), unchanged=True, things=things)
        return
    held = {one.id: Holdings(ref, one.key, contents[one.id]) for one in person.remembered}
    unknown: dict[str, str] = {}
    for holdings in held.values():
        yield from holdings.evidence()
        unknown |= holdings.unknown()
    for what, reason in unknown.items():
        yield Unknown(ref, what, reason)
    scope = tuple(kind for kind in (*SCOPE, LANGUAGES) if kind not in unknown and (held or memory.own == 0))
    state = _recall(person, held, scope).as_state() if held else None
    yield Done(ref, scope, state, things=_things(memory, person.telling))


def _things(memory: Memory, read: Sequence[Remembered]) -> tuple[str, ...]:
    """Which repositories were read, where there are others: what those hold is not told again, and does not vanish."""
    return () if memory.own == len(read) else tuple(one.key for one in read)


def _recall(person: Person, held: Mapping[str, Holdings], scope: tuple[str, ...]) -> Recall:
    read = {one.id: node.pushed_at for one in person.telling if (node := held[one.id].read_whole) is not None}
    languages = {one.id: it.pushed_at for one in person.remembered if (it := held[one.id].languages) is not None}
    return Recall(read=read, languages=languages, scope=scope)
