"""Reads a body as it arrives, decodes it, and stops at a size limit: a small compressed body can be a huge one."""

from __future__ import annotations

import zlib
from typing import Final, Protocol

__all__ = ["ACCEPTED", "BadBodyError", "BodyReader", "OverlongError"]

ACCEPTED: Final = "gzip, deflate"
"""What requests send as ``Accept-Encoding``."""

_GZIP_MAGIC: Final = b"\x1f\x8b"
_GZIP: Final = zlib.MAX_WBITS | 16
_RAW_DEFLATE: Final = -zlib.MAX_WBITS


class OverlongError(Exception):
    """The decoded body is longer than the limit."""


class BadBodyError(Exception):
    """The body is damaged, cut off, or encoded in a way that was not asked for."""


class _Inflater(Protocol):
    def decompress(self, data: bytes, max_length: int = 0, /) -> bytes: ...
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...


class BodyReader:
    """Collects one body.

    Args:
        encoding: The value of ``Content-Encoding``: empty, ``identity``, ``gzip`` or ``deflate``.
        limit: Most bytes of the decoded body.

    Raises:
        BadBodyError: The encoding is another one.
    """

    def __init__(self, encoding: str, limit: int) -> None:
        self._encoding = encoding.strip().lower().removeprefix("x-")
        if self._encoding not in ("", "identity", "gzip", "deflate"):
            raise BadBodyError(f"its content encoding {encoding!r} was not asked for")
        self._limit = limit
        self._body = bytearray()
        self._inflater: _Inflater | None = None

    def announce(self, length: str) -> None:
        """Hear the ``Content-Length`` before any of it is read; nonsense is passed over.

        Raises:
            OverlongError: Already the encoded body is longer than the limit.
        """
        if length.isdecimal() and int(length) > self._limit:
            raise OverlongError

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes as they came over the wire.

        Raises:
            OverlongError: The body is longer than the limit; nothing beyond it was decoded.
            BadBodyError: It cannot be decoded.
        """
        if self._encoding in ("", "identity"):
            self._add(chunk)
            return
        try:
            self._inflate(chunk)
        except zlib.error as fault:
            raise BadBodyError(f"it cannot be decoded ({fault})") from None

    def finish(self) -> bytes:
        """The whole body.

        Raises:
            BadBodyError: It ends too early.
        """
        if self._inflater is not None and not self._inflater.eof:
            raise BadBodyError("it is cut off")
        return bytes(self._body)

    def _add(self, data: bytes) -> None:
        if len(self._body) + len(data) > self._limit:
            raise OverlongError
        self._body += data

    def _inflate(self, chunk: bytes) -> None:
        while chunk:
            if self._inflater is None:
                self._inflater = self._start(chunk)
            elif self._inflater.eof:
                # A gzip body may have several members; what else follows the end is padding.
                if not (self._encoding == "gzip" and chunk.startswith(_GZIP_MAGIC)):
                    return
                self._inflater = zlib.decompressobj(_GZIP)
            # One byte more than there is room for is enough to know that it is too long.
            self._add(self._inflater.decompress(chunk, self._limit - len(self._body) + 1))
            chunk = self._inflater.unused_data

    def _start(self, chunk: bytes) -> _Inflater:
        if self._encoding == "gzip":
            return zlib.decompressobj(_GZIP)
        # "deflate" should be a zlib stream; some servers send it bare.
        is_zlib = chunk[0] & 0x8F == zlib.DEFLATED and (len(chunk) == 1 or int.from_bytes(chunk[:2]) % 31 == 0)
        return zlib.decompressobj(zlib.MAX_WBITS if is_zlib else _RAW_DEFLATE)
