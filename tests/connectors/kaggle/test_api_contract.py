from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

import pytest
import respx

from sourcer.connect.testing import ConnectorContract
from sourcer_kaggle import Kaggle
from support.kaggle_world import API, FakeKaggle, kernel_of, person
from support.meta_kaggle import FIRST

pytestmark = pytest.mark.slow


class _Api(ConnectorContract):
    connector = Kaggle
    config: ClassVar[Mapping[str, Any]] = {"token": "invented-token"}

    @contextmanager
    def world(self) -> Iterator[Mapping[str, Any]]:
        people = [person(FIRST + n, "MASTER" if n % 2 else "GRANDMASTER") for n in range(70)]
        kernels = [kernel_of(50 + n, f"person{FIRST + n}", f"about-mlflow-{n}") for n in range(0, 70, 3)]
        served = FakeKaggle(people, kernels, page=7)
        served.sources = {kernel["ref"]: "import mlflow" for kernel in kernels}
        with respx.mock(assert_all_called=False) as router:
            router.post(url__startswith=f"{API}/").mock(side_effect=served.handle)
            yield {}


class TestTiers(_Api):
    discover: ClassVar[Mapping[str, Any]] = {"tiers": ["GRANDMASTER", "MASTER"]}


class TestSkills(_Api):
    discover: ClassVar[Mapping[str, Any]] = {"tiers": ["MASTER"], "skills": ["mlflow", "about"]}
