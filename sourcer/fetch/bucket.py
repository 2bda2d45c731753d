"""Keeps one quota of a site: what is left, when it is full again, and who may start a request now."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Final, NamedTuple

from sourcer.errors import Spent
from sourcer.fetch.answer import Answer
from sourcer.fetch.budget import Clock, RunBudget, Sleep, WaitAllowance
from sourcer.fetch.meter import MinuteMeter
from sourcer.fetch.places import read_number, read_place
from sourcer.fetch.policy import Bucket, Quota, Refusal
from sourcer.fetch.waits import retry_after, seconds_in_words

__all__ = ["BucketGate"]

_MOST_REFUSALS: Final = 5
# Clocks differ a little: a request at the very second of the reset is often still refused.
_PAD: Final = 1.0
# The first pause after an answer of a site in trouble that its caller takes as it is; as with attempts, see retry.py.
_FIRST_REST: Final = 0.5
_LONGEST_REST: Final = 20.0
# A reset farther away than this is a number that means something else.
_FARTHEST: Final = 40 * 86400.0


class _Obstacle(NamedTuple):
    until: float
    why: str
    is_quota: bool


class BucketGate:
    """Lets requests of one bucket through, one by one and never into the reserve.

    What an answer says about the quota is believed; what no answer said is counted here from the policy's limit, a
    request as one unit; what nobody knows stays unknown and holds nothing up.

    Args:
        connector: Named in messages.
        bucket: The quota as the policy describes it.
        quota: Where answers tell about it.
        reserve: Share of the quota that is never spent.
        run: Counts the requests of the whole run.
        allowance: How long may be waited.
        clock: Tells the time, epoch seconds.
        sleep: Waits for the pace.
    """

    def __init__(
        self,
        connector: str,
        bucket: Bucket,
        quota: Quota,
        *,
        reserve: float,
        run: RunBudget,
        allowance: WaitAllowance,
        clock: Clock,
        sleep: Sleep,
    ) -> None:
        self.connector = connector
        self.name = bucket.name
        self.limit = bucket.limit
        self.remaining = bucket.limit
        self.reset: float | None = None
        self._bucket = bucket
        self._quota = quota
        self._reserve = reserve
        self._run = run
        self._allowance = allowance
        self._clock = clock
        self._sleep = sleep
        self._turns = asyncio.Semaphore(max(1, bucket.concurrency))
        self._meter = MinuteMeter(bucket.per_minute, bucket.busy_per_minute)
        self._told = False
        self._in_flight = 0
        self._next_start = 0.0
        self._paused_until = 0.0
        self._pause_why = ""
        self._resting: dict[str, float] = {}
        self._refusals = 0
        self._stumbles = 0
        self._waves = 0
        # What the next request may cost, judged by the dearest one so far.
        self._dearest = 1.0

    @property
    def floor(self) -> float:
        """Units that are never spent."""
        return self._reserve * self.limit if self.limit is not None else 0.0

    def left(self) -> float | None:
        """Units that may still be spent in this window, the reserve not counted; ``None`` is unknown."""
        self._renew()
        return None if self.remaining is None else max(0.0, self.remaining - self.floor)

    @contextlib.asynccontextmanager
    async def turn(self, lane: str = "") -> AsyncIterator[int]:
        """Hold while one request is under way; waits for its turn, the pace, pauses of all and of its lane, the quota.

        Yields the number of waves of refusals so far, which :meth:`refused` wants back.

        Raises:
            Spent: No request is left in the run, or the wait would be too long.
        """
        async with self._turns:
            self._run.check()
            await self._wait_for_start(lane)
            self._run.take()
            self._count_start()
            started = self._clock()
            try:
                yield self._waves
            finally:
                self._in_flight -= 1
                self._meter.end(started, self._clock())

    async def _wait_for_start(self, lane: str) -> None:
        obstacle = self._obstacle(lane)
        while True:
            while obstacle is not None:
                await self._allowance.wait_until(obstacle.until, obstacle.why)
                self._lift(obstacle)
                obstacle = self._obstacle(lane)
            await self._keep_pace()
            # While this one kept the pace, an answer to another may have closed the gate.
            obstacle = self._obstacle(lane)
            if obstacle is None:
                return

    async def _keep_pace(self) -> None:
        now = self._clock()
        start = max(self._meter.free_at(now), self._next_start)
        self._next_start = start + self._bucket.pace
        self._meter.start(start)
        if start > now:
            await self._sleep(start - now)

    def _obstacle(self, lane: str) -> _Obstacle | None:
        self._renew()
        if self._paused_until > self._clock():
            return _Obstacle(self._paused_until, self._pause_why, is_quota=False)
        if self._resting.get(lane, 0.0) > self._clock():
            return _Obstacle(self._resting[lane], f"the site asks for a pause of {lane}", is_quota=False)
        if self.remaining is None or self.remaining - self._dearest >= self.floor:
            return None
        if self.limit is not None and self.remaining >= self.limit > 0:
            return None  # a full quota that is smaller than the reserve leaves room for: one request at a time
        if self.reset is None:
            self.reset = self._window_end()
        return _Obstacle(self.reset + _PAD, f"the quota of {self.name} is used up", is_quota=True)

    def _lift(self, obstacle: _Obstacle) -> None:
        # What was waited for is over by definition, even for a clock that stands still. What came meanwhile stays.
        if obstacle.is_quota:
            if self.reset is not None and self.reset + _PAD <= obstacle.until:
                self._refill()
        else:
            if self._paused_until <= obstacle.until:
                self._paused_until = 0.0
            self._resting = {lane: until for lane, until in self._resting.items() if until > obstacle.until}

    def _renew(self) -> None:
        if self.reset is not None and self._clock() >= self.reset + _PAD:
            self._refill()

    def _refill(self) -> None:
        self.remaining = self.limit
        self.reset = None
        self._told = False

    def _window_end(self) -> float:
        # Sites whose answers name no reset have fixed windows: a daily quota is back at 00:00 UTC.
        window = max(self._bucket.window, 1.0)
        return (self._clock() // window + 1) * window

    def _count_start(self) -> None:
        self._in_flight += 1
        if self.remaining is not None:
            self.remaining = max(0.0, self.remaining - 1)
            if self.reset is None and not self._told:
                self.reset = self._clock() + self._bucket.window

    def learn(self, answer: Answer, lane: str = "") -> float:
        """Read what an answer tells about the quota; call it within the turn. Gives what the request cost, in units."""
        cost = read_number(answer, self._quota.cost)
        units = cost if cost is not None else float(answer.status != 304)  # noqa: PLR2004  # an unchanged page is free
        self._dearest = max(self._dearest, units)
        ours = self._is_ours(answer)
        limit = read_number(answer, self._quota.limit) if ours else None
        if limit is not None:
            self.limit = limit
        remaining = read_number(answer, self._quota.remaining) if ours else None
        if remaining is not None:
            # Requests under way were not counted yet when the site wrote this.
            self.remaining = max(0.0, remaining - max(0, self._in_flight - 1))
            self._told = True
            self.reset = self._told_reset(answer)
        elif self.remaining is not None:
            self.remaining = max(0.0, self.remaining + 1 - units)
        pause = read_number(answer, self._quota.pause)
        if pause and lane:
            self._resting[lane] = max(self._resting.get(lane, 0.0), self._clock() + pause)
        elif pause:
            self._pause(self._clock() + pause, f"the site asks for a pause of {self.name}")
        return units

    def _is_ours(self, answer: Answer) -> bool:
        """Whether what an answer tells of limits is about this bucket: taken for granted where it names none."""
        named = read_place(answer, self._quota.resource)
        return not named or str(named[0]).strip().lower() == self.name

    def _told_reset(self, answer: Answer) -> float | None:
        told = read_number(answer, self._quota.reset)
        now = self._clock()
        return told if told is not None and now < told < now + _FARTHEST else None

    def accepted(self) -> None:
        """The site answered: refusals are counted anew."""
        self._refusals = 0

    def recovered(self) -> None:
        """The site gave a good answer: pauses grow anew from the first."""
        self._stumbles = 0

    def stumbled(self, answer: Answer) -> None:
        """The site is in trouble, and its caller asks for less: the next request waits, each time twice as long."""
        told = retry_after(answer, self._clock())
        rest = _FIRST_REST * 2.0**self._stumbles if told is None else told
        self._stumbles += 1
        self._next_start = max(self._next_start, self._clock() + min(rest, _LONGEST_REST))

    def refused(self, answer: Answer, refusal: Refusal, wave: int) -> None:
        """The site refused for now: close the gate as long as it says.

        Args:
            answer: The refusal.
            refusal: What the policy says about it.
            wave: What :meth:`turn` yielded. Requests that were under way together are refused together: that is one
                wave and counts once.

        Raises:
            Spent: The site refused again and again although it was waited for.
        """
        is_new = wave == self._waves
        if is_new:
            self._waves += 1
            self._refusals += 1
        if self._refusals > _MOST_REFUSALS:
            raise Spent(
                f"{self.connector}: the site went on refusing {self.name} (HTTP {answer.status}) after "
                f"{_MOST_REFUSALS} waits; run it again later to go on from here"
            )
        back_at = self._told_back_at(answer, refusal)
        if back_at is None and is_new:
            back_at = self._clock() + refusal.wait * 2.0 ** (self._refusals - 1)
        if back_at is not None:
            self._pause(back_at, f"the site limits {self.name} (HTTP {answer.status})")

    def _told_back_at(self, answer: Answer, refusal: Refusal) -> float | None:
        now = self._clock()
        asked = retry_after(answer, now)
        if asked is None:
            asked = seconds_in_words(answer, refusal.told)
        if asked is not None:
            return now + asked
        reset = self._told_reset(answer) if self._is_ours(answer) else None
        if reset is not None and read_number(answer, self._quota.remaining) == 0:
            return reset + _PAD
        return None

    def rest_with(self, other: BucketGate) -> None:
        """Stay closed as long as another one: the site limits all of its buckets."""
        self._pause(other._paused_until, other._pause_why)

    def _pause(self, until: float, why: str) -> None:
        if until > self._paused_until:
            self._paused_until = until
            self._pause_why = why
