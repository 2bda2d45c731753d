from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from sourcer.connect import AnswerError, Denied, Depth, Done, Focus, Gone, Item, NotConfigured, Ref, SiteError, Visit
from sourcer.connect.items import check_item
from sourcer_kaggle import Kaggle
from sourcer_kaggle.settings import KaggleConfig
from support.clock import FakeClock
from support.kaggle_world import FakeKaggle, kernel_of, person
from support.meta_kaggle import FIRST, evidence, of_type, profile, unknowns

LOGIN = f"person{FIRST}"


def visit(uid: int = FIRST, state: Any = None, login: str | None = None) -> Visit:
    return Visit(Ref("kaggle", str(uid), f"person{uid}" if login is None else login), state=state)


async def look(kaggle: Kaggle, focus: Focus, *visits: Visit, depth: Depth = "deep") -> list[Item]:
    items = [item async for item in kaggle.fetch(visits or (visit(),), depth, focus)]
    assert [check_item(item, kaggle.sites()) for item in items] == [None] * len(items)
    return items


def dataset_of(slug: str = "rain", **more: Any) -> dict[str, Any]:
    return {
        "id": 60,
        "ref": f"{LOGIN}/{slug}",
        "title": "Rain",
        "lastUpdated": "2022-09-10T01:02:03Z",
        "voteCount": 5,
        "downloadCount": 80,
        "tags": [{"ref": "time series", "name": "time series"}],
    } | more


async def test_the_cheap_look_asks_for_fifty_at_once(kaggle: Kaggle, world: FakeKaggle, focus: Focus) -> None:
    world.people = [person(FIRST + n, owner={"userName": f"new-name-{n}"}) for n in range(50)]
    items = await look(kaggle, focus, *(visit(FIRST + n) for n in range(50)), depth="cheap")
    assert len(of_type(items, Done)) == 50
    assert world.requests == {"ListEntities": 1}
    # Logins change hands, numbers do not.
    assert profile(items, FIRST + 7).url == "https://www.kaggle.com/new-name-7"
    # Nobody knows yet how much a deep look would pay.
    assert {(done.scope, done.unchanged) for done in of_type(items, Done)} == {((), False)}


async def test_of_whom_was_looked_at_before_what_is_stored_tells(
    kaggle: Kaggle, world: FakeKaggle, focus: Focus
) -> None:
    world.people = [person()]
    again = Visit(Ref("kaggle", str(FIRST), LOGIN), seen_at=datetime(2026, 1, 1, tzinfo=UTC))
    items = await look(kaggle, focus, again, depth="cheap")
    assert of_type(items, Done) == [Done(Ref("kaggle", str(FIRST), LOGIN), unchanged=True)]


async def test_the_cheap_look_reads_on_where_pages_are_smaller(kaggle: Kaggle, world: FakeKaggle, focus: Focus) -> None:
    world.people, world.page = [person(FIRST + n) for n in range(20)], 8
    items = await look(kaggle, focus, *(visit(FIRST + n) for n in range(20)), depth="cheap")
    assert len(of_type(items, Done)) == 20
    assert world.requests == {"ListEntities": 3}


async def test_who_is_not_there_or_no_candidate_any_more_is_gone(
    kaggle: Kaggle, world: FakeKaggle, focus: Focus
) -> None:
    world.people = [person(FIRST, owner={"progressionOptOut": True}), person(FIRST + 1, "STAFF")]
    visits = [visit(FIRST), visit(FIRST + 1), visit(FIRST + 2), Visit(Ref("kaggle", "no-number"))]
    items = await look(kaggle, focus, *visits, depth="cheap")
    assert len(of_type(items, Gone)) == 4


async def test_an_answer_that_cannot_be_read_is_unknown_and_not_gone(
    kaggle: Kaggle, world: FakeKaggle, focus: Focus
) -> None:
    world.faults["ListEntities"] = [httpx.Response(200, json={"documents": [person(), {"ownerUser": 5}]})]
    items = await look(kaggle, focus, visit(), visit(FIRST + 1), depth="cheap")
    assert unknowns(items, FIRST + 1)["*"]
    assert not of_type(items, Gone)


async def test_a_batch_that_came_to_nothing_is_told_to_the_engine(
    kaggle: Kaggle, world: FakeKaggle, focus: Focus
) -> None:
    world.faults["ListEntities"] = [httpx.Response(500)] * 9
    with pytest.raises(AnswerError):
        await look(kaggle, focus, depth="cheap")


