from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import respx

from sourcer.config import FetchConfig
from sourcer.errors import AnswerError, Denied, SiteError, TooLarge
from sourcer.fetch import Archive
from sourcer.fetch.policy import Bucket, Quota, Refusal, SitePolicy
from support.clock import START, FakeClock
from support.fetching import API, MakeFetcher, limits


async def test_an_answer_is_what_the_site_said(make: MakeFetcher, respx_mock: respx.MockRouter) -> None:
    route = respx_mock.get(f"{API}/users/7").respond(json={"login": "ann"}, headers={"ETag": 'W/"1"'})
    answer = await make().get(f"{API}/users/7", headers={"Authorization": "Bearer abcdefgh"})
    assert answer.json() == {"login": "ann"}
    assert (answer.status, answer.url, answer.headers["etag"]) == (200, f"{API}/users/7", 'W/"1"')
    assert answer.fetched_at == datetime.fromtimestamp(START, UTC)
    assert not answer.replayed
    sent = route.calls.last.request
    assert sent.headers["user-agent"].startswith("sourcer-crawler/")
    assert sent.headers["accept-encoding"] == "gzip, deflate"
    assert sent.headers["authorization"] == "Bearer abcdefgh"


async def test_a_post_sends_json(make: MakeFetcher, respx_mock: respx.MockRouter) -> None:
    route = respx_mock.post(f"{API}/graphql", json={"query": "{ a }", "variables": {"n": 1}}).respond(json={"data": {}})
    answer = await make().post(f"{API}/graphql", json={"query": "{ a }", "variables": {"n": 1}})
    assert answer.json() == {"data": {}}
    assert route.call_count == 1


async def test_parameters_join_those_of_the_address(make: MakeFetcher, respx_mock: respx.MockRouter) -> None:
    route = respx_mock.get(url__startswith=API).respond(json=[])
    await make().get(f"{API}/x?page=1&site=ai", params={"page": 2, "tagged": "a;b", "order": None})
    assert dict(route.calls.last.request.url.params) == {"page": "2", "site": "ai", "tagged": "a;b"}


@pytest.mark.parametrize("status", [304, 400, 403, 404, 409, 410, 422, 451])
async def test_what_is_no_refusal_is_the_connectors_to_read(
    make: MakeFetcher, respx_mock: respx.MockRouter, status: int
) -> None:
    respx_mock.get(API).respond(status, text="<p>not JSON</p>" if status != 304 else "")
    fetcher = make()
    assert (await fetcher.get(API)).status == status
    assert fetcher.usage.requests == 1
    assert fetcher.usage.not_modified == (status == 304)
    assert fetcher.usage.spent == {"core": 0 if status == 304 else 1}


@pytest.mark.parametrize("status", [202, 204])
async def test_an_empty_answer_may_be_right(make: MakeFetcher, respx_mock: respx.MockRouter, status: int) -> None:
    respx_mock.get(API).respond(status)
    assert (await make().get(API)).body == b""


async def test_text_and_bytes_need_not_be_json(make: MakeFetcher, respx_mock: respx.MockRouter) -> None:
    respx_mock.get(API).respond(content=b"\xff\xfe<p>")
    assert (await make().get(API, expect="bytes")).body == b"\xff\xfe<p>"
    assert (await make().get(API, expect="text")).text.endswith("<p>")


async def test_redirects_within_the_host_are_followed(make: MakeFetcher, respx_mock: respx.MockRouter) -> None:
    respx_mock.get(f"{API}/repos/a/b").respond(301, headers={"Location": "/repositories/9"})
    target = respx_mock.get(f"{API}/repositories/9").respond(json={"id": 9})
    fetcher = make()
    answer = await fetcher.get(f"{API}/repos/a/b", headers={"Authorization": "Bearer abcdefgh"})
    assert (answer.json(), answer.url) == ({"id": 9}, f"{API}/repositories/9")
    assert target.calls.last.request.headers["authorization"] == "Bearer abcdefgh"
    assert fetcher.usage.requests == 2


@pytest.mark.parametrize("location", ["https://elsewhere.example.org/x", "http://api.example.org/x", "http://[bad", ""])
async def test_credentials_never_follow_elsewhere(
    make: MakeFetcher, respx_mock: respx.MockRouter, location: str
) -> None:
    route = respx_mock.get(url__startswith=API).respond(302, headers={"Location": location} if location else {})
    assert (await make().get(f"{API}/x")).status == 302
    assert route.call_count == 1


async def test_redirects_end(make: MakeFetcher, respx_mock: respx.MockRouter) -> None:
    route = respx_mock.get(API).respond(302, headers={"Location": f"{API}/"})
    with pytest.raises(AnswerError, match="more than 5 redirects") as caught:
        await make().get(API)
    assert caught.value.kind == "redirects"
    assert route.call_count == 6


async def test_a_post_is_not_redirected(make: MakeFetcher, respx_mock: respx.MockRouter) -> None:
    respx_mock.post(API).respond(307, headers={"Location": f"{API}/b"})
    assert (await make().post(API, json={})).status == 307


