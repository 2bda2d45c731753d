from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcer.fetch.decode import BadBodyError, BodyReader, OverlongError


def bare_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    "identity": bytes,
    "gzip": gzip.compress,
    "X-GZIP": gzip.compress,
    "deflate": zlib.compress,
    "Deflate ": bare_deflate,
}


def read(encoding: str, wire: bytes, *, limit: int = 10_000, step: int = 7) -> bytes:
    reader = BodyReader(encoding, limit)
    for at in range(0, len(wire), step):
        reader.feed(wire[at : at + step])
    return reader.finish()


@given(st.sampled_from(sorted(ENCODERS)), st.binary(max_size=3000), st.integers(1, 999))
def test_any_body_in_any_pieces_comes_out_as_it_was(encoding: str, body: bytes, step: int) -> None:
    assert read(encoding, ENCODERS[encoding](body), step=step) == body


@given(st.sampled_from(["gzip", "deflate"]), st.binary(min_size=1, max_size=300), st.data())
def test_a_cut_off_body_is_never_taken_for_whole(encoding: str, body: bytes, data: st.DataObject) -> None:
    wire = ENCODERS[encoding](body)
    cut = data.draw(st.integers(1, len(wire) - 1))
    with pytest.raises(BadBodyError):
        read(encoding, wire[:cut])


@pytest.mark.parametrize("encoding", ["", "gzip", "deflate"])
def test_the_limit_is_of_the_decoded_body_and_exact(encoding: str) -> None:
    wire = ENCODERS[encoding](b"x" * 1000)
    assert read(encoding, wire, limit=1000) == b"x" * 1000
    with pytest.raises(OverlongError):
        read(encoding, wire, limit=999)


def test_a_bomb_is_not_unpacked() -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    assert len(bomb) < 60_000
    reader = BodyReader("gzip", 1000)
    with pytest.raises(OverlongError):
        reader.feed(bomb)
    assert len(reader._body) <= 1000


def test_members_are_joined_and_padding_is_dropped() -> None:
    wire = gzip.compress(b"one ") + gzip.compress(b"two") + b"\0" * 20
    assert read("gzip", wire, step=len(wire)) == b"one two"


def test_the_promised_length_is_heeded_and_nonsense_is_not() -> None:
    reader = BodyReader("", 100)
    for harmless in ("", "many", "-3", "100"):
        reader.announce(harmless)
    with pytest.raises(OverlongError):
        reader.announce("101")


def test_damage_is_named() -> None:
    with pytest.raises(BadBodyError, match="cannot be decoded"):
        read("gzip", b"this is not gzip at all")
    with pytest.raises(BadBodyError, match="'br' was not asked for"):
        BodyReader("br", 100)


def test_no_body_is_an_empty_body() -> None:
    assert BodyReader("gzip", 100).finish() == b""
