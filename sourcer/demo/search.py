"""GitHub's search syntax over the invented world: qualifiers, ranges, order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sourcer.demo.model import Account, PullRequest, Repository

__all__ = ["MOST_RESULTS", "find_accounts", "find_pull_requests", "find_repositories"]

MOST_RESULTS: Final = 1_000
"""Of one search, whatever its count says."""

_TOKEN: Final = re.compile(
    r'(?P<minus>-?)(?P<name>[a-z-]+):(?P<value>"[^"]*"|\S+)|(?P<word>"[^"]*"|\S+)', re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Term:
    """One part of a search: a qualifier, or a word where ``name`` is empty."""

    name: str
    value: str
    wanted: bool = True


def _terms(query: str) -> list[_Term]:
    found = []
    for match in _TOKEN.finditer(query):
        if match["word"]:
            found.append(_Term("", match["word"].strip('"').lower()))
        else:
            found.append(_Term(match["name"].lower(), match["value"].strip('"').lower(), not match["minus"]))
    return found


def _within(value: float | str | None, text: str) -> bool:
    """Whether a value lies in ``n``, ``>n``, ``>=n``, ``<n``, ``<=n``, ``a..b``, ``a..*`` or ``*..b``."""
    if value is None:
        return False
    low, dots, high = text.partition("..")
    if dots:
        return (low == "*" or _side(value, low) >= 0) and (high == "*" or _side(value, high) <= 0)
    for sign, passes in _SIGNS:
        if text.startswith(sign):
            return passes(_side(value, text.removeprefix(sign)))
    return _side(value, text) == 0


_SIGNS: Final[tuple[tuple[str, Callable[[int], bool]], ...]] = (
    (">=", lambda side: side >= 0),
    ("<=", lambda side: side <= 0),
    (">", lambda side: side > 0),
    ("<", lambda side: side < 0),
)


def _side(value: float | str, bound: str) -> int:
    """-1, 0 or 1: below, at or above. A date is compared as far as the bound is written out: a day is the whole day."""
    if isinstance(value, str):
        value = value[: len(bound)]
        return (value > bound) - (value < bound)
    try:
        number = float(bound)
    except ValueError:
        return -1
    return (value > number) - (value < number)


def _iso(at: datetime | None) -> str | None:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ").lower() if at is not None else None


def _main_language(repository: Repository) -> str:
    return max(repository.languages, key=lambda name: repository.languages[name], default="").lower()


def _flag(value: bool, text: str) -> bool:  # noqa: FBT001  # both are values to be compared
    return text == str(value).lower()


_REPOSITORY: Final[dict[str, Callable[[Repository, str], bool]]] = {
    "": lambda one, text: text in f"{one.name} {one.description or ''} {' '.join(one.topics)}".lower(),
    "archived": lambda one, text: _flag(one.is_archived, text),
    "created": lambda one, text: _within(_iso(one.created_at), text),
    "fork": lambda one, text: text == "true" or (text == "only" and one.parent is not None),
    "forks": lambda one, text: _within(one.forks, text),
    "in": lambda _one, _text: True,
    "is": lambda _one, text: text == "public",
    "language": lambda one, text: _main_language(one).replace(" ", "-") == text.replace(" ", "-"),
    "license": lambda one, text: (one.license or "").lower() == text,
    "mirror": lambda one, text: _flag(one.mirror_url is not None, text),
    "org": lambda one, text: one.owner.login.lower() == text,
    "pushed": lambda one, text: _within(_iso(one.pushed_at), text),
    "repo": lambda one, text: one.name_with_owner.lower() == text,
    "sort": lambda _one, _text: True,
    "stars": lambda one, text: _within(one.stars, text),
    "template": lambda one, text: _flag(one.is_template, text),
    "topic": lambda one, text: text in one.topics,
    "topics": lambda one, text: _within(len(one.topics), text),
    "user": lambda one, text: one.owner.login.lower() == text,
}

_ACCOUNT: Final[dict[str, Callable[[Account, str], bool]]] = {
    "": lambda one, text: text in f"{one.login} {one.name or ''}".lower(),
    "created": lambda one, text: _within(_iso(one.created_at), text),
    "followers": lambda one, text: _within(one.followers, text),
    "in": lambda _one, _text: True,
    "fullname": lambda one, text: text in (one.name or "").lower(),
    "language": lambda one, text: any(_main_language(repository) == text for repository in one.repositories),
    "location": lambda one, text: text in (one.location or "").lower(),
    "repos": lambda one, text: _within(len(one.repositories), text),
    "sort": lambda _one, _text: True,
    "type": lambda one, text: one.kind.lower() == {"org": "organization"}.get(text, text),
    "user": lambda one, text: one.login.lower() == text,
}


def _is(account: Account | None, login: str) -> bool:
    return account is not None and not account.is_gone and account.login.lower() == login


def _is_so(one: PullRequest, text: str) -> bool:
    state = one.state.lower()
    return (
        text in ("pr", "public", state)
        or (text == "unmerged" and state != "merged")
        or (text == "closed" and state != "open")
    )


_PULL_REQUEST: Final[dict[str, Callable[[PullRequest, str], bool]]] = {
    "": lambda one, text: text in one.title.lower(),
    "author": lambda one, text: _is(one.author, text),
    "closed": lambda one, text: _within(_iso(one.merged_at or one.closed_at), text),
    "created": lambda one, text: _within(_iso(one.created_at), text),
    "in": lambda _one, _text: True,
    "is": _is_so,
    "merged": lambda one, text: _within(_iso(one.merged_at), text),
    "org": lambda one, text: one.repository.owner.login.lower() == text,
    "repo": lambda one, text: one.repository.name_with_owner.lower() == text,
    "reviewed-by": lambda one, text: any(_is(review.author, text) for review in one.reviews),
    "sort": lambda _one, _text: True,
    "state": lambda one, text: (one.state == "OPEN") is (text == "open"),
    "type": lambda _one, text: text == "pr",
    "updated": lambda one, text: _within(_iso(one.updated_at), text),
    "user": lambda one, text: one.repository.owner.login.lower() == text,
}

_ALTERNATIVES: Final = frozenset({"org", "repo", "user"})
"""Of several of these one has to fit; of all others each."""


_ORDER: Final[dict[str, Callable[[Any], Any]]] = {
    "created": lambda one: one.created_at,
    "followers": lambda one: one.followers,
    "forks": lambda one: one.forks,
    "joined": lambda one: one.created_at,
    "repositories": lambda one: len(one.repositories),
    "stars": lambda one: one.stars,
    "updated": lambda one: one.updated_at,
}


def find_repositories(query: str, repositories: Iterable[Repository]) -> list[Repository]:
    """What a search of type REPOSITORY finds, all of it. Forks are left out unless ``fork:`` asks for them.

    A qualifier that GitHub does not know finds nothing.
    """
    terms = _terms(query)
    able = (one for one in repositories if not one.owner.is_suspended)
    found = [one for one in able if _passes(one, terms, _REPOSITORY)]
    if not any(term.name == "fork" for term in terms):
        found = [one for one in found if one.parent is None]
    return _sorted(found, terms, "stars")


def find_accounts(query: str, accounts: Iterable[Account]) -> list[Account]:
    """What a search of type USER finds, all of it: users and organisations, never apps."""
    terms = _terms(query)
    able = (one for one in accounts if one.kind != "Bot" and not one.is_gone)
    return _sorted([one for one in able if _passes(one, terms, _ACCOUNT)], terms, "followers")


def find_pull_requests(query: str, repositories: Iterable[Repository]) -> list[PullRequest]:
    """What a search of type ISSUE finds, all of it: there are no issues here, only pull requests."""
    terms = _terms(query)
    pulls = (pull for one in repositories if one.is_readable for pull in one.pull_requests)
    return _sorted([one for one in pulls if _passes(one, terms, _PULL_REQUEST)], terms, "created")


def _passes(one: Any, terms: Sequence[_Term], tests: dict[str, Callable[[Any, str], bool]]) -> bool:
    never: Callable[[Any, str], bool] = lambda _one, _text: False  # noqa: E731  # the default of a table of lambdas
    places: list[bool] = []
    for term in terms:
        fits = tests.get(term.name, never)(one, term.value)
        if term.wanted and term.name in _ALTERNATIVES:
            places.append(fits)
        elif fits is not term.wanted:
            return False
    return any(places) or not places


def _sorted(found: list[Any], terms: Sequence[_Term], usual: str) -> list[Any]:
    """By ``sort:NAME-asc|desc``, else the best first; equals by id, so that pages hang together."""
    asked = next((term.value for term in terms if term.name == "sort"), f"{usual}-desc")
    name, _, direction = asked.partition("-")
    by_id = sorted(found, key=lambda one: one.database_id)
    return sorted(by_id, key=_ORDER.get(name, _ORDER[usual]), reverse=direction != "asc")
