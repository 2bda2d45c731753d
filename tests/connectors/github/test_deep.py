"""The deep look, against an invented GitHub that answers the real queries by the real schema."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from sourcer.connect import Done, Evidence, Focus, Item, Ref, Unknown, Visit
from sourcer.connect.items import check_item
from sourcer_github import GitHub
from sourcer_github.chosen import MOST_EACH
from sourcer_github.contents import TREES_AT_ONCE
from sourcer_github.recall import PARSER
from support.github_world import Asked, FakeGitHub, blob, broken, laid_out, repository, tree, user

ADA = Ref("github", "1", "ada")
BEN = Ref("github", "2", "ben")
KINDS = ("repo.tree", "repo.file", "repo.dependency", "repo.readme", "repo.languages")
LIMITS = "GitHub answered RESOURCE_LIMITS_EXCEEDED"


class Looks:
    """A cheap look and the deep look that follows from its state, as the store hands it on."""

    def __init__(self, github: GitHub, focus: Focus) -> None:
        self.github = github
        self.focus = focus

    async def cheap(self, *refs: Ref, deep: Mapping[str, Any] | None = None) -> list[Visit]:
        visits = [Visit(ref) for ref in refs]
        items = [item async for item in self.github.fetch(visits, "cheap", self.focus)]
        return [
            Visit(item.ref, state={**(deep or {}), **(item.state or {})}) for item in items if isinstance(item, Done)
        ]

    async def deep(self, visits: Sequence[Visit]) -> list[Item]:
        items = [item async for item in self.github.fetch(visits, "deep", self.focus)]
        assert [check_item(item, self.github.sites()) for item in items] == [None] * len(items)
        closed = [item.ref.key for item in items if isinstance(item, Done)]
        assert sorted(closed) == sorted(visit.ref.key for visit in visits)
        return items

    async def __call__(self, *refs: Ref) -> list[Item]:
        return await self.deep(await self.cheap(*refs))


@pytest.fixture
def look(github: GitHub, focus: Focus) -> Looks:
    return Looks(github, focus)


def of_kind(items: Sequence[Item], kind: str) -> dict[str, Evidence]:
    return {item.title: item for item in items if isinstance(item, Evidence) and item.kind == kind}


def unknowns(items: Sequence[Item]) -> dict[str, str]:
    return {item.what: item.reason for item in items if isinstance(item, Unknown)}


def done(items: Sequence[Item]) -> Done:
    (found,) = [item for item in items if isinstance(item, Done)]
    return found


def telling(number: int, name: str = "models", files: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """A repository that the brief of these tests cares for."""
    return repository(number, name, topics=["mlops"], files=laid_out(files or {}), **more)


def asked_paths(asked: Asked) -> list[str]:
    return [str(value).removeprefix("HEAD:") for name, value in asked.variables.items() if name.startswith("e")]


def deep_questions(world: FakeGitHub) -> list[Asked]:
    return [asked for asked in world.asked if asked.kind == "Deep"]


async def test_what_a_repository_holds_is_evidence(look: Looks, world: FakeGitHub) -> None:
    files = {
        "Dockerfile": blob("FROM python:3.12\n"),
        "requirements.txt": blob("mlflow==2.9\ntorch>=2  # pinned later\n"),
        "README.md": blob("# Models\n\nTrained every night.\n"),
        "dags/nightly.py": blob("import airflow\n"),
        "src/train.py": blob("import torch\n"),
        ".github/workflows/ship.yml": blob("jobs:\n  ship:\n    steps:\n      - uses: actions/checkout@v4\n"),
        "tests/test_model.py": blob("import pytest\n"),
        "notes.txt": blob("nothing"),
    }
    world.users = [user(1, "ada", [telling(7, files=files, languages={"Python": 90, "Shell": 10})])]
    items = await look(ADA)
    assert {title: one.terms for title, one in of_kind(items, "repo.file").items()} == {
        "ada/models: Dockerfile": ("file:Dockerfile", "image:python"),
        "ada/models: .github/workflows/ship.yml": ("file:.github/workflows/ship.yml", "action:actions/checkout"),
        "ada/models: dags/nightly.py": ("file:dags/nightly.py", "import:airflow"),
        "ada/models: src/train.py": ("import:torch",),
    }
    assert of_kind(items, "repo.dependency")["ada/models: requirements.txt"].terms == ("pypi:mlflow", "pypi:torch")
    assert of_kind(items, "repo.readme")["ada/models: README.md"].terms == ("text:Models Trained every night.",)
    held = of_kind(items, "repo.tree")["ada/models: files"]
    assert set(held.terms) == {"file:dags/", "file:tests/", "file:.github/workflows/", "file:requirements.txt"}
    assert (held.measure["files"], held.measure["folders"], held.measure["unread"]) == (8, 5, 0)
    assert (held.measure["python"], held.measure["tests"], held.measure["dags"]) == (3, 1, 1)
    spoken = of_kind(items, "repo.languages")["ada/models: languages"]
    assert spoken.terms == ("language:python", "language:shell")
    assert spoken.measure == {"bytes": 100, "bytes.python": 90, "bytes.shell": 10}
    assert unknowns(items) == {}
    assert done(items).scope == KINDS


async def test_evidence_is_linked_and_dated_and_keeps_its_key(look: Looks, world: FakeGitHub) -> None:
    files = {"docker/Dockerfile.gpu v2": blob("FROM cuda\n"), "src/Dockerfile": blob("FROM python\n")}
    world.users = [user(1, "ada", [telling(7, files=files)])]
    items = await look(ADA)
    found = of_kind(items, "repo.file")["ada/models: src/Dockerfile"]
    assert found.url == "https://github.com/ada/models/blob/HEAD/src/Dockerfile"
    assert found.key == "7:src/Dockerfile"
    assert found.happened_at == datetime(2026, 10, 1, tzinfo=UTC)
    held = of_kind(items, "repo.tree")["ada/models: files"]
    assert (held.url, held.key) == ("https://github.com/ada/models", "7:")


async def test_an_archived_template_says_so_in_each_piece(look: Looks, world: FakeGitHub) -> None:
    files = {"Dockerfile": blob("FROM python\n"), "{{ name }}/Dockerfile": blob("FROM cuda\n")}
    world.users = [user(1, "ada", [telling(7, files=files, isArchived=True)])]
    items = await look(ADA)
    found = of_kind(items, "repo.file")
    assert list(found) == ["ada/models: Dockerfile"]
    assert (
        found["ada/models: Dockerfile"].measure["archived"],
        found["ada/models: Dockerfile"].measure["template"],
    ) == (
        1,
        1,
    )


async def test_a_name_that_tells_all_is_evidence_without_its_content(look: Looks, world: FakeGitHub) -> None:
    world.users = [user(1, "ada", [telling(7, files={"dbt_project.yml": blob("name: shop\n")})])]
    items = await look(ADA)
    assert of_kind(items, "repo.file")["ada/models: dbt_project.yml"].terms == ("file:dbt_project.yml",)
    assert [asked_paths(asked) for asked in deep_questions(world)] == [[]]


async def test_a_broken_manifest_survives(look: Looks, world: FakeGitHub) -> None:
    files = {"pyproject.toml": blob("[project\n"), "requirements.txt": blob("mlflow\n<<<<<<< HEAD\n")}
    world.users = [user(1, "ada", [telling(7, files=files)])]
    found = of_kind(items := await look(ADA), "repo.dependency")
    assert found["ada/models: pyproject.toml"].measure["broken"] == 1
    assert found["ada/models: requirements.txt"].terms == ("pypi:mlflow",)
    assert found["ada/models: requirements.txt"].measure["broken"] == 1
    assert unknowns(items) == {}


@pytest.mark.parametrize(
    "file",
    [
        {**blob(None), "byteSize": 5},
        blob("mlflow", truncated=True),
        blob("mlflow\n" * 50_000),
        {**blob("x"), "byteSize": MOST_EACH + 1},
    ],
)
async def test_a_manifest_that_cannot_be_read_is_unknown(look: Looks, world: FakeGitHub, file: dict[str, Any]) -> None:
    world.users = [user(1, "ada", [telling(7, files={"requirements.txt": file})])]
    items = await look(ADA)
    assert list(unknowns(items)) == ["repo.dependency"]
    assert unknowns(items)["repo.dependency"].startswith("requirements.txt of ada/models is too long")
    assert done(items).scope == tuple(kind for kind in KINDS if kind != "repo.dependency")
    # It stays so until somebody pushes.
    again = await look.deep(await look.cheap(ADA, deep=done(items).state))
    assert again == [Done(ADA, done(items).scope, done(items).state, unchanged=True)]


async def test_files_of_others_are_nobodys_evidence(look: Looks, world: FakeGitHub) -> None:
    files = {
        "vendor/requirements.txt": blob("mlflow\n"),
        "node_modules/package.json": blob("{}"),
        "env/pyvenv.cfg": blob("home = /usr"),
        "env/Dockerfile": blob("FROM python\n"),
        "app.py": blob("import flask\n"),
    }
    world.users = [user(1, "ada", [telling(7, files=files)])]
    items = await look(ADA)
    (held,) = of_kind(items, "repo.tree").values()
    assert (held.terms, held.measure["files"], held.measure["unread"]) == ((), 1, 0)
    assert list(of_kind(items, "repo.file")) == ["ada/models: app.py"]


async def test_paths_of_strangers_never_become_part_of_the_question(look: Looks, world: FakeGitHub) -> None:
    hostile = 'a") { id } } x: nodes(ids: ["/Dockerfile'
    files = {hostile: blob("FROM python\n"), "\x00\u202e/Dockerfile": blob("FROM python\n")}
    world.users = [user(1, "ada", [telling(7, files=files)])]
    items = await look(ADA)
    assert list(of_kind(items, "repo.file")) == [f"ada/models: {hostile}"]
    assert all("Dockerfile" not in asked.query for asked in world.asked)


async def test_a_file_that_is_a_folder_by_now_tells_nothing(look: Looks, world: FakeGitHub) -> None:
    held = telling(7, files={"requirements.txt": blob("mlflow\n"), "Dockerfile": blob("FROM python\n")})
    world.users = [user(1, "ada", [held])]
    listed = held["object"]
    swapped = {"HEAD:requirements.txt": tree("base.txt"), "HEAD:Dockerfile": None}
    held["object"] = lambda info, expression: swapped.get(expression, listed(info, expression))
    items = await look(ADA)
    assert {item.kind for item in items if isinstance(item, Evidence)} == {"repo.tree"}
    assert unknowns(items) == {}


async def test_an_empty_repository_has_nothing_to_tell(look: Looks, world: FakeGitHub) -> None:
    world.users = [user(1, "ada", [repository(7, "models", topics=["mlops"], pushedAt=None)])]
    items = await look(ADA)
    assert [item for item in items if isinstance(item, Evidence | Unknown)] == []
    assert done(items).scope == KINDS


async def test_the_best_five_of_ones_own_are_read(look: Looks, world: FakeGitHub) -> None:
    files = {"Dockerfile": blob("FROM python\n")}
    own = [telling(i, f"own-{i}", files, stargazerCount=i) for i in range(7)]
    others = [
        telling(50, "fork", files, isFork=True, stargazerCount=99),
        repository(51, "site", stargazerCount=99, files=laid_out(files)),
    ]
    world.users = [user(1, "ada", [*own, *others])]
    items = await look(ADA)
    assert list(of_kind(items, "repo.file")) == [f"ada/own-{i}: Dockerfile" for i in (6, 5, 4, 3, 2)]
    # What was not read cannot be marked vanished.
    assert "repo.file" in done(items).scope
    assert done(items).things == ("6", "5", "4", "3", "2")


async def test_n_groups_of_repositories_take_n_plus_one_questions(look: Looks, world: FakeGitHub) -> None:
    files = {"Dockerfile": blob("FROM python\n")}
    people = [
        user(i, f"ada-{i}", [telling(10 * i + j, f"own-{j}", files, languages={"Python": 9}) for j in range(5)])
        for i in range(1, 27)
    ]
    world.users = people
    items = await look(*(Ref("github", str(i), f"ada-{i}") for i in range(1, 27)))
    assert len(of_kind(items, "repo.file")) == len(of_kind(items, "repo.languages")) == 130
    questions = deep_questions(world)
    trees = [len(asked.variables.get("trees", ())) for asked in questions]
    assert trees == [TREES_AT_ONCE, TREES_AT_ONCE, 6, 0]
    assert [len(asked_paths(asked)) for asked in questions] == [0, *trees[:3]]
    assert [len(asked.variables.get("languages", ())) for asked in questions] == [33, 33, 33, 31]


async def test_one_repository_that_fails_does_not_lose_the_others(look: Looks, world: FakeGitHub) -> None:
    good = telling(7, "good", {"Dockerfile": blob("FROM python\n")})
    world.users = [user(1, "ada", [good]), user(2, "ben", [telling(8, "bad", object=broken(more_than=0))])]
    items = await look(ADA, BEN)
    assert list(of_kind(items, "repo.file")) == ["ada/good: Dockerfile"]
    assert {item for item in items if isinstance(item, Unknown)} == {Unknown(BEN, kind, LIMITS) for kind in KINDS[:4]}


async def test_files_that_fail_are_unknown_and_the_tree_stays(look: Looks, world: FakeGitHub) -> None:
    held = telling(7, files={"requirements.txt": blob("mlflow\n"), "README.md": blob("# Models\n")})
    world.users = [user(1, "ada", [held])]
    whole, failing = held["object"], broken(more_than=0)
    held["object"] = lambda info, expression: (
        failing(info) if expression == "HEAD:requirements.txt" else whole(info, expression)
    )
    items = await look(ADA)
    assert unknowns(items) == {"repo.dependency": LIMITS}
    assert list(of_kind(items, "repo.readme")) == ["ada/models: README.md"]
    assert len(of_kind(items, "repo.tree")) == 1


async def test_what_is_too_much_together_is_asked_in_halves(look: Looks, world: FakeGitHub) -> None:
    own = [telling(i, f"own-{i}", {"Dockerfile": blob("FROM python\n")}) for i in range(5)]
    world.users = [user(1, "ada", own)]
    visits = await look.cheap(ADA)

    def too_much(asked: Asked) -> httpx.Response | None:
        things = len(asked.variables.get("trees", ())) + len(asked_paths(asked))
        return httpx.Response(504, text="") if things > 2 else None

    world.fault = too_much
    items = await look.deep(visits)
    assert len(of_kind(items, "repo.file")) == 5
    assert unknowns(items) == {}


async def test_one_that_fails_alone_does_not_make_the_next_questions_small(look: Looks, world: FakeGitHub) -> None:
    refs = [Ref("github", str(i), f"ada-{i}") for i in range(1, 31)]
    world.users = [
        user(i, f"ada-{i}", [telling(100 * i + j, f"own-{j}") for j in range(5)]) for i in range(1, len(refs) + 1)
    ]
    visits = await look.cheap(*refs)
    world.asked.clear()
    await look.deep(visits)
    poisoned = world.asked[0].variables["languages"][-1]
    calm = len(world.asked)

    def fault(asked: Asked) -> httpx.Response | None:
        return httpx.Response(502, text="<html>") if poisoned in asked.variables.get("languages", ()) else None

    world.fault = fault
    world.asked.clear()
    await look.deep(visits)
    # Halving down to it, and a few tries.
    assert len(world.asked) <= calm + 25


async def test_a_site_that_is_down_leaves_everything_unknown(look: Looks, world: FakeGitHub) -> None:
    world.users = [user(1, "ada", [telling(7, files={"Dockerfile": blob("FROM python\n")})])]
    visits = await look.cheap(ADA)
    world.fault = lambda _: httpx.Response(502, text="<html>")
    items = await look.deep(visits)
    assert set(unknowns(items)) == set(KINDS)
    assert done(items).scope == ()


async def test_a_repository_that_is_gone_since_is_nothing_to_tell(look: Looks, world: FakeGitHub) -> None:
    world.users = [user(1, "ada", [telling(7)])]
    visits = await look.cheap(ADA)
    world.users[0]["_repositories"].clear()
    items = await look.deep(visits)
    assert [item for item in items if isinstance(item, Evidence | Unknown)] == []


async def test_languages_alone_may_be_unknown(look: Looks, world: FakeGitHub) -> None:
    world.users = [user(1, "ada", [telling(7, files={"app.py": blob("import flask\n")})])]
    world.users[0]["_repositories"][0]["languages"] = broken()
    items = await look(ADA)
    assert unknowns(items) == {"repo.languages": LIMITS}
    assert list(of_kind(items, "repo.file")) == ["ada/models: app.py"]


async def test_nothing_is_asked_again_while_nobody_pushes(look: Looks, world: FakeGitHub) -> None:
    held = telling(7, files={"Dockerfile": blob("FROM python\n")}, languages={"Python": 9})
    world.users = [user(1, "ada", [held, telling(8, "empty", pushedAt=None)])]
    first = done(await look(ADA))
    assert first.state is not None
    assert first.state["deep"]["read"] == {"R_7": "2026-10-01T00:00:00Z", "R_8": None}
    visits = await look.cheap(ADA, deep=first.state)
    world.asked.clear()
    assert await look.deep(visits) == [Done(ADA, first.scope, first.state, unchanged=True)]
    assert world.asked == []
    held["pushedAt"] = "2026-11-02T00:00:00Z"
    items = await look.deep(await look.cheap(ADA, deep=first.state))
    assert of_kind(items, "repo.file")["ada/models: Dockerfile"].happened_at == datetime(2026, 11, 2, tzinfo=UTC)


async def test_what_failed_or_was_read_otherwise_is_asked_again(look: Looks, world: FakeGitHub) -> None:
    held = telling(7, files={"Dockerfile": blob("FROM python\n")})
    world.users = [user(1, "ada", [held])]
    whole, held["object"] = held["object"], broken()
    failed = done(await look(ADA))
    assert failed.state is not None
    assert failed.state["deep"]["read"] == {}
    held["object"] = whole
    items = await look.deep(await look.cheap(ADA, deep=failed.state))
    assert list(of_kind(items, "repo.file")) == ["ada/models: Dockerfile"]
    state = done(items).state
    assert state is not None
    older = {"deep": {**state["deep"], "parser": PARSER - 1}}
    items = await look.deep(await look.cheap(ADA, deep=older))
    assert list(of_kind(items, "repo.file")) == ["ada/models: Dockerfile"]


def struck(world: FakeGitHub, asked: Asked) -> httpx.Response:
    """An answer that lacks the last thing that it was asked about."""
    body = world.answer(asked).json()
    name, value = [item for item in body["data"].items() if item[0] != "rateLimit"][-1]
    path = [name, len(value) - 1] if isinstance(value, list) else [name]
    body["data"][name] = [*value[:-1], None] if isinstance(value, list) else None
    body["errors"] = [{"type": "RESOURCE_LIMITS_EXCEEDED", "path": path, "message": "Resource limits exceeded."}]
    return httpx.Response(200, json=body)


@pytest.mark.slow
@pytest.mark.parametrize("turn", range(3))
async def test_faults_now_and_then_change_nothing(look: Looks, world: FakeGitHub, turn: int) -> None:
    files = {"Dockerfile": blob("FROM python\n"), "requirements.txt": blob("torch\n"), "README.md": blob("# Models")}
    world.users = [
        user(i, f"ada-{i}", [telling(10 * i + j, f"own-{j}", files, languages={"Python": 9}) for j in range(4)])
        for i in range(1, 27)
    ]
    visits = await look.cheap(*(Ref("github", str(i), f"ada-{i}") for i in range(1, 27)))
    world.asked.clear()
    calm = await look.deep(visits)
    questions = len(world.asked)
    assert not [item for item in calm if isinstance(item, Unknown)]
    ways: Iterator[Callable[[Asked], httpx.Response]]
    ways = itertools.cycle([lambda asked: struck(world, asked), lambda _: httpx.Response(502, text="<html>")])
    world.fault = lambda asked: next(ways)(asked) if len(world.asked) % 3 == turn else None
    for _ in range(3):
        before = len(world.asked)
        assert await look.deep(visits) == calm
        assert len(world.asked) - before > questions


@pytest.mark.parametrize("state", [None, {}, {"id": 5}, {"id": "U_1", "repositories": [{"terms": 3}]}])
async def test_without_the_memory_of_a_cheap_look_all_is_unknown(look: Looks, state: Any, world: FakeGitHub) -> None:
    items = await look.deep([Visit(ADA, state=state)])
    assert set(unknowns(items)) == set(KINDS)
    assert done(items).scope == ()
    assert world.asked == []


async def test_nobody_with_nothing_of_interest_is_asked_about(look: Looks, world: FakeGitHub) -> None:
    world.users = [user(1, "ada", [repository(7, "site")])]
    visits = await look.cheap(ADA)
    world.asked.clear()
    assert await look.deep(visits) == [Done(ADA, ())]
    assert world.asked == []
