"""Lists that are longer than what the API shows of one without a key: they are cut by date before they are read.

How much lies in a slice is one cheap question. To cut a list only when its last page has come is to read it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from sourcer_stackoverflow.api.client import AT_ONCE
from sourcer_stackoverflow.api.steps import FIRST_DAY, Step
from sourcer_stackoverflow.api.wire import QuestionPost

__all__ = ["DEEPEST", "halves", "list_price", "readable", "shares"]

DEEPEST: Final = 8
"""How often a slice is cut in two: then it is less than a month, and what is not shown of it stays unread."""


def halves(step: Step, room: int | None, now: int) -> Sequence[Step]:
    """A list that is too long in two slices of time, the newer first; nothing where it can be read as it is.

    Args:
        step: The list, with how much is in it at most.
        room: How much of a list is shown; ``None`` is all.
        now: The end of a list that is no slice yet.
    """
    since, until = step.since or FIRST_DAY, step.until or now
    if room is None or step.most <= room or step.page > 1 or step.cuts >= DEEPEST or since >= until:
        return ()
    middle = (since + until) // 2
    half = replace(step, cuts=step.cuts + 1)
    return replace(half, since=middle + 1, until=until), replace(half, since=since, until=middle)


def readable(slices: Sequence[Step], newer: int) -> list[Step]:
    """The halves with how much is in them; the older one is read in any case, should more have been written since."""
    first, second = slices
    rest = replace(second, most=max(0, second.most - newer))
    return [replace(first, most=newer), rest] if newer else [rest]


def shares(questions: Iterable[QuestionPost], room: int | None) -> list[tuple[int, ...]]:
    """The questions that were answered, in groups whose answers are all shown."""
    groups: list[list[int]] = []
    left = 0
    for one in questions:
        answers = one.answer_count
        if answers == 0:
            continue
        left -= answers or 1
        if not groups or (room is not None and left < 0):
            groups.append([])
            left = (room or 0) - (answers or 1)
        groups[-1].append(one.question_id)
    return [tuple(group) for group in groups]


def list_price(items: int, room: int | None) -> tuple[int, int]:
    """The most cuts and the most pages that a list takes.

    Of the slices that are cut, each holds more than is shown: of one size there are only so many.
    """
    if room is None or items <= room:
        return 0, -(-items // AT_ONCE)
    cuts = sum(min(2**level, items // (room + 1)) for level in range(DEEPEST))
    # There is one slice more than there are cuts, and the last page of each is not full, or empty.
    return cuts, items // AT_ONCE + cuts + 1
