"""The deep look without credentials: the same evidence, of one repository and few files."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from sourcer.connect import Done, Focus, Visit
from sourcer_github import GitHub
from sourcer_github.recall import PARSER
from sourcer_github.rest.deep import FILES_EACH, NOT_READ, REQUESTS_EACH
from support.github_looks import Looks, ends, of_kind, unknowns, visit
from support.github_rest import FakeRest
from support.github_world import FakeGitHub, blob, laid_out, repository, user

ADA = 2_000_000_001
KINDS = ("repo.tree", "repo.file", "repo.dependency", "repo.readme", "repo.languages")
FILES = {
    "requirements.txt": blob("mlflow==2\ntorch\n"),
    "README.md": blob("# Serving\n\nTrains and serves a model."),
    "Dockerfile": blob("FROM python:3.12\n"),
    "dags/train.py": blob("import airflow\n"),
    ".github/workflows/ci.yml": blob("on: push\njobs: {a: {steps: [{uses: actions/checkout@v4}]}}\n"),
    "src/deep/er/still.py": blob("import os\n"),
    "tests/test_it.py": blob("def test(): ...\n"),
}


@pytest.fixture
def look(anonymous: GitHub, focus: Focus) -> Looks:
    return Looks(anonymous, focus)


def ada(files: dict[str, Any] | None = None, **more: Any) -> Any:
    held = laid_out(FILES if files is None else files) if files != {} else {}
    owned = [
        repository(1, "serving", topics=["mlops"], languages={"Python": 9}, stargazerCount=9, files=held, **more),
        repository(2, "other", topics=["mlops"], files=laid_out({"Dockerfile": blob("FROM x")})),
    ]
    return user(ADA, "ada-example", owned)


async def looked_at(look: Looks, api: FakeRest) -> Visit:
    """Ada after the cheap look."""
    state = ends(await look([visit(ADA, "ada-example")]))[str(ADA)].state
    api.asked.clear()
    api.left["core"] = 60
    return visit(ADA, "ada-example", state)


async def test_it_reads_one_repository_as_graphql_does(
    look: Looks, world: FakeGitHub, api: FakeRest, github: GitHub, focus: Focus
) -> None:
    world.users = [ada()]
    known = await looked_at(look, api)
    over_rest = await look([known], "deep")
    over_graphql = await Looks(github, focus)([known], "deep")
    assert len(api.asked) == REQUESTS_EACH
    assert api.paths[:2] == ["/repositories/1", "/repos/ada-example/serving/git/trees/HEAD"]
    assert all(path.startswith("/repos/ada-example/serving/contents/") for path in api.paths[2:])
    (tree,) = of_kind(over_rest, "repo.tree")
    assert tree.measure["files"] == 6
    # Three files were not read; what was read is the same piece by piece.
    kinds = ("repo.file", "repo.dependency", "repo.readme")
    found = [one for kind in kinds for one in of_kind(over_rest, kind)]
    whole = [one for kind in kinds for one in of_kind(over_graphql, kind)]
    assert len(found) == FILES_EACH
    assert all(one in whole for one in found)
    assert any("pypi:mlflow" in one.terms for one in found)
    assert unknowns(over_rest) == dict.fromkeys(KINDS, NOT_READ)
    assert ends(over_rest)[str(ADA)].scope == ()


async def test_nothing_is_asked_while_nobody_pushes(look: Looks, world: FakeGitHub, api: FakeRest) -> None:
    world.users = [ada()]
    known = await looked_at(look, api)
    first = ends(await look([known], "deep"))[str(ADA)]
    again = Visit(known.ref, state={**(first.state or {}), **(known.state or {})})
    api.asked.clear()
    assert await look([again], "deep") == [Done(known.ref, (), first.state, unchanged=True)]
    assert api.asked == []
    world.users = [ada(pushedAt="2026-11-11T11:11:11Z")]
    moved = await looked_at(look, api)
    later = Visit(known.ref, state={**(first.state or {}), **(moved.state or {})})
    assert not ends(await look([later], "deep"))[str(ADA)].unchanged
    assert len(api.asked) == REQUESTS_EACH


async def test_nobody_is_read_of_whom_nothing_is_of_interest(
    anonymous: GitHub, world: FakeGitHub, api: FakeRest
) -> None:
    world.users = [ada()]
    look = Looks(anonymous, lambda _: 0.0)
    known = await looked_at(look, api)
    items = await look([known], "deep")
    assert api.asked == []
    assert ends(items) == {str(ADA): Done(known.ref)}


async def test_without_a_cheap_look_it_is_unknown(look: Looks, api: FakeRest) -> None:
    items = await look([visit(ADA, "ada-example")], "deep")
    assert unknowns(items) == dict.fromkeys(KINDS, "no cheap look has listed the repositories")
    assert api.asked == []


@pytest.mark.parametrize(
    ("path", "answer", "expected"),
    [
        ("/repositories/1", httpx.Response(404, json={"message": "Not Found"}), {}),
        ("/repositories/1", httpx.Response(451, json={}), dict.fromkeys(KINDS[:4], "GitHub answered HTTP 451")),
        (
            "/repos/ada-example/serving/git/trees/HEAD",
            httpx.Response(409, json={"message": "Git Repository is empty."}),
            {},
        ),
        (
            "/repos/ada-example/serving/git/trees/HEAD",
            httpx.Response(403, json={"message": "too large"}),
            dict.fromkeys(KINDS[:4], "GitHub answered HTTP 403"),
        ),
        ("/repositories/1", httpx.Response(200, json=[1]), dict.fromkeys(KINDS[:4], "GitHub answered HTTP 200")),
        (
            "/repositories/1",
            httpx.Response(502, text=""),
            dict.fromkeys(KINDS, "GitHub gave no usable answer (server_error)"),
        ),
    ],
)
async def test_a_repository_that_cannot_be_read(
    look: Looks, world: FakeGitHub, api: FakeRest, *, path: str, answer: httpx.Response, expected: dict[str, str]
) -> None:
    world.users = [ada()]
    known = await looked_at(look, api)

    def fault(request: httpx.Request) -> httpx.Response | None:
        if request.url.path != path:
            return None
        return httpx.Response(answer.status_code, content=answer.content)

    api.fault = fault
    items = await look([known], "deep")
    assert not any(of_kind(items, kind) for kind in KINDS)
    assert unknowns(items) == {**dict.fromkeys(KINDS, NOT_READ), **expected}


async def test_an_empty_repository_is_answered_with_a_conflict(look: Looks, world: FakeGitHub, api: FakeRest) -> None:
    world.users = [ada({})]
    items = await look([await looked_at(look, api)], "deep")
    assert not any(of_kind(items, kind) for kind in KINDS)
    assert len(api.asked) == 2


async def test_a_tree_that_is_cut_off_is_read_and_unknown(look: Looks, world: FakeGitHub, api: FakeRest) -> None:
    world.users = [ada()]
    known = await looked_at(look, api)

    def fault(request: httpx.Request) -> httpx.Response | None:
        if "/git/trees/" not in request.url.path:
            return None
        return httpx.Response(200, json={**api.answer(request).json(), "truncated": True})

    api.fault = fault
    items = await look([known], "deep")
    assert of_kind(items, "repo.tree")
    assert unknowns(items)["repo.tree"] == "GitHub answered only a part of the tree"
    # What was not read whole is read again.
    assert ends(items)[str(ADA)].state == {"deep": {"parser": PARSER, "read": {}, "languages": {}, "scope": []}}


@pytest.mark.parametrize(("status", "known"), [(404, NOT_READ), (403, "GitHub answered HTTP 403")])
async def test_a_file_that_cannot_be_had(
    look: Looks, world: FakeGitHub, api: FakeRest, status: int, known: str
) -> None:
    world.users = [ada({"requirements.txt": blob("mlflow"), "bin.tf": blob(None)})]
    visited = await looked_at(look, api)

    def fault(request: httpx.Request) -> httpx.Response | None:
        return httpx.Response(status, json={"message": "no"}) if request.url.path.endswith("requirements.txt") else None

    api.fault = fault
    items = await look([visited], "deep")
    assert not of_kind(items, "repo.dependency")
    assert unknowns(items)["repo.dependency"] == known


async def test_strange_paths_are_asked_for_as_they_are(look: Looks, world: FakeGitHub, api: FakeRest) -> None:
    world.users = [ada({"a b?c#/requirements.txt": blob("mlflow")})]
    items = await look([await looked_at(look, api)], "deep")
    assert [one.terms for one in of_kind(items, "repo.dependency")] == [("pypi:mlflow",)]
    assert api.asked[-1].url.raw_path == b"/repos/ada-example/serving/contents/a%20b%3Fc%23/requirements.txt"
