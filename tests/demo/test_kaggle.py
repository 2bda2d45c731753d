from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest

from sourcer.demo.kaggle.faults import Fault
from sourcer.demo.kaggle.model import Kaggler
from sourcer.demo.kaggle.server import TOKEN, KaggleServer
from sourcer.demo.kaggle.world import PROLIFIC
from sourcer.demo.model import World
from sourcer.demo.strikes import Strikes
from sourcer.demo.world import make_world

SEARCH = "search.SearchApiService/ListEntities"
KERNELS = "kernels.KernelsApiService/ListKernels"


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(7, 60)


@pytest.fixture(scope="module")
def server(world: World) -> Iterator[KaggleServer]:
    with KaggleServer(world) as running:
        yield running


def post(server: KaggleServer, method: str, body: Any, token: str = TOKEN) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"}
    # Without certificates, which take longer to read than everything else here.
    return httpx.post(f"{server.url}/{method}", json=body, headers=headers, timeout=10, verify=False)


def call(server: KaggleServer, method: str, **body: Any) -> Any:
    answer = post(server, method, body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def users(server: KaggleServer, filters: dict[str, Any] | None = None, **body: Any) -> list[dict[str, Any]]:
    """All pages of a search for people."""
    found: list[dict[str, Any]] = []
    asked = {"filters": {"documentTypes": ["USER"], "userFilters": filters or {}}, "pageSize": 7, **body}
    while True:
        answer = call(server, SEARCH, **asked)
        found += answer.get("documents", [])
        assert answer.get("totalDocuments", 0) >= len(found)
        if "nextPageToken" not in answer:
            return found
        asked["pageToken"] = answer["nextPageToken"]


def bearer(world: World, trap: str) -> Kaggler:
    return next(one for one in world.kaggle.people if f"kaggle:#{one.id}" in world.traps[trap])


def test_defaults_are_left_out_and_times_have_seven_digits(server: KaggleServer, world: World) -> None:
    shown = users(server)
    assert {one["id"] for one in shown} == {one.id for one in world.kaggle.people if not one.is_gone}
    tiers = {one["ownerUser"].get("tier") for one in shown}
    assert None in tiers
    assert "NOVICE" not in tiers
    assert {"GRANDMASTER", "STAFF", "ORGANIZATION", "RECALC"} <= tiers
    texts = [one["createTime"] for one in shown]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{7})?Z", text) for text in texts)
    assert any("." in text for text in texts)
    values = [value for one in shown for part in (one, one["ownerUser"]) for value in part.values()]
    assert not any(value in ("", [], False, None) or value == 0 for value in values if not isinstance(value, dict))
    named = {one["id"]: one for one in shown}
    assert "title" not in named[bearer(world, "kaggle_nameless").id]
    assert "tier" not in named[bearer(world, "kaggle_opted_out").id]["ownerUser"]
    assert [one["id"] for one in shown if one["ownerUser"].get("progressionOptOut")] == [
        bearer(world, "kaggle_opted_out").id
    ]


def test_people_are_filtered_and_ordered_by_name_or_number_of_an_enum(server: KaggleServer, world: World) -> None:
    by_name = users(server, {"tier": "EXPERT"}, usersOrderBy="SEARCH_USERS_ORDER_BY_COMPETITION_RANKING")
    assert by_name == users(server, {"tier": 2}, usersOrderBy=1)
    ranks = [one["userDocument"].get("competitionRanking", 10**9) for one in by_name]
    assert ranks == sorted(ranks)
    assert {one["ownerUser"]["tier"] for one in by_name} == {"EXPERT"}
    some = [one.id for one in world.kaggle.people[:3]]
    assert {one["id"] for one in users(server, {"userIds": some})} == set(some)
    ranked = users(server, {"requireRankingForType": "USER_ACHIEVEMENT_TYPE_NOTEBOOKS"})
    assert ranked
    assert all("kernelRanking" in one["userDocument"] for one in ranked)
    place = next(one.place for one in world.kaggle.people if one.place)
    assert {one["userDocument"]["userLocation"] for one in users(server, {"userLocations": [place]})} == {place}
    high = users(server, {"grandmasterLevel": {"min": 1}}, usersOrderBy="SEARCH_USERS_ORDER_BY_NEWEST_JOIN_DATE")
    assert {one["ownerUser"]["tier"] for one in high} == {"GRANDMASTER"}
    joined = [one["createTime"][:19] for one in high]
    assert joined == sorted(joined, reverse=True)


