"""Asking about many things in questions that GitHub can answer in its ten seconds.

What is too much shows only when it is asked: a question that fails is asked again in halves, and the following ones are
as small, each up to half as large again as one that succeeded. All of it happens within one call, so that a replay asks
exactly the same.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from operator import attrgetter
from typing import Final, TypeVar

from sourcer.connect import AnswerError
from sourcer_github.client import UNTYPED, Fault, Outcome

__all__ = ["answer_each"]

_Job = TypeVar("_Job")

TRIES: Final = 3
"""How often something is asked about at least before it is unknown; the last times alone."""

FUTILE: Final = 8
"""Questions that fail in a row, besides those that halving takes: then the site is down, and the rest is left."""

FORGOTTEN: Final = 4
"""Answers in a row after which a question may be as long again as one that failed."""

TOO_MUCH: Final = ("RESOURCE_LIMITS_EXCEEDED", "MAX_NODE_LIMIT_EXCEEDED", "TIMEOUT", UNTYPED)
"""Faults in an answer that a smaller question may not have. GitHub's words about a timeout come without a type."""

HOPELESS: Final = ("http_400", "http_422")
"""Kinds of failure that are about the question's text, whatever it asks about."""

INSISTED: Final = ("server_error", "transport", "bad_body")
"""Kinds of failure that the fetcher gives only after several attempts with pauses."""


async def answer_each(
    ask: Callable[[Sequence[_Job]], Awaitable[Sequence[Outcome]]],
    jobs: Sequence[_Job],
    most: int,
    settled: Callable[[Outcome], bool] = attrgetter("settled"),
) -> list[Outcome]:
    """Ask about all jobs, in questions of at most ``most``; what did not come whole is asked again in smaller ones.

    Args:
        ask: One question about some jobs: an outcome for each, in order. One about several jobs passes ``many=True`` to
            :meth:`~sourcer_github.client.Client.ask`.
        jobs: What is asked about.
        most: In one question.
        settled: Whether an outcome is not to be asked for again.

    Returns:
        An outcome for each job, in order: the last one that told something of it, which may be partial or empty.
    """
    line = _Line(len(jobs), max(1, most), settled)
    while part := line.next_part():
        try:
            outcomes = await ask([jobs[position] for position in part])
        except AnswerError as error:
            line.take_failure(part, error)
        else:
            line.take(part, outcomes)
    return line.outcomes


class _Line:
    """Who still waits for an answer, in groups that may be asked about together, and how much is asked at once."""

    def __init__(self, number: int, most: int, settled: Callable[[Outcome], bool]) -> None:
        self.outcomes = [Outcome(None)] * number
        self._settled = settled
        self._most = self._size = self._cap = most
        self._asked = [0] * number
        self._waiting = deque([(list(range(number)), most)] if number else [])
        self._too_long = most + 1
        self._successes = 0
        self._in_vain = 0
        self._patience = min(most, number).bit_length() + FUTILE

    def next_part(self) -> list[int]:
        """Whom the next question is about: groups are cut evenly. Empty at the end."""
        if not self._waiting:
            return []
        group, self._cap = self._waiting.popleft()
        questions = _ceil(len(group), min(self._cap, self._size))
        length = _ceil(len(group), questions)
        if length < len(group):
            self._waiting.appendleft((group[length:], self._cap))
        return group[:length]

    def take(self, part: Sequence[int], outcomes: Sequence[Outcome]) -> None:
        """Note an answer; those of whom it did not tell all it can go to the front of the line."""
        self._in_vain = 0
        for position, outcome in zip(part, outcomes, strict=True):
            self._note(position, outcome)
        left = {i: outcome for i, outcome in zip(part, outcomes, strict=True) if not self._settled(outcome)}
        faults = {fault.type for outcome in left.values() for fault in outcome.faults}
        if len(part) > 1 and faults.intersection(TOO_MUCH):
            # Those who come again after a fault are fewer each time; what they come to says little of the others.
            if self._cap == self._most:
                self._shrink(len(part))
        else:
            self._grow(len(part))
        self._ask_again(list(left), len(part))

    def take_failure(self, part: Sequence[int], error: AnswerError) -> None:
        """Note that a question came to nothing."""
        self._in_vain += 1
        for position in part:
            self._note(position, Outcome(None, (Fault(error.kind),)))
        if self._in_vain >= self._patience:
            self._give_up(error)
        elif error.kind not in HOPELESS:
            self._shrink(len(part))
            if len(part) > 1 or error.kind not in INSISTED:
                self._ask_again(list(part), len(part))

    def _shrink(self, length: int) -> None:
        self._successes = 0
        if length == 1:
            # What fails alone fails in any question: it was not the length.
            self._size, self._too_long = self._most, self._most + 1
        else:
            self._size, self._too_long = _ceil(length, 2), min(self._too_long, length)

    def _grow(self, length: int) -> None:
        self._successes += 1
        if self._successes >= FORGOTTEN:
            self._too_long = self._most + 1
        self._size = min(max(self._size, _ceil(3 * length, 2)), self._too_long - 1)

    def _note(self, position: int, outcome: Outcome) -> None:
        """Keep what is new, unless it tells less than what is known."""
        self._asked[position] += 1
        if outcome.value is not None or outcome.missing or self.outcomes[position].value is None:
            self.outcomes[position] = outcome

    def _ask_again(self, positions: list[int], together: int) -> None:
        if together == 1:
            positions = [position for position in positions if self._asked[position] < TRIES]
        if positions:
            self._waiting.appendleft((positions, _ceil(together, 2)))

    def _give_up(self, error: AnswerError) -> None:
        for group, _ in self._waiting:
            for position in group:
                self._note(position, Outcome(None, (Fault(error.kind),)))
        self._waiting.clear()


def _ceil(number: int, parts: int) -> int:
    return -(-number // parts)
