"""``ListEntities``: the search over people and what they published."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypeAlias

from sourcer.demo.kaggle.enums import ACHIEVEMENTS, CONTENT_ORDERS, DOCUMENTS, USER_ORDERS, enum_name
from sourcer.demo.kaggle.model import TIERS, Category, Dataset, Kaggle, Kaggler, Model, Notebook
from sourcer.demo.kaggle.paging import BadRequest, page_of
from sourcer.demo.kaggle.wire import dataset_document, kernel_document, model_document, user_document

__all__ = ["list_entities", "people_of"]

_Found: TypeAlias = Kaggler | Notebook | Dataset | Model
_UNRANKED: Final = 10**9
_RANKINGS: Final[Mapping[str, Category]] = {
    "SEARCH_USERS_ORDER_BY_COMPETITION_RANKING": "competitions",
    "SEARCH_USERS_ORDER_BY_KERNEL_RANKING": "notebooks",
    "SEARCH_USERS_ORDER_BY_DATASET_RANKING": "datasets",
}
_CATEGORIES: Final[Mapping[str, Category]] = {
    "USER_ACHIEVEMENT_TYPE_COMPETITIONS": "competitions",
    "USER_ACHIEVEMENT_TYPE_NOTEBOOKS": "notebooks",
    "USER_ACHIEVEMENT_TYPE_DISCUSSION": "discussion",
    "USER_ACHIEVEMENT_TYPE_DATASETS": "datasets",
}


def list_entities(site: Kaggle, body: Mapping[str, Any]) -> dict[str, Any]:
    """Answer a search.

    Raises:
        BadRequest: The question cannot be understood.
    """
    filters = _message(body, "filters")
    kinds = [enum_name(kind, DOCUMENTS) for kind in _list(filters, "documentTypes")]
    query = str(filters.get("query", ""))
    found: list[_Found] = []
    if "USER" in kinds:
        found += _users(site, _message(filters, "userFilters"), query, body)
    works = [*(one for kind in kinds for one in _works(site, kind, _message(filters, "kernelFilters")))]
    found += _ordered([one for one in works if _is_about(one, query)], body)
    answer = page_of(body, found, "documents", _document)
    return answer | ({"totalDocuments": len(found)} if found else {})


def people_of(site: Kaggle) -> list[Kaggler]:
    """Who can be seen."""
    return [one for one in site.people if not one.is_gone]


def _message(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = body.get(name) or {}
    if not isinstance(value, Mapping):
        raise BadRequest(f"{name} is not a message")
    return value


def _list(body: Mapping[str, Any], name: str) -> Sequence[Any]:
    value = body.get(name) or []
    if not isinstance(value, list):
        raise BadRequest(f"{name} is not a list")
    return value


def _users(site: Kaggle, filters: Mapping[str, Any], query: str, body: Mapping[str, Any]) -> list[Kaggler]:
    checks: list[Callable[[Kaggler], bool]] = [lambda one: query.lower() in f"{one.login} {one.name or ''}".lower()]
    if filters.get("tier") is not None:
        tier = enum_name(filters["tier"], TIERS)
        checks.append(lambda one: one.tier == tier)
    if uids := _list(filters, "userIds"):
        wanted = {int(uid) for uid in uids}
        checks.append(lambda one: one.id in wanted)
    if places := _list(filters, "userLocations"):
        checks.append(lambda one: one.place in places)
    if employers := _list(filters, "occupationOrganizationNames"):
        checks.append(lambda one: one.organization in employers)
    if (ranked := filters.get("requireRankingForType")) is not None:
        category = _CATEGORIES.get(enum_name(ranked, ACHIEVEMENTS))
        checks.append(lambda one: category is None or _rank(one, category) < _UNRANKED)
    if level := _message(filters, "grandmasterLevel"):
        least, most = int(level.get("min", 0)), int(level.get("max", _UNRANKED))
        checks.append(lambda one: least <= one.grandmaster_level <= most)
    found = [one for one in people_of(site) if all(check(one) for check in checks)]
    return sorted(found, key=_user_order(enum_name(body.get("usersOrderBy"), USER_ORDERS)))


def _rank(person: Kaggler, category: Category) -> int:
    standing = person.standings.get(category)
    return (standing.rank if standing is not None else None) or _UNRANKED


def _user_order(order: str) -> Callable[[Kaggler], Any]:
    if order in _RANKINGS:
        return lambda one: (_rank(one, _RANKINGS[order]), one.id)
    return {
        "SEARCH_USERS_ORDER_BY_DISPLAY_NAME": lambda one: ((one.name or "").lower(), one.id),
        "SEARCH_USERS_ORDER_BY_TIER_AND_LEVEL": lambda one: (-TIERS[one.tier] % 5, -one.grandmaster_level, one.id),
        "SEARCH_USERS_ORDER_BY_OLDEST_JOIN_DATE": lambda one: (one.joined_at, one.id),
        "SEARCH_USERS_ORDER_BY_NEWEST_JOIN_DATE": lambda one: (-one.joined_at.timestamp(), one.id),
    }.get(order, lambda one: one.id)


def _works(site: Kaggle, kind: str, filters: Mapping[str, Any]) -> Sequence[Notebook | Dataset | Model]:
    if kind == "KERNEL":
        language = filters.get("language")
        medal = filters.get("earnedMedal")
        return [
            one
            for one in site.notebooks
            if not one.author.is_gone and language in (None, one.language) and (not medal or one.medal is not None)
        ]
    if kind == "DATASET":
        return [one for one in site.datasets if not one.owner.is_gone]
    return [one for one in site.models if not one.owner.is_gone] if kind == "MODEL" else []


def _is_about(work: Notebook | Dataset | Model, query: str) -> bool:
    """Whether all words of a question stand side by side in the title, or are a tag."""
    words = re.findall(r"[a-z0-9]+", query.lower())
    said = re.findall(r"[a-z0-9]+", work.title.lower())
    together = f" {' '.join(said)} "
    return f" {' '.join(words)} " in together or " ".join(words) in work.tags or not words


def _ordered(works: list[Notebook | Dataset | Model], body: Mapping[str, Any]) -> list[Notebook | Dataset | Model]:
    order = enum_name(body.get("canonicalOrderBy"), CONTENT_ORDERS)
    if order.endswith(("DATE_CREATED", "DATE_UPDATED")):
        return sorted(works, key=lambda one: (-_time(one).timestamp(), one.id))
    return sorted(works, key=lambda one: (-one.votes, one.id))


def _time(work: Notebook | Dataset | Model) -> datetime:
    return work.ran_at if isinstance(work, Notebook) else work.updated_at


def _document(found: _Found) -> dict[str, Any]:
    match found:
        case Kaggler():
            return user_document(found)
        case Notebook():
            return kernel_document(found)
        case Dataset():
            return dataset_document(found)
        case Model():
            return model_document(found)
