from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcer.connect import AnswerError
from sourcer_github.client import Fault, Outcome
from sourcer_github.sizing import FUTILE, TRIES, answer_each

LIMITS = Fault("RESOURCE_LIMITS_EXCEEDED")
GONE = Outcome(None, (Fault("NOT_FOUND"),), missing=True)


@dataclass
class Site:
    """Answers questions about numbers, unless they ask too much.

    Args:
        most: A question about more comes to nothing.
        poison: These make any question fail.
        heavy: These come without a value, with a fault.
        missing: These do not exist.
        kind: What a question fails with.
    """

    most: int = 1_000
    poison: frozenset[int] = frozenset()
    heavy: frozenset[int] = frozenset()
    missing: frozenset[int] = frozenset()
    kind: str = "http_504"
    asked: list[tuple[int, ...]] = field(default_factory=list)
    failed: list[tuple[int, ...]] = field(default_factory=list)

    async def __call__(self, some: Sequence[int]) -> list[Outcome]:
        self.asked.append(tuple(some))
        if len(some) > self.most or self.poison.intersection(some):
            self.failed.append(tuple(some))
            raise AnswerError("it took too long", kind=self.kind)
        return [self.tell(one) for one in some]

    def tell(self, one: int) -> Outcome:
        """What it says of one number."""
        if one in self.missing:
            return GONE
        return Outcome(None, (LIMITS,)) if one in self.heavy else Outcome({"number": one})

    @property
    def sizes(self) -> list[int]:
        """How much each question was about."""
        return [len(some) for some in self.asked]


NUMBERS = st.frozensets(st.integers(0, 79), max_size=6)


@given(
    number=st.integers(0, 80),
    most=st.integers(1, 148),
    fits=st.integers(1, 148),
    poison=NUMBERS,
    heavy=NUMBERS,
    missing=NUMBERS,
)
async def test_each_is_told_about_once_in_order_and_nobody_for_nothing(  # noqa: PLR0917  # what can be planted
    number: int, most: int, fits: int, poison: frozenset[int], heavy: frozenset[int], missing: frozenset[int]
) -> None:
    site = Site(fits, poison, heavy, missing)
    outcomes = await answer_each(site, range(number), most)
    assert outcomes == [
        Outcome(None, (Fault("http_504"),)) if one in poison else site.tell(one) for one in range(number)
    ]
    assert all(0 < size <= most for size in site.sizes)
    answered: set[int] = set()
    for some in site.asked:
        assert not answered.intersection(some)
        if some not in site.failed:
            answered.update(one for one in some if site.tell(one).whole)
    levels = most.bit_length() + TRIES
    assert all(times <= levels for times in Counter(one for some in site.asked for one in some).values())
    if most <= fits and not poison.union(heavy).intersection(range(number)):
        assert len(site.asked) == -(-number // most)


async def test_questions_are_cut_evenly() -> None:
    site = Site()
    await answer_each(site, range(74), 29)
    assert site.sizes == [25, 25, 24]


async def test_what_fails_is_halved_and_the_following_grow_again() -> None:
    site = Site(most=12)
    await answer_each(site, range(100), 20)
    assert site.sizes == [20, 10, 10, 14, 7, 7, 11, 11, 15, 8, 7, 10, 10, 9]


async def test_one_that_is_too_much_does_not_make_all_others_come_again() -> None:
    site = Site(heavy=frozenset({3}))
    outcomes = await answer_each(site, range(60), 20)
    assert outcomes[3] == Outcome(None, (LIMITS,))
    assert [some for some in site.asked if 3 in some] == [tuple(range(20)), (3,), (3,)]
    assert site.sizes == [20, 1, 1, 10, 15, 15]


async def test_one_that_makes_every_question_fail_is_found_and_does_not_slow_down_the_rest() -> None:
    site = Site(poison=frozenset({3}))
    outcomes = await answer_each(site, range(74), 29)
    assert [number for number, outcome in enumerate(outcomes) if not outcome.whole] == [3]
    assert site.sizes == [25, 13, 7, 4, 2, 2, 1, 1, 3, 6, 12, 25, 24]


@pytest.mark.parametrize(("kind", "times"), [("http_502", TRIES), ("an error", TRIES), ("transport", 1)])
async def test_one_alone_is_asked_again_unless_the_fetcher_has_insisted(kind: str, times: int) -> None:
    site = Site(most=0, kind=kind)
    (outcome,) = await answer_each(site, [1], 29)
    assert outcome.reason == f"GitHub answered {kind}"
    assert len(site.asked) == times


@pytest.mark.parametrize("kind", ["http_422", "http_400"])
async def test_a_question_that_is_wrong_is_not_asked_in_pieces(kind: str) -> None:
    site = Site(most=0, kind=kind)
    outcomes = await answer_each(site, range(20), 10)
    assert site.sizes == [10, 10]
    assert {outcome.reason for outcome in outcomes} == {f"GitHub answered {kind}"}


@pytest.mark.parametrize("kind", ["transport", "http_502", "not_archived"])
async def test_a_site_that_is_down_is_not_asked_about_everybody(kind: str) -> None:
    site = Site(most=0, kind=kind)
    outcomes = await answer_each(site, range(148), 148)
    assert [outcome.reason for outcome in outcomes] == [f"GitHub answered {kind}"] * 148
    assert len(site.asked) <= 8 + FUTILE


async def test_a_fault_that_passes_is_mended() -> None:
    faults = [Fault("SERVICE_UNAVAILABLE", ("name",))]

    async def ask(some: Sequence[int]) -> list[Outcome]:
        return [Outcome({"number": one}, tuple(faults[:1] if one == 5 and faults else ())) for one in some]

    def clear() -> Callable[[Outcome], bool]:
        def settled(outcome: Outcome) -> bool:
            if outcome.faults:
                faults.clear()
            return outcome.settled

        return settled

    outcomes = await answer_each(ask, range(9), 9, clear())
    assert outcomes[5] == Outcome({"number": 5})


async def test_what_was_told_in_part_is_kept_when_asking_again_tells_nothing() -> None:
    part = Outcome({"login": "ada"}, (Fault("SERVICE_UNAVAILABLE", ("repositories",)),))

    async def ask(some: Sequence[int]) -> list[Outcome]:
        if len(some) == 1:
            raise AnswerError("no", kind="server_error")
        return [part if one == 1 else Outcome({}) for one in some]

    assert (await answer_each(ask, range(3), 3))[1] == part


@pytest.mark.parametrize("kind", ["NOT_FOUND", "FORBIDDEN"])
async def test_what_would_be_told_again_is_not_asked_again(kind: str) -> None:
    asked = []

    async def ask(some: Sequence[int]) -> list[Outcome]:
        asked.append(tuple(some))
        return [Outcome({"login": "ada"}, (Fault(kind, ("company",)),)) for _ in some]

    await answer_each(ask, range(3), 3)
    assert asked == [(0, 1, 2)]
