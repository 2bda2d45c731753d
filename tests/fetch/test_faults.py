"""Against a real socket: what a mock cannot do."""

from __future__ import annotations

import gzip
import json
import time
import zlib

import pytest

from sourcer.config import FetchConfig
from sourcer.errors import AnswerError, TooLarge
from sourcer.fetch.client import Timeouts
from support.fetching import MakeFetcher
from support.loopback import cut_off, hang, reply, reset, serve

IMPATIENT = Timeouts(connect=1.0, read=0.1, total=1.0)


async def test_a_body_that_is_cut_off_is_asked_for_again(make: MakeFetcher) -> None:
    with serve(cut_off(), reply({"items": [1]})) as server:
        assert (await make().get(server.url)).json() == {"items": [1]}
    assert len(server.asked) == 2


async def test_a_connection_that_is_reset_is_tried_again(make: MakeFetcher) -> None:
    with serve(reset(), reset(), reply({"items": []})) as server:
        assert (await make().get(server.url)).json() == {"items": []}
    assert len(server.asked) == 3


async def test_a_site_that_only_resets_is_an_answer_error(make: MakeFetcher) -> None:
    with serve(reset()) as server, pytest.raises(AnswerError) as caught:
        await make().get(server.url)
    assert caught.value.kind == "transport"
    assert len(server.asked) == 4


async def test_a_silent_site_is_not_waited_for(make: MakeFetcher) -> None:
    began = time.monotonic()
    with serve(hang(), reply({"late": 0})) as server:
        assert (await make(timeouts=IMPATIENT).get(server.url)).json() == {"late": 0}
    assert time.monotonic() - began < 1


async def test_a_site_that_drips_is_not_waited_for(make: MakeFetcher) -> None:
    with serve(hang(), reply({"late": 0})) as server:
        timeouts = Timeouts(connect=1.0, read=5.0, total=0.1)
        assert (await make(timeouts=timeouts).get(server.url)).json() == {"late": 0}


async def test_nobody_listening_is_an_answer_error(make: MakeFetcher) -> None:
    with serve(reply()) as server:
        pass
    with pytest.raises(AnswerError, match="the connection failed") as caught:
        await make().get(server.url)
    assert caught.value.kind == "transport"


@pytest.mark.parametrize(("encoding", "encode"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
async def test_compressed_answers_are_read(make: MakeFetcher, encoding: str, encode: type[bytes]) -> None:
    body = encode(json.dumps({"name": "Ŝtona Ĵaŭdo"}).encode())
    with serve(reply(body=body, headers={"Content-Encoding": encoding})) as server:
        assert (await make().get(server.url)).json() == {"name": "Ŝtona Ĵaŭdo"}


async def test_a_cut_off_gzip_is_asked_for_again(make: MakeFetcher) -> None:
    whole = gzip.compress(b'{"items": [1, 2, 3]}')
    gzipped = {"Content-Encoding": "gzip"}
    with serve(reply(body=whole[:-4], headers=gzipped), reply(body=whole, headers=gzipped)) as server:
        assert (await make().get(server.url)).json() == {"items": [1, 2, 3]}


async def test_a_bomb_is_too_large(make: MakeFetcher) -> None:
    bomb = gzip.compress(b"[" + b" " * 30_000_000 + b"]")
    with serve(reply(body=bomb, headers={"Content-Encoding": "gzip"})) as server, pytest.raises(TooLarge):
        await make(None, FetchConfig(max_bytes=100_000)).get(server.url)
    assert len(server.asked) == 1


async def test_a_promise_of_too_much_is_too_large(make: MakeFetcher) -> None:
    with serve(cut_off(missing=10_000)) as server, pytest.raises(TooLarge):
        await make(None, FetchConfig(max_bytes=1000)).get(server.url)


async def test_an_unasked_encoding_is_a_bad_body(make: MakeFetcher) -> None:
    unasked = reply(body=b"??", headers={"Content-Encoding": "br"})
    with serve(unasked) as server, pytest.raises(AnswerError, match="'br' was not asked for") as caught:
        await make().get(server.url)
    assert (caught.value.kind, caught.value.status) == ("bad_body", 200)


async def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(
    make: MakeFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with serve(reply({"direct": 1})) as server:
        assert (await make().get(server.url)).json() == {"direct": 1}
