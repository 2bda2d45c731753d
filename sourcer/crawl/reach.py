"""How far what is left of a quota reaches, in words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from sourcer.connect import SitePlan
from sourcer.domain import iso_time

__all__ = ["reach_of"]


def reach_of(
    name: str, plans: Iterable[SitePlan], left: Mapping[str, float | None], resets: Mapping[str, datetime | None]
) -> Iterator[str]:
    """A sentence for each bucket that holds less than a crawl needs; none where nobody knows what it holds.

    Args:
        name: The connector's.
        plans: What its sites are expected to cost.
        left: What may still be spent of each bucket.
        resets: When each is full again, as far as known.
    """
    planned = list(plans)
    people = sum(plan.people or 0 for plan in planned)
    for bucket, units in left.items():
        finding = sum(plan.discover.get(bucket, 0.0) for plan in planned)
        looking = sum(plan.cheap.get(bucket, 0.0) + plan.deep.get(bucket, 0.0) for plan in planned)
        needed = math.ceil(finding + looking)
        if units is None or needed <= units:
            continue
        reset = resets.get(bucket)
        until = f" until {iso_time(reset)}" if reset is not None else ""
        reached = math.floor(people * max(0.0, units - finding) / looking) if looking else 0
        yield (
            f"{name}: about {needed} {bucket} are needed and {math.floor(units)} are left{until}: that reaches "
            f"about {reached} of {people} people; what is left over is done by the next runs"
        )
