"""What an item must be like to be stored: checked by the engine for each item, and by the contract tests."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any, Final, cast
from urllib.parse import urlsplit

from sourcer.domain import Checkpoint, Done, Evidence, Gone, LinkClaim, Profile, Ref, Unknown

__all__ = ["check_item"]

_KIND: Final = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
_THING: Final = re.compile(r"[a-z][a-z0-9_]*\.\*")
_TERM: Final = re.compile(r"[a-z][a-z0-9_-]*:\S.*", re.DOTALL)
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_TEXTS: Final = ("name", "location", "bio", "company", "website")


def check_item(item: Any, sites: Collection[str]) -> str | None:
    """What is wrong with an item that a connector yielded, in one line; ``None`` where it is good.

    Args:
        item: What was yielded.
        sites: The sites that the connector serves.
    """
    check = _CHECKS.get(type(item))
    if check is None:
        return f"a {type(item).__name__} is no item"
    problem = check(item)
    if problem is None and not isinstance(item, Checkpoint):
        ref = item if isinstance(item, Ref) else item.ref
        problem = _site(ref, sites)
    return None if problem is None else " ".join(f"{type(item).__name__}{_whose(item)}: {problem}".split())


def _whose(item: Any) -> str:
    ref: Any = item if isinstance(item, Ref) else getattr(item, "ref", None)
    return f" of {ref.key}" if isinstance(ref, Ref) else ""


def _site(ref: Ref, sites: Collection[str]) -> str | None:
    return None if ref.site in sites else f"site {ref.site!r} is not one of {', '.join(sites)}"


def _ref(ref: Any) -> str | None:
    if not isinstance(ref, Ref):
        return f"ref is a {type(ref).__name__}, not a Ref"
    # Declared as str, but nobody checked what the connector really put there.
    uid, login = cast("tuple[Any, Any]", (ref.uid, ref.login))
    if not isinstance(uid, str):
        return f"uid {uid!r} is a {type(uid).__name__}, not a str"
    if not uid or uid != uid.strip() or not uid.isprintable():
        return f"uid {uid!r} is empty, has blanks around it, or holds what cannot be printed"
    return None if isinstance(login, str) else f"login {login!r} is not a str"


def _profile(item: Any) -> str | None:
    wrong = [name for name in _TEXTS if not isinstance(getattr(item, name), str | None)]
    if wrong:
        return f"{', '.join(wrong)}: not a str or None"
    if item.country is not None and not (isinstance(item.country, str) and _COUNTRY.fullmatch(item.country)):
        return f"country {item.country!r} is not an ISO 3166 code"
    if not isinstance(item.open_to_work, bool | None):
        return f"open_to_work {item.open_to_work!r} is not a bool or None"
    return _first(
        _ref(item.ref),
        _url(item.url),
        _links(item.links),
        _measure(item.measure),
        _time("created_at", item.created_at),
    )


def _links(links: Any) -> str | None:
    if not isinstance(links, tuple):
        return "links is not a tuple"
    for link in links:
        parts = (link.url, link.where) if isinstance(link, LinkClaim) else ()
        if not parts or not all(part and isinstance(part, str) for part in parts):
            return f"{link!r} is not a LinkClaim with url and where"
    return None


def _evidence(item: Any) -> str | None:
    if not isinstance(item.kind, str) or not _KIND.fullmatch(item.kind):
        return f"kind {item.kind!r} is not thing.aspect"
    for name in ("title", "key", "licence"):
        if not isinstance(getattr(item, name), str):
            return f"{name} {getattr(item, name)!r} is not a str"
    return _first(
        _ref(item.ref),
        _url(item.url),
        _terms(item.terms),
        _measure(item.measure),
        _time("happened_at", item.happened_at),
    )


def _unknown(item: Any) -> str | None:
    if item.what != "profile" and (problem := _pattern("what", item.what)):
        return f"{problem} and not 'profile'"
    return _ref(item.ref) or _reason(item.reason)


def _gone(item: Any) -> str | None:
    return _ref(item.ref) or _reason(item.reason)


def _done(item: Any) -> str | None:
    if not isinstance(item.scope, tuple):
        return "scope is not a tuple"
    if not isinstance(item.unchanged, bool):
        return "unchanged is neither true nor false"
    for name in ("things", "answered"):
        if not isinstance(getattr(item, name), tuple) or not all(isinstance(one, str) for one in getattr(item, name)):
            return f"{name} is not a tuple of str"
    problems = [_pattern("scope", pattern) for pattern in item.scope]
    problems += [_pattern("answered", what) for what in item.answered if what != "profile"]
    return _first(_ref(item.ref), *problems, None if item.state is None else _state(item.state))


def _checkpoint(item: Any) -> str | None:
    return _state(item.state)


def _reason(reason: Any) -> str | None:
    return None if isinstance(reason, str) and reason.strip() else "it gives no reason"


def _pattern(what: str, pattern: Any) -> str | None:
    if isinstance(pattern, str) and (pattern == "*" or _KIND.fullmatch(pattern) or _THING.fullmatch(pattern)):
        return None
    return f"{what} {pattern!r} is not a kind, thing.* or *"


def _url(url: Any) -> str | None:
    if isinstance(url, str):
        try:
            parts = urlsplit(url)
        except ValueError:
            return f"url {url!r} cannot be read"
        if parts.scheme in ("http", "https") and parts.netloc and not re.search(r"\s", url):
            return None
    return f"url {url!r} is not an absolute http(s) address"


def _terms(terms: Any) -> str | None:
    if not isinstance(terms, tuple):
        return "terms is not a tuple"
    for term in terms:
        if not isinstance(term, str) or not _TERM.fullmatch(term):
            return f"term {term!r} is not scheme:value"
    return None


def _measure(measure: Any) -> str | None:
    if not isinstance(measure, Mapping):
        return "measure is not a mapping"
    for unit, number in measure.items():
        if not isinstance(unit, str) or not unit:
            return f"measure: {unit!r} is not the name of a unit"
        if isinstance(number, bool) or not isinstance(number, int | float) or not _is_finite(number):
            return f"measure {unit} is {number!r}, not a finite number (flags are 0 or 1)"
    return None


def _time(what: str, moment: Any) -> str | None:
    if moment is None:
        return None
    if not isinstance(moment, datetime) or moment.utcoffset() is None:
        return f"{what} {moment!r} is not a datetime with a time zone"
    return None


def _state(state: Any) -> str | None:
    if not isinstance(state, Mapping):
        return f"state is a {type(state).__name__}, not a mapping"
    plain = dict(state)
    try:
        same = json.loads(json.dumps(plain, allow_nan=False)) == plain
    except (TypeError, ValueError, RecursionError) as fault:
        return f"state is not JSON ({fault})"
    return None if same else "state does not survive JSON: its keys must be str, its sequences lists"


def _first(*problems: str | None) -> str | None:
    return next((problem for problem in problems if problem is not None), None)


_CHECKS: Final[Mapping[type, Callable[[Any], str | None]]] = {
    Ref: _ref,
    Profile: _profile,
    Evidence: _evidence,
    Unknown: _unknown,
    Gone: _gone,
    Done: _done,
    Checkpoint: _checkpoint,
}


def _is_finite(number: float) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:  # an int that no float can hold
        return False