async def test_the_deep_look_lists_work_and_reads_one_source(kaggle: Kaggle, world: FakeKaggle, focus: Focus) -> None:
    world.kernels = [
        kernel_of(50, LOGIN, "rain", totalVotes=90, categoryIds=["time series", "GPU"]),
        kernel_of(51, LOGIN, "serving-with-mlflow", totalVotes=3),
    ]
    world.datasets = [dataset_of()]
    world.models = [
        {
            "id": 70,
            "ref": f"{LOGIN}/rain-net",
            "title": "Rain Net",
            "publishTime": "2024-01-02T03:04:05Z",
            "voteCount": 4,
            "instances": [{"framework": "MODEL_FRAMEWORK_PY_TORCH"}, {"framework": 11}, {"framework": 13}],
            "tags": [{"name": "Weather"}],
        }
    ]
    world.sources = {f"{LOGIN}/serving-with-mlflow": "import mlflow, torch as t\nfrom sklearn.svm import SVC"}
    items = await look(kaggle, focus)
    assert world.requests == {"ListKernels": 1, "ListDatasets": 1, "ListModels": 1, "GetKernel": 1}
    rain, _ = evidence(items, "notebook.published")
    assert rain.terms == ("tag:gpu", "tag:time-series", "language:python", "text:Rain")
    assert (rain.key, rain.measure, rain.happened_at) == ("50", {"votes": 90}, datetime(2024, 7, 8, tzinfo=UTC))
    (found,) = evidence(items, "dataset.published")
    assert (found.terms, found.measure) == (("tag:time-series", "text:Rain"), {"votes": 5, "downloads": 80})
    (model,) = evidence(items, "model.published")
    assert model.terms == ("tag:keras", "tag:pytorch", "tag:weather", "text:Rain Net")
    assert model.url == f"https://www.kaggle.com/models/{LOGIN}/rain-net"
    # Focus chooses whose source is read, not votes alone.
    (imports,) = evidence(items, "notebook.imports")
    assert imports.terms == ("import:mlflow", "import:sklearn", "import:torch")
    assert (imports.key, imports.url) == ("51", f"https://www.kaggle.com/code/{LOGIN}/serving-with-mlflow")
    done = of_type(items, Done)[0]
    # One source of two was read: what another showed before is not gone.
    assert done.scope == ("notebook.published", "dataset.published", "model.published")


async def test_a_source_that_was_not_run_again_is_not_asked_again(
    kaggle: Kaggle, world: FakeKaggle, focus: Focus
) -> None:
    world.kernels = [kernel_of(50, LOGIN, "rain")]
    world.sources = {f"{LOGIN}/rain": "import torch"}
    first = await look(kaggle, focus)
    state = json.loads(json.dumps(of_type(first, Done)[0].state))
    assert await look(kaggle, focus, visit(state=state)) == first
    assert world.requests["GetKernel"] == 1
    world.kernels = [kernel_of(50, LOGIN, "rain", lastRunTime="2025-01-01T00:00:00Z")]
    await look(kaggle, focus, visit(state=state))
    assert world.requests["GetKernel"] == 2


@pytest.mark.parametrize("state", [{"sources": 5}, {"sources": {"50": 7}}, {"sources": {"50": {"ran": "x"}}}, {}])
async def test_a_memory_that_cannot_be_read_is_none(
    kaggle: Kaggle, world: FakeKaggle, focus: Focus, state: dict[str, Any]
) -> None:
    world.kernels, world.sources = [kernel_of(50, LOGIN, "rain")], {f"{LOGIN}/rain": "import torch"}
    assert evidence(await look(kaggle, focus, visit(state=state)), "notebook.imports")


async def test_who_published_nothing_costs_three_requests(kaggle: Kaggle, world: FakeKaggle, focus: Focus) -> None:
    items = await look(kaggle, focus)
    assert len(world.asked) == 3
    assert set(of_type(items, Done)[0].scope) == {
        "notebook.published",
        "dataset.published",
        "model.published",
        "notebook.imports",
    }
    assert unknowns(items) == {}


async def test_private_work_and_work_of_others_is_left_out(kaggle: Kaggle, world: FakeKaggle, focus: Focus) -> None:
    world.kernels = [kernel_of(50, LOGIN, "mine", isPrivate=True), {**kernel_of(51, "bo", "theirs"), "with": LOGIN}]
    world.datasets = [dataset_of(isPrivate=True)]
    items = await look(kaggle, focus)
    assert not evidence(items, "notebook.published")
    assert not evidence(items, "dataset.published")
    assert world.requests["GetKernel"] == 0


async def test_lists_that_go_on_are_unknown_beyond_their_first_page(
    kaggle: Kaggle, world: FakeKaggle, focus: Focus
) -> None:
    world.kernels, world.page = [kernel_of(50 + n, LOGIN, f"work-{n}") for n in range(9)], 5
    items = await look(kaggle, focus)
    assert len(evidence(items, "notebook.published")) == 5
    assert unknowns(items)["notebook.published"] == "the 5 with the most votes were read, there are more"
    assert "notebook.published" not in of_type(items, Done)[0].scope