async def test_refused_credentials_stop_the_connector(make: MakeFetcher, respx_mock: respx.MockRouter) -> None:
    respx_mock.get(API).respond(401, json={"message": "Bad credentials"})
    with pytest.raises(Denied, match=r"api\.example\.org refused .*Bad credentials.*\[connectors\.somesite\]"):
        await make().get(API)


async def test_a_fault_of_theirs_is_asked_again(make: MakeFetcher, respx_mock: respx.MockRouter) -> None:
    respx_mock.get(API).mock(side_effect=[httpx.Response(502), httpx.ConnectError("no"), httpx.Response(200, json=1)])
    fetcher = make()
    assert (await fetcher.get(API)).json() == 1
    assert fetcher.usage.requests == 3
    assert fetcher.usage.errors == {}


async def test_retries_are_logged_and_not_printed(
    make: MakeFetcher,
    respx_mock: respx.MockRouter,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.INFO, logger="sourcer")
    respx_mock.get(API).mock(side_effect=[httpx.Response(502), httpx.Response(200, json=1)])
    await make().get(API)
    assert "HTTP 502; asking again in 0.0 s" in caplog.text
    assert capfd.readouterr() == ("", "")


async def test_a_lasting_fault_is_an_answer_error(make: MakeFetcher, respx_mock: respx.MockRouter) -> None:
    route = respx_mock.get(API).respond(500, json={"message": "Server Error"})
    fetcher = make()
    with pytest.raises(AnswerError, match=r"somesite: GET https://api\.example\.org: HTTP 500: Server Error") as caught:
        await fetcher.get(API)
    assert (caught.value.kind, caught.value.status) == ("server_error", 500)
    assert route.call_count == 4
    assert fetcher.usage.errors == {"server_error": (1, str(caught.value))}
    assert fetcher.usage.spent == {"core": 4}


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ReadError, httpx.ReadTimeout, httpx.RemoteProtocolError])
async def test_a_lost_connection_is_an_answer_error(
    make: MakeFetcher, respx_mock: respx.MockRouter, error: type[httpx.TransportError]
) -> None:
    route = respx_mock.get(API).mock(side_effect=error)
    with pytest.raises(AnswerError, match=error.__name__) as caught:
        await make().get(API)
    assert (caught.value.kind, caught.value.status) == ("transport", None)
    assert route.call_count == 4


@pytest.mark.parametrize("body", ["<html>down for maintenance</html>", '{"items": [', "", "[" * 20_000])
async def test_a_body_that_is_not_json_is_asked_again(
    make: MakeFetcher, respx_mock: respx.MockRouter, body: str
) -> None:
    respx_mock.get(API).mock(side_effect=[httpx.Response(200, text=body), httpx.Response(200, json={"ok": 1})])
    assert (await make().get(API)).json() == {"ok": 1}
    respx_mock.get(API).respond(200, text=body)
    with pytest.raises(AnswerError) as caught:
        await make().get(API)
    assert (caught.value.kind, caught.value.status) == ("bad_body", 200)


async def test_the_policy_may_call_anything_a_fault(make: MakeFetcher, respx_mock: respx.MockRouter) -> None:
    policy = SitePolicy((Bucket("core"),), refusals=(Refusal((400,), "retry", equals=("json:error_id", "500")),))
    respx_mock.get(API).mock(side_effect=[httpx.Response(400, json={"error_id": 500}), httpx.Response(200, json=1)])
    assert (await make(policy).get(API)).json() == 1


@pytest.mark.parametrize(
    "url", ["ftp://h.example/x", "/users/7", "http://", "http://h.example:port/", "https://h\x00h/"]
)
async def test_what_cannot_be_asked_is_an_answer_error(make: MakeFetcher, url: str) -> None:
    fetcher = make()
    with pytest.raises(AnswerError) as caught:
        await fetcher.get(url)
    assert caught.value.kind == "bad_request"
    assert fetcher.usage.errors["bad_request"][0] == 1


async def test_a_body_that_cannot_be_sent_is_an_answer_error(make: MakeFetcher, respx_mock: respx.MockRouter) -> None:
    with pytest.raises(AnswerError, match="cannot be sent") as caught:
        await make().post(API, json={"half a character": "\ud800"})
    assert caught.value.kind == "bad_request"


async def test_an_answer_too_long_is_not_asked_for_again(make: MakeFetcher, respx_mock: respx.MockRouter) -> None:
    route = respx_mock.get(API).respond(text="x" * 101)
    fetcher = make(None, FetchConfig(max_bytes=100))
    with pytest.raises(TooLarge, match=r"longer than the 100 bytes of \[fetch\] max_bytes") as caught:
        await fetcher.get(API)
    assert caught.value.kind == "too_large"
    assert route.call_count == 1
    assert fetcher.usage.errors["too_large"][0] == 1


async def test_a_bucket_must_be_one_of_the_policy(make: MakeFetcher) -> None:
    with pytest.raises(SiteError, match="no bucket 'graphql'; it has core"):
        await make().get(API, bucket="graphql")


