from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from sourcer.connect import Done, Evidence, Focus, Item, Ref, Unknown, Visit
from sourcer.connect.items import check_item
from sourcer_github import GitHub
from support.github_world import FakeGitHub, blob, broken, repository, tree, user

ADA = Ref("github", "1", "ada")

WORKFLOW = """
on: push
jobs:
  ship:
    steps:
      - uses: actions/checkout@v4
      - name: log in
        uses: "Azure/login@v2"
      # uses: nobody/commented@v1
      - run: echo "uses: nobody/here@v1"
"""


class Looks:
    """A cheap look and the deep look that follows from its state."""

    def __init__(self, github: GitHub, focus: Focus) -> None:
        self.github = github
        self.focus = focus

    async def cheap(self, refs: Sequence[Ref]) -> list[Visit]:
        visits = [Visit(ref) for ref in refs]
        items = [item async for item in self.github.fetch(visits, "cheap", self.focus)]
        return [Visit(item.ref, state=item.state) for item in items if isinstance(item, Done)]

    async def deep(self, visits: Sequence[Visit]) -> list[Item]:
        items = [item async for item in self.github.fetch(visits, "deep", self.focus)]
        assert [check_item(item, self.github.sites()) for item in items] == [None] * len(items)
        closed = [item.ref.key for item in items if isinstance(item, Done)]
        assert sorted(closed) == sorted(visit.ref.key for visit in visits)
        return items

    async def __call__(self, *refs: Ref) -> list[Item]:
        return await self.deep(await self.cheap(refs))


@pytest.fixture
def look(github: GitHub, focus: Focus) -> Looks:
    return Looks(github, focus)


def of_kind(items: Sequence[Item], kind: str) -> dict[str, Evidence]:
    return {item.title: item for item in items if isinstance(item, Evidence) and item.kind == kind}


def unknowns(items: Sequence[Item]) -> dict[str, str]:
    return {item.what: item.reason for item in items if isinstance(item, Unknown)}


def scope(items: Sequence[Item]) -> tuple[str, ...]:
    (done,) = [item for item in items if isinstance(item, Done)]
    return done.scope


def telling(number: int, name: str = "models", **more: Any) -> dict[str, Any]:
    return repository(number, name, topics=["mlops"], **more)


async def test_files_of_the_root_and_workflows_are_evidence(look: Looks, world: FakeGitHub) -> None:
    files = {
        "": tree("Dockerfile", "main.tf", "notes.txt", "dags/", "Chart.yaml", "src/"),
        ".github/workflows": tree("README.md", **{"ship.yml": blob(WORKFLOW)}),
    }
    world.users = [user(1, "ada", [telling(7, files=files)])]
    items = await look(ADA)
    found = of_kind(items, "repo.file")
    assert {title: one.terms for title, one in found.items()} == {
        "ada/models: Dockerfile": ("file:Dockerfile",),
        "ada/models: main.tf": ("file:main.tf",),
        "ada/models: dags/": ("file:dags/",),
        "ada/models: Chart.yaml": ("file:Chart.yaml",),
        "ada/models: .github/workflows/ship.yml": (
            "file:.github/workflows/ship.yml",
            "action:actions/checkout",
            "action:azure/login",
        ),
    }
    dockerfile, dags = found["ada/models: Dockerfile"], found["ada/models: dags/"]
    assert dockerfile.url == "https://github.com/ada/models/blob/HEAD/Dockerfile"
    assert dockerfile.key == "7:Dockerfile"
    assert dockerfile.happened_at == datetime(2026, 10, 1, tzinfo=UTC)
    assert dags.url == "https://github.com/ada/models/tree/HEAD/dags"
    assert scope(items) == ("repo.file", "repo.dependency")


async def test_manifests_name_packages(look: Looks, world: FakeGitHub) -> None:
    files = {
        "requirements.txt": blob("mlflow==2.9\ntorch>=2  # pinned later\n"),
        "pyproject.toml": blob('[project]\ndependencies = ["FastAPI[all]>0.1"]\n'),
        "environment.yml": blob("name: x\ndependencies:\n  - python=3.11\n  - pip:\n    - dvc\n"),
    }
    world.users = [user(1, "ada", [telling(7, files=files)])]
    found = of_kind(await look(ADA), "repo.dependency")
    assert {title: one.terms for title, one in found.items()} == {
        "ada/models: requirements.txt": ("pypi:mlflow", "pypi:torch"),
        "ada/models: pyproject.toml": ("pypi:fastapi",),
        "ada/models: environment.yml": ("conda:python", "pypi:dvc"),
    }
    assert all(one.measure["broken"] == 0 for one in found.values())


async def test_a_broken_manifest_survives(look: Looks, world: FakeGitHub) -> None:
    files = {"pyproject.toml": blob("[project\n"), "requirements.txt": blob("mlflow\n<<<<<<< HEAD\n")}
    world.users = [user(1, "ada", [telling(7, files=files)])]
    found = of_kind(items := await look(ADA), "repo.dependency")
    assert found["ada/models: pyproject.toml"].measure == {"packages": 0, "broken": 1}
    assert found["ada/models: requirements.txt"].terms == ("pypi:mlflow",)
    assert found["ada/models: requirements.txt"].measure == {"packages": 1, "broken": 1}
    assert unknowns(items) == {}


