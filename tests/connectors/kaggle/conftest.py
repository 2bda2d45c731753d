"""An invented Kaggle behind the real fetcher, which never waits for real."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable

import pytest
import respx

from sourcer.config import FetchConfig
from sourcer.connect import Fetcher, Focus
from sourcer_kaggle import Kaggle
from sourcer_kaggle.settings import KaggleConfig
from support.clock import FakeClock
from support.kaggle_world import API, FakeKaggle


@pytest.fixture
def world() -> FakeKaggle:
    return FakeKaggle()


@pytest.fixture
def focus() -> Focus:
    def of(terms: Iterable[str]) -> float:
        return 1.0 if any("mlflow" in term.lower() for term in terms) else 0.2 if "language:python" in terms else 0.0

    return of


@pytest.fixture
async def kaggle(world: FakeKaggle, clock: FakeClock) -> AsyncIterator[Kaggle]:
    fetcher = Fetcher("kaggle", Kaggle.policy, FetchConfig(archive_dir=""), sleep=clock.sleep, clock=clock)
    with respx.mock(assert_all_called=False) as router:
        router.post(url__startswith=f"{API}/").mock(side_effect=world.handle)
        async with fetcher:
            yield Kaggle(KaggleConfig.model_validate({"token": "invented-token"}), fetcher)
