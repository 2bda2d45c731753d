"""People who were looked at before: one small question tells who has done anything since."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from sourcer.connect import Done, Focus, Gone, Item, Ref, Visit
from sourcer_github.accounts import gone_since
from sourcer_github.client import Client, Outcome
from sourcer_github.memory import VERSION, Memory, Standing
from sourcer_github.policy import SITE
from sourcer_github.queries.common import id_lists, place_of
from sourcer_github.queries.people import revisit
from sourcer_github.sizing import answer_each
from sourcer_github.wire.base import read
from sourcer_github.wire.people import ProbeNode

__all__ = ["PROBES_AT_ONCE", "leave_unmoved"]

PROBES_AT_ONCE: Final = 74
"""Two connections each: 148 requests, the most that are rounded to 1 point."""

TRUSTED: Final = timedelta(days=30)
"""How long a look is good for. The small question does not see new stars, topics and reviews."""


async def leave_unmoved(client: Client, visits: Sequence[Visit], focus: Focus) -> tuple[list[Visit], list[Item]]:
    """See who stands as at the last look, when it was whole, was of this kind, and is not too long ago.

    Returns:
        Who is to be asked in full, and the items that close the others.
    """

    async def ask(some: Sequence[tuple[Visit, Memory]]) -> list[Outcome]:
        ids = [memory.id for _, memory in some]
        reply = await client.ask(revisit(len(ids)), id_lists(ids), many=len(ids) > 1)
        return [reply.outcome(*place_of(i)) for i in range(len(ids))]

    today = client.fetcher.now().date()
    known = [(visit, memory) for visit in visits if (memory := _good_memory(visit, focus, today)) is not None]
    closed: dict[str, Item] = {}
    for (visit, memory), outcome in zip(known, await answer_each(ask, known, PROBES_AT_ONCE), strict=True):
        item = _closing(visit, memory, outcome)
        if item is not None:
            closed[visit.ref.uid] = item
    return [visit for visit in visits if visit.ref.uid not in closed], list(closed.values())


def _good_memory(visit: Visit, focus: Focus, today: date) -> Memory | None:
    """What is remembered of a look that could stand for a new one, if nothing has moved."""
    memory = Memory.of(visit)
    if memory is None or memory.version != VERSION or not memory.whole or memory.looked_on is None:
        return None
    return memory if today - memory.looked_on <= TRUSTED and memory.chosen_alike(focus) else None


def _closing(visit: Visit, memory: Memory, outcome: Outcome) -> Done | Gone | None:
    """What closes an account that stands as it stood, or stands no more; ``None`` where it is to be asked in full."""
    gone = gone_since(visit, outcome)
    if gone is not None:
        return gone
    node = read(ProbeNode, outcome.value)
    if node is None or outcome.faults or Standing.of(node) != memory.standing:
        return None
    return Done(Ref(SITE, visit.ref.uid, node.login), memory.scope, memory.as_state(), unchanged=True)