@pytest.mark.parametrize("file", [blob(None), blob("mlflow", truncated=True), blob("mlflow\n" * 50_000)])
async def test_a_manifest_that_cannot_be_read_is_unknown(look: Looks, world: FakeGitHub, file: dict[str, Any]) -> None:
    world.users = [user(1, "ada", [telling(7, files={"requirements.txt": file})])]
    items = await look(ADA)
    assert unknowns(items) == {"repo.dependency": "requirements.txt of ada/models is too long or no text"}
    assert scope(items) == ("repo.file",)


async def test_a_folder_where_a_file_is_expected_is_no_manifest(look: Looks, world: FakeGitHub) -> None:
    world.users = [user(1, "ada", [telling(7, files={"requirements.txt": tree("base.txt"), "": blob("x")})])]
    items = await look(ADA)
    assert not [item for item in items if isinstance(item, Evidence)]
    assert unknowns(items) == {}


async def test_the_best_five_of_ones_own_are_read(look: Looks, world: FakeGitHub) -> None:
    files = {"": tree("Dockerfile")}
    own = [telling(i, f"own-{i}", stargazerCount=i, files=files) for i in range(7)]
    others = [
        telling(50, "fork", isFork=True, stargazerCount=99, files=files),
        repository(51, "site", stargazerCount=99, files=files),
        repository(52, "script", languages={"Python": 9}, stargazerCount=99, files=files),
    ]
    world.users = [user(1, "ada", [*own, *others])]
    items = await look(ADA)
    assert list(of_kind(items, "repo.file")) == [f"ada/own-{i}: Dockerfile" for i in (6, 5, 4, 3, 2)]
    # What was not read cannot be marked vanished.
    assert scope(items) == ()


async def test_repositories_of_many_people_share_questions(look: Looks, world: FakeGitHub) -> None:
    world.users = [
        user(i, f"ada-{i}", [telling(10 * i + j, f"own-{j}", files={"": tree("Dockerfile")}) for j in range(5)])
        for i in range(4)
    ]
    items = await look(*(Ref("github", str(i), f"ada-{i}") for i in range(4)))
    assert len(of_kind(items, "repo.file")) == 20
    assert world.kinds() == ["People", "Details", "Files", "Files"]


async def test_one_repository_that_fails_does_not_lose_the_others(look: Looks, world: FakeGitHub) -> None:
    good = telling(7, "good", files={"": tree("Dockerfile")})
    world.users = [user(1, "ada", [good]), user(2, "ben", [telling(8, "bad", object=broken(more_than=0))])]
    items = await look(ADA, Ref("github", "2", "ben"))
    assert list(of_kind(items, "repo.file")) == ["ada/good: Dockerfile"]
    reason = "GitHub answered RESOURCE_LIMITS_EXCEEDED"
    assert [item for item in items if isinstance(item, Unknown)] == [
        Unknown(Ref("github", "2", "ben"), "repo.file", reason),
        Unknown(Ref("github", "2", "ben"), "repo.dependency", reason),
    ]


async def test_a_batch_of_files_is_halved(look: Looks, world: FakeGitHub) -> None:
    world.users = [user(1, "ada", [telling(i, f"own-{i}", files={"": tree("Dockerfile")}) for i in range(5)])]
    visits = await look.cheap([ADA])
    world.fault = lambda asked: httpx.Response(504, text="") if len(asked.variables["ids"]) > 2 else None
    items = await look.deep(visits)
    assert len(of_kind(items, "repo.file")) == 5
    assert unknowns(items) == {}


async def test_a_repository_that_is_gone_since_is_nothing_to_tell(look: Looks, world: FakeGitHub) -> None:
    world.users = [user(1, "ada", [telling(7)])]
    visits = await look.cheap([ADA])
    world.users[0]["_repositories"].clear()
    items = await look.deep(visits)
    assert unknowns(items) == {}
    assert scope(items) == ("repo.file", "repo.dependency")


@pytest.mark.parametrize("state", [None, {}, {"id": 5}, {"id": "U_1", "repositories": [{"terms": 3}]}])
async def test_without_the_memory_of_a_cheap_look_files_are_unknown(look: Looks, state: Any, world: FakeGitHub) -> None:
    items = await look.deep([Visit(ADA, state=state)])
    assert set(unknowns(items)) == {"repo.file", "repo.dependency"}
    assert scope(items) == ()
    assert world.asked == []


async def test_nobody_with_nothing_of_interest_is_asked_about(look: Looks, world: FakeGitHub) -> None:
    world.users = [user(1, "ada", [repository(7, "site")])]
    visits = await look.cheap([ADA])
    world.asked.clear()
    assert await look.deep(visits) == [Done(ADA, ())]
    assert world.asked == []
