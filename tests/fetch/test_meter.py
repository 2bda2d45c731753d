from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sourcer.fetch.meter import MinuteMeter


def test_without_limits_nothing_waits() -> None:
    meter = MinuteMeter(None, None)
    for second in range(100):
        assert meter.free_at(second) == second
        meter.start(second)
        meter.end(second, second + 50)


def test_a_full_minute_frees_its_oldest_start() -> None:
    meter = MinuteMeter(2, None)
    meter.start(10.0)
    meter.start(20.0)
    assert meter.free_at(30.0) == 70.0
    assert meter.free_at(70.0) == 70.0


def test_long_answers_are_paid_for_with_rest() -> None:
    meter = MinuteMeter(None, 60.0)
    meter.end(0.0, 40.0)
    assert meter.free_at(40.0) == 40.0
    meter.end(40.0, 65.0)
    # 65 seconds of answering: the first 40 leave the minute at 100.
    assert meter.free_at(65.0) == 100.0


@given(st.lists(st.floats(0, 30), max_size=60), st.integers(1, 5))
def test_no_minute_ever_holds_more_starts_than_allowed(gaps: list[float], most: int) -> None:
    meter, now, starts = MinuteMeter(most, None), 0.0, []
    for gap in gaps:
        now = meter.free_at(now + gap)
        meter.start(now)
        starts.append(now)
    for start in starts:
        assert sum(start - 60 + 1e-6 < other <= start for other in starts) <= most


@given(st.lists(st.tuples(st.floats(0, 20), st.floats(0, 30)), max_size=40), st.floats(5, 60))
def test_nothing_starts_while_the_last_minute_was_too_busy(asked: list[tuple[float, float]], busy: float) -> None:
    meter, now = MinuteMeter(None, busy), 0.0
    ended: list[tuple[float, float]] = []
    for gap, seconds in asked:
        now = meter.free_at(now + gap)
        assert sum(took for end, took in ended if end > now - 60 + 1e-6) < busy + 1e-6
        meter.end(now, now + seconds)
        now += seconds
        ended.append((now, seconds))
