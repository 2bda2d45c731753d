"""Column types that mean the same on SQLite and PostgreSQL: times in UTC, JSON as canonical text."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, Text, TypeDecorator

from sourcer.domain import Json

__all__ = ["BIG_ID", "CanonicalJson", "UtcTime", "from_json", "to_json"]

BIG_ID: Final = BigInteger().with_variant(Integer, "sqlite")
"""A 64-bit id. SQLite's integers have 64 bits by themselves, and only ``INTEGER`` becomes the fast row id there."""

_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def to_json(value: Json) -> str:
    """The one way to write a value as JSON: sorted keys, no spaces, text as it is.

    What JSON cannot say becomes ``null`` (NaN, infinity) or its text. Lone surrogates are written as escapes, so that
    every value comes back from :func:`from_json` as it was.
    """
    text = _ENCODER.encode(value if _is_plain(value) else _plain(value))
    return text if text.isascii() else _LONE_SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def from_json(text: str) -> Json:
    """Read what :func:`to_json` wrote."""
    return json.loads(text)


def _is_plain(value: Json) -> bool:
    """Whether a value is a flat list of texts, or flat numbers by name: most are, and need no look into them."""
    if type(value) is list:
        return all(type(item) is str for item in value)
    return type(value) is dict and all(type(name) is str and type(item) is int for name, item in value.items())


def _plain(value: Json) -> Json:
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return str(value)


class CanonicalJson(TypeDecorator[Json]):
    """JSON kept as canonical text, so that equal values are equal bytes on every database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Json, dialect: Dialect) -> str | None:  # noqa: ARG002  # SQLAlchemy's signature
        """``None`` is SQL ``NULL``."""
        return None if value is None else to_json(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Json:  # noqa: ARG002
        """The value as it was given."""
        return None if value is None else from_json(value)


class UtcTime(TypeDecorator[datetime]):
    """A moment: aware in, aware UTC out. SQLite keeps it as UTC without a zone, which sorts as text."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turned to UTC.

        Raises:
            ValueError: The time has no zone: nobody could say when it was.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone cannot be stored: {value}")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """In UTC, whatever zone the server speaks in."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
