"""What sites say, made storable at the edge: one bad record never ends a crawl.

PostgreSQL refuses NUL and lone surrogates in text and index entries over 2,704 bytes; JSON knows no NaN.
Nothing that can be kept is dropped.
"""

from __future__ import annotations

import dataclasses
import hashlib
import logging
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, overload

from sourcer.domain import Checkpoint, Item, Ref

__all__ = [
    "clean_items",
    "clean_key",
    "clean_measure",
    "clean_ref",
    "clean_terms",
    "clean_text",
    "clean_texts",
    "clean_time",
]

_log = logging.getLogger(__name__)

_MAX_INTEGER: Final = 2**63 - 1
_EXACT_FLOAT: Final = 2**53
_EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)

# Together an index entry must stay under PostgreSQL's 2,704 bytes.
_SITE_BYTES: Final = 100
_UID_BYTES: Final = 400
_KEY_BYTES: Final = 500
_LOGIN_CHARS: Final = 255


@overload
def clean_text(text: str) -> str: ...
@overload
def clean_text(text: None) -> None: ...
def clean_text(text: str | None) -> str | None:
    """Text without NUL and lone surrogates; a pair of surrogates becomes the character it stands for."""
    if text is None or _is_clean(text):
        return text
    return text.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "ignore")


def clean_texts(texts: Sequence[str]) -> Sequence[str]:
    """Many texts, each as :func:`clean_text` gives it."""
    return texts if _is_clean("".join(texts)) else [clean_text(text) for text in texts]


def _is_clean(text: str) -> bool:
    return text.isascii() and "\0" not in text


def clean_key(text: str, limit: int = _KEY_BYTES) -> str:
    """Clean text that is part of a key; what is longer than ``limit`` bytes is stood for by its hash."""
    if len(text) <= limit and _is_clean(text):
        return text
    cleaned = clean_text(text)
    encoded = cleaned.encode()
    return cleaned if len(encoded) <= limit else f"sha256:{hashlib.sha256(encoded).hexdigest()}"


def clean_time(moment: datetime | None) -> datetime | None:
    """A time in UTC; one without a zone is UTC.

    What lies before 1970 is unknown: no site is older, such a time is somebody's default for "none".
    """
    if moment is None:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    if moment.tzinfo is not UTC:
        try:
            moment = moment.astimezone(UTC)
        except OverflowError:
            return None
    return moment if moment >= _EARLIEST else None


def clean_measure(measure: Mapping[str, float]) -> dict[str, float]:
    """The site's numbers that are finite; whole ones as integers, so that ``12.0`` and ``12`` are one value."""
    cleaned = ((clean_text(unit), _clean_number(value)) for unit, value in measure.items())
    return {unit: value for unit, value in cleaned if value is not None}


def _clean_number(value: float) -> float | None:
    if type(value) is int and -_MAX_INTEGER <= value <= _MAX_INTEGER:
        return value
    if isinstance(value, int) and abs(value) <= _MAX_INTEGER:
        return int(value)
    try:
        number = float(value)
    except (OverflowError, TypeError, ValueError):
        return None
    if not math.isfinite(number):
        return None
    return int(number) if number.is_integer() and abs(number) <= _EXACT_FLOAT else number


def clean_terms(terms: Iterable[str]) -> list[str]:
    """Clean terms, each once, in the order they came."""
    terms = dict.fromkeys(terms)
    if "" not in terms and _is_clean("".join(terms)):
        return list(terms)
    return [term for term in dict.fromkeys(clean_text(term) for term in terms) if term]


def clean_ref(ref: Ref) -> Ref:
    """The same account with a storable key and login."""
    whole = ref.site + ref.uid + ref.login
    if len(whole) <= _SITE_BYTES and _is_clean(whole):
        return ref
    cleaned = Ref(
        clean_key(ref.site, _SITE_BYTES), clean_key(ref.uid, _UID_BYTES), clean_text(ref.login[:_LOGIN_CHARS])
    )
    return ref if cleaned == ref else cleaned


def clean_items(items: Iterable[Item]) -> Iterator[Item]:
    """The items with storable keys. One without site or uid is left out: it would mix strangers into one person."""
    known: Ref | None = None
    for item in items:
        if isinstance(item, Checkpoint):
            continue
        ref = item if isinstance(item, Ref) else item.ref
        if ref is known:  # most connectors give all of an account with one ref
            yield item
            continue
        cleaned = clean_ref(ref)
        if not cleaned.site or not cleaned.uid:
            _log.warning("left out a %s without site or uid: %r", type(item).__name__, ref)
        elif cleaned is ref:
            known = ref
            yield item
        else:
            yield cleaned if isinstance(item, Ref) else dataclasses.replace(item, ref=cleaned)
