"""The methods about people, on one site and on the whole network."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from sourcer.demo.model import Member
from sourcer.demo.stackexchange import nodes
from sourcer.demo.stackexchange.query import Query
from sourcer.demo.stackexchange.refusal import Node, wrong

__all__ = ["associated", "merges", "sites", "some_users", "users"]


def _created(member: Member) -> datetime:
    return member.created_at


_SORTS: Final[Mapping[str, Callable[[Member], Any]]] = {
    "reputation": lambda member: member.reputation,
    "creation": _created,
    "name": lambda member: member.name or "",
    "modified": _created,
}
_TYPES: Final = ("main_site", "meta_site")


def _shown(query: Query, members: Iterable[Member]) -> list[Node]:
    return [nodes.user(query.site, one) for one in query.arranged(members, _SORTS, _created)]


def users(query: Query) -> list[Node]:
    """``/users``."""
    part = query.params.get("inname", "").lower()
    return _shown(query, (one for one in query.site.members.values() if part in (one.name or "").lower()))


def some_users(query: Query) -> list[Node]:
    """``/users/{ids}``: of those who are not there nothing is said."""
    members = query.site.members
    return _shown(query, (members[uid] for uid in query.ids if uid in members))


def associated(query: Query) -> list[Node]:
    """``/users/{account_ids}/associated``: everybody's accounts on all sites."""
    wanted, kinds = set(query.ids), [one for one in query.params.get("types", "main_site").split(";") if one]
    if not set(kinds) <= set(_TYPES):
        raise wrong("types")
    found = [
        nodes.network_user(site, member)
        for site in query.sites.values()
        for member in site.members.values()
        if member.network_id in wanted and "main_site" in kinds
    ]
    return sorted(found, key=lambda one: int(one["reputation"]), reverse=True)


def merges(query: Query) -> list[Node]:
    """``/users/{account_ids}/merges``: accounts that became one of these."""
    wanted = set(query.ids)
    return [nodes.merge(old, new, at) for old, new, at in query.world.merges if new in wanted]


def sites(query: Query) -> list[Node]:
    """``/sites``."""
    return [nodes.site_node(site.community) for site in query.sites.values()]