async def test_a_policy_without_buckets_works(make: MakeFetcher, respx_mock: respx.MockRouter) -> None:
    respx_mock.get(API).respond(json=1)
    fetcher = make(SitePolicy(buckets=()))
    await fetcher.get(API)
    assert fetcher.usage.spent == {"requests": 1}
    assert fetcher.budget_left() == {"requests": None}


async def test_costs_are_counted_by_bucket(make: MakeFetcher, respx_mock: respx.MockRouter) -> None:
    policy = SitePolicy((Bucket("core"), Bucket("graphql")), quota=Quota(cost="json:data.rateLimit.cost"))
    respx_mock.post(API).respond(json={"data": {"rateLimit": {"cost": 6}}})
    respx_mock.get(API).respond(json={})
    fetcher = make(policy)
    await fetcher.get(API)
    await fetcher.post(API, json={}, bucket="graphql")
    await fetcher.post(API, json={}, bucket="graphql")
    assert fetcher.usage.spent == {"core": 1, "graphql": 12}
    assert fetcher.usage.requests == 3


async def test_cookies_are_not_kept(make: MakeFetcher, respx_mock: respx.MockRouter) -> None:
    route = respx_mock.get(API).respond(json=1, headers={"Set-Cookie": "session=abc; Path=/"})
    fetcher = make()
    answer = await fetcher.get(API)
    await fetcher.get(API)
    assert "cookie" not in route.calls.last.request.headers
    assert answer.headers["set-cookie"] == "[secret]"


async def test_no_more_requests_at_a_time_than_the_bucket_allows(
    make: MakeFetcher, respx_mock: respx.MockRouter
) -> None:
    under_way, most = 0, 0

    async def slow(request: httpx.Request) -> httpx.Response:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.005)
        under_way -= 1
        return httpx.Response(200, json=1)

    respx_mock.get(API).mock(side_effect=slow)
    fetcher = make(SitePolicy((Bucket("core", concurrency=3),)))
    await asyncio.gather(*(fetcher.get(API) for _ in range(12)))
    assert most == 3


async def test_a_cancelled_request_gives_its_turn_back(make: MakeFetcher, respx_mock: respx.MockRouter) -> None:
    async def never(request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        return httpx.Response(200)

    respx_mock.get(f"{API}/never").mock(side_effect=never)
    respx_mock.get(f"{API}/now").respond(json=1, headers=limits(100, 50))
    fetcher = make()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(fetcher.get(f"{API}/never"), 0.02)
    assert (await asyncio.wait_for(fetcher.get(f"{API}/now"), 1)).json() == 1
    assert fetcher.budget_left() == {"core": 45}


async def test_now_is_when_the_chain_began(make: MakeFetcher, clock: FakeClock) -> None:
    fetcher = make()
    clock.now += 500
    assert fetcher.now() == datetime.fromtimestamp(START, UTC)
    began = datetime(2026, 11, 1, tzinfo=UTC)
    assert make(started_at=began).now() == began


async def test_the_http_client_logs_no_addresses(
    make: MakeFetcher, respx_mock: respx.MockRouter, caplog: pytest.LogCaptureFixture
) -> None:
    respx_mock.get(url__startswith=API).respond(json=1)
    caplog.set_level(logging.DEBUG)
    logging.getLogger("httpx").setLevel(logging.DEBUG)
    try:
        await make().get(API, params={"key": "0123456789"})
    finally:
        logging.getLogger("httpx").setLevel(logging.NOTSET)
    assert "0123456789" not in caplog.text


async def test_a_status_that_the_caller_takes_is_handed_out_at_once(
    make: MakeFetcher, respx_mock: respx.MockRouter
) -> None:
    route = respx_mock.get(API).mock(return_value=httpx.Response(502, text="<html>"))
    fetcher = make()
    assert (await fetcher.get(API, accept=(502, 504))).status == 502
    assert route.call_count == 1
    # It is no sign of life: an engine that asks whether the site is down must not be misled.
    assert fetcher.usage.answers == 0
    assert fetcher.usage.errors == {}


async def test_other_statuses_are_asked_again_all_the_same(make: MakeFetcher, respx_mock: respx.MockRouter) -> None:
    route = respx_mock.get(API).mock(side_effect=[httpx.Response(500), httpx.Response(200, json={})])
    assert (await make().get(API, accept=(502, 504))).status == 200
    assert route.call_count == 2


async def test_a_refusal_of_the_credentials_may_be_handed_out(make: MakeFetcher, respx_mock: respx.MockRouter) -> None:
    respx_mock.get(API).respond(401, json={"message": "Bad credentials"})
    fetcher = make()
    assert (await fetcher.get(API, accept=(401,))).status == 401
    assert respx_mock.calls.call_count == 1
    with pytest.raises(Denied):
        await fetcher.get(API)


async def test_a_replay_says_that_it_is_one(make: MakeFetcher, tmp_path: Path) -> None:
    archive = Archive(tmp_path, 1)
    archive.begin(datetime(2026, 1, 15, tzinfo=UTC))
    assert not make(archive=archive).replaying
    assert make(archive=archive, replay=True).replaying
