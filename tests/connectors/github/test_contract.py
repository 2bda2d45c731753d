from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

import pytest
import respx

from sourcer.connect.testing import ConnectorContract
from sourcer_github import GitHub
from support.github_world import FakeGitHub, blob, merged, repository, tree, user

pytestmark = pytest.mark.slow


class TestGitHub(ConnectorContract):
    connector = GitHub
    config: ClassVar[Mapping[str, Any]] = {"token": "not-a-real-token"}
    discover: ClassVar[Mapping[str, Any]] = {"topics": ["mlops", "mlflow"], "repositories": ["orchard/press"]}

    @contextmanager
    def world(self) -> Iterator[Mapping[str, Any]]:
        files = {"": tree("Dockerfile", "dags/"), "requirements.txt": blob("mlflow")}
        people = [
            user(
                number,
                f"ada-{number}",
                [repository(number, "work", topics=["mlops"], languages={"Python": 5}, files=files)],
                bio="Ships models.",
            )
            for number in range(120)
        ]
        # The first of them own repositories with the topics, the last do not.
        pulls = [merged(i, user(i, f"ada-{i}")) for i in range(60, 170)]
        orchard = user(900, "orchard", [repository(900, "press", pulls=pulls)], __typename="Organization")
        people += [user(i, f"ada-{i}") for i in range(120, 170)]
        with respx.mock(assert_all_called=False) as router:
            served = FakeGitHub(people, organisations=[orchard])
            router.post("https://api.github.com/graphql").mock(side_effect=served.handle)
            yield {}