@pytest.mark.parametrize("count", [20, 100])
async def test_a_full_page_without_a_token_may_go_on(
    kaggle: Kaggle, world: FakeKaggle, focus: Focus, count: int
) -> None:
    world.faults["ListDatasets"] = [
        httpx.Response(200, json={"datasets": [dataset_of(f"rain-{n}", id=n) for n in range(1, count + 1)]})
    ]
    items = await look(kaggle, focus)
    assert len(evidence(items, "dataset.published")) == count
    assert unknowns(items) == {"dataset.published": f"the {count} with the most votes were read, there may be more"}
    assert "dataset.published" not in of_type(items, Done)[0].scope
    # Tokens are promised to those only who do not ask by the number of a page.
    assert not any("page" in body for _, body in world.asked)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (httpx.Response(200, json={"code": 404, "message": "Not found"}), "Kaggle answered 404"),
        (httpx.Response(404, json={"code": 404, "message": "Not found"}), "Kaggle answered 404"),
        (httpx.Response(403, json={"error": {"code": 403}}), "Kaggle answered 403"),
        (httpx.Response(200, json={"error": {"code": 400}}), "Kaggle answered 400"),
        (httpx.Response(502, text="<html>"), "Kaggle answered 502"),
        (httpx.Response(200, json={"datasets": [None]}), "Kaggle's list holds something that cannot be read"),
    ],
)
async def test_a_list_that_cannot_be_had_is_unknown_and_the_rest_goes_on(
    kaggle: Kaggle, world: FakeKaggle, focus: Focus, fault: httpx.Response, reason: str
) -> None:
    world.kernels, world.datasets = [kernel_of(50, LOGIN, "rain")], [dataset_of()]
    world.sources = {f"{LOGIN}/rain": "import torch"}
    world.faults["ListDatasets"] = [fault] * 9
    items = await look(kaggle, focus)
    assert unknowns(items) == {"dataset.published": reason}
    assert evidence(items, "notebook.imports")
    assert "dataset.published" not in of_type(items, Done)[0].scope
    if fault.status_code < 500 and "datasets" not in fault.json():
        assert sum(count for count, _ in kaggle.fetcher.usage.errors.values()) == 1


@pytest.mark.parametrize(
    "answer", [{"code": 404}, {"blob": {}}, {"blob": 5}, {"blob": {"source": "x" * 2_000_001}}, {}]
)
async def test_a_source_that_cannot_be_had_is_unknown(
    kaggle: Kaggle, world: FakeKaggle, focus: Focus, answer: dict[str, Any]
) -> None:
    world.kernels = [kernel_of(50, LOGIN, "rain")]
    world.faults["GetKernel"] = [httpx.Response(200, json=answer)]
    items = await look(kaggle, focus)
    assert set(unknowns(items)) == {"notebook.imports"}
    assert "notebook.imports" not in of_type(items, Done)[0].scope


async def test_without_a_user_name_nothing_is_asked(kaggle: Kaggle, world: FakeKaggle, focus: Focus) -> None:
    items = await look(kaggle, focus, visit(login=""))
    assert unknowns(items)["*"] == "no cheap look has told the user name"
    assert not world.asked


@pytest.mark.parametrize(
    "refusal",
    [
        httpx.Response(429, headers={"Retry-After": "30"}, json={}),
        httpx.Response(200, headers={"Retry-After": "30"}, json={"code": 429, "message": "Too many requests"}),
    ],
)
async def test_a_refusal_for_now_is_waited_for(
    kaggle: Kaggle, world: FakeKaggle, focus: Focus, clock: FakeClock, refusal: httpx.Response
) -> None:
    world.people, world.faults["ListEntities"] = [person()], [refusal]
    before = clock()
    assert of_type(await look(kaggle, focus, depth="cheap"), Done)
    assert clock() - before >= 30


@pytest.mark.parametrize(
    "refusal",
    [
        httpx.Response(401, json={"code": 401, "message": "Unauthorized"}),
        httpx.Response(200, json={"error": {"code": 401, "message": "Unauthenticated"}}),
        httpx.Response(404, text="<html>no such page</html>"),
    ],
)
async def test_a_token_or_address_that_is_refused_stops(
    kaggle: Kaggle, world: FakeKaggle, refusal: httpx.Response
) -> None:
    world.faults["ListEntities"] = [refusal]
    with pytest.raises(Denied):
        await kaggle.check()


async def test_the_check_asks_one_cheap_question(kaggle: Kaggle, world: FakeKaggle) -> None:
    await kaggle.check()
    assert len(world.asked) == 1
    world.faults["ListEntities"] = [httpx.Response(200, json={"code": 400})]
    with pytest.raises(SiteError, match="no usable answer"):
        await kaggle.check()


async def test_without_a_token_it_says_what_to_set(kaggle: Kaggle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KAGGLE_API_TOKEN", raising=False)
    with pytest.raises(NotConfigured, match=r"KAGGLE_API_TOKEN .* meta_kaggle_dir"):
        await Kaggle(KaggleConfig(), kaggle.fetcher).check()