def test_notebooks_are_found_by_words_and_tags_with_their_authors(server: KaggleServer, world: World) -> None:
    filters = {"query": "MLflow", "documentTypes": ["KERNEL"]}
    found = call(server, SEARCH, filters=filters, canonicalOrderBy="LIST_SEARCH_CONTENT_ORDER_BY_VOTES", pageSize=100)
    votes = [one["votes"] for one in found["documents"]]
    assert votes == sorted(votes, reverse=True)
    owners = {one.get("ownerUser", {}).get("id") for one in found["documents"]}
    assert bearer(world, "kaggle_staff").id in owners
    # An organisation owns without being a user.
    assert None in owners
    assert bearer(world, "kaggle_deleted").id not in owners


def test_lists_of_somebody_go_on_by_token_or_page(server: KaggleServer, world: World) -> None:
    login = bearer(world, "kaggle_prolific").login
    first = call(server, KERNELS, user=login, sortBy="VOTE_COUNT", pageSize=500)
    assert len(first["kernels"]) == 100
    second = call(server, KERNELS, user=login, sortBy=8, pageSize=100, pageToken=first["nextPageToken"])
    assert second == call(server, KERNELS, user=login, sortBy=8, pageSize=100, page=2)
    votes = [one.get("totalVotes", 0) for one in (*first["kernels"], *second["kernels"])]
    assert votes == list(range(PROLIFIC - 1, -1, -1))
    assert "totalVotes" not in second["kernels"][-1]


def test_a_source_that_is_not_there_is_a_code_within_200(server: KaggleServer, world: World) -> None:
    author = bearer(world, "kaggle_no_source")
    asked = {"userName": author.login, "kernelSlug": author.notebooks[0].slug}
    assert call(server, "kernels.KernelsApiService/GetKernel", **asked)["code"] == 404
    other = bearer(world, "kaggle_prolific").notebooks[0]
    asked = {"userName": other.author.login, "kernelSlug": other.slug}
    blob = call(server, "kernels.KernelsApiService/GetKernel", **asked)["blob"]
    assert "import" in blob["source"]


def test_other_lists_and_the_token(server: KaggleServer, world: World) -> None:
    owner = next(one for one in world.kaggle.people if one.datasets)
    group = {"group": "DATASET_SELECTION_GROUP_USER", "user": owner.login}
    shown = call(server, "datasets.DatasetApiService/ListDatasets", **group)["datasets"]
    assert {one["ref"] for one in shown} == {f"{owner.login}/{one.slug}" for one in owner.datasets}
    models = call(server, "models.ModelApiService/ListModels", pageSize=100)
    assert models["totalResults"] == len(world.kaggle.models)
    assert call(server, "security.OAuthService/IntrospectToken", token=TOKEN)["active"] is True


def test_noes_have_the_shapes_of_the_api(server: KaggleServer) -> None:
    denied = post(server, SEARCH, {}, token="another")
    assert (denied.status_code, denied.json()["error"]["status"]) == (401, "UNAUTHENTICATED")
    lost = post(server, "users.ProfileService/GetProfile", {})
    assert (lost.status_code, lost.headers["content-type"]) == (404, "text/html; charset=utf-8")
    for body in ({"filters": {"documentTypes": ["NOBODY"]}}, {"pageToken": "x"}, {"pageSize": "many"}, [1]):
        wrong = post(server, SEARCH, body)
        assert (wrong.status_code, wrong.json()["code"]) == (400, 400)


@pytest.mark.parametrize("fault", list(Fault))
def test_each_fault_strikes_once(world: World, fault: Fault) -> None:
    with KaggleServer(world, faults=Strikes({1: fault}, retry_after=7), clock=lambda: 1_800_000_000.0) as server:
        if fault in (Fault.HALF, Fault.RESET):
            with pytest.raises(httpx.TransportError):
                post(server, SEARCH, {})
        else:
            answer = post(server, SEARCH, {})
            body = answer.json() if "json" in answer.headers["content-type"] else {}
            code = body.get("code") or body.get("error", {}).get("code") or answer.status_code
            assert code == {"bad_gateway": 502, "not_found_ok": 404, "page": 200}.get(
                fault, 429 if "many" in fault else 503
            )
            assert answer.status_code == (200 if fault.endswith("_ok") or fault is Fault.PAGE else code)
            if fault is Fault.TOO_MANY_DATE:
                until = parsedate_to_datetime(answer.headers["retry-after"])
                assert until >= datetime.fromtimestamp(1_800_000_007, UTC)
        assert post(server, SEARCH, {}).status_code == 200
        # The next request came at once: too early where there was something to wait for.
        waits = (Fault.TOO_MANY, Fault.TOO_MANY_DATE, Fault.TOO_MANY_OK)
        assert [one.reason for one in server.violations] == (["too_early"] if fault in waits else [])
