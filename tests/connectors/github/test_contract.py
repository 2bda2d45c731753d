from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

import respx

from sourcer.connect.testing import ConnectorContract
from sourcer_github import GitHub
from support.github_world import FakeGitHub, blob, repository, tree, user


class TestGitHub(ConnectorContract):
    connector = GitHub
    config: ClassVar[Mapping[str, Any]] = {"token": "not-a-real-token"}
    discover: ClassVar[Mapping[str, Any]] = {"topics": ["mlops", "mlflow"]}

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
        with respx.mock(assert_all_called=False) as router:
            router.post("https://api.github.com/graphql").mock(side_effect=FakeGitHub(people).handle)
            yield {}
