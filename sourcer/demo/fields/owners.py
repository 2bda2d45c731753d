"""Users, organisations and apps as GraphQL gives them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from sourcer.demo.fields.common import Args, Table, attribute, constant, counted, readable
from sourcer.demo.fields.pulls import pull_requests
from sourcer.demo.model import SITE_GITHUB, Account, Repository
from sourcer.demo.paging import connection

__all__ = ["OWNERS", "repositories"]

_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)
_PINNED: Final = 6


def repositories(account: Account, args: Args) -> dict[str, Any]:
    """What somebody owns; collaborators do not exist here."""
    found = readable(account.repositories)
    if args.get("isFork") is not None:
        found = [one for one in found if (one.parent is not None) is args["isFork"]]
    if args.get("isArchived") is not None:
        found = [one for one in found if one.is_archived is args["isArchived"]]
    affiliations = args.get("ownerAffiliations")
    hidden = args.get("privacy") == "PRIVATE" or args.get("visibility") in ("PRIVATE", "INTERNAL")
    if hidden or (affiliations is not None and "OWNER" not in affiliations):
        found = []
    return _ordered(found, "repositories", args)


def _ordered(found: list[Repository], name: str, args: Args) -> dict[str, Any]:
    order = args.get("orderBy") or {"field": "NAME", "direction": "ASC"}
    by_id = sorted(found, key=lambda one: one.database_id)
    key = _REPOSITORY_ORDER[order["field"]]
    return connection(
        sorted(by_id, key=key, reverse=order["direction"] == "DESC"), name, args, totalDiskUsage=_kilobytes(found)
    )


_REPOSITORY_ORDER: Final[dict[str, Callable[[Repository], Any]]] = {
    "CREATED_AT": lambda one: one.created_at,
    "NAME": lambda one: one.name.lower(),
    "PUSHED_AT": lambda one: one.pushed_at or _LONG_AGO,
    "STARGAZERS": lambda one: one.stars,
    "UPDATED_AT": lambda one: one.updated_at,
}


def _kilobytes(found: list[Repository]) -> int:
    return sum(sum(one.languages.values()) // 1000 for one in found)


def _repository_of(account: Account, args: Args) -> Repository | None:
    named = (one for one in readable(account.repositories) if one.name.lower() == args["name"].lower())
    return next(named, None)


def _socials(account: Account, args: Args) -> dict[str, Any]:
    items = [{"provider": kind, "displayName": name, "url": url} for kind, name, url in account.socials]
    return connection(items, "socialAccounts", args)


def _contributed_to(account: Account, args: Args) -> dict[str, Any]:
    """Where others took what somebody sent; own repositories do not count."""
    merged = {pull.repository for pull in account.pull_requests if pull.merged_at is not None}
    found = readable(sorted((one for one in merged if one.owner is not account), key=lambda one: one.database_id))
    return _ordered(found, "repositoriesContributedTo", args)


def _pinned(account: Account, args: Args) -> dict[str, Any]:
    best = sorted(readable(account.repositories), key=lambda one: one.stars, reverse=True)[:_PINNED]
    return connection(best, "pinnedItems", args)


def _organizations(account: Account, args: Args) -> dict[str, Any]:
    return connection([one for one in account.organizations if not one.is_gone], "organizations", args)


def _members(organization: Account, args: Args) -> dict[str, Any]:
    """Who shows it; to others an organisation's other members are hidden."""
    shown = [one for one in organization.members if not one.is_gone]
    edge = {"hasTwoFactorEnabled": None, "role": "MEMBER"}
    return connection(shown, "membersWithRole", args, edge=lambda _one: edge)


_OWNER: Final[Table] = {
    "avatarUrl": lambda one, _args: f"https://avatars.githubusercontent.com/u/{one.database_id}?v=4",
    "resourcePath": lambda one, _args: one.url.removeprefix(SITE_GITHUB),
    "repositories": repositories,
    "repository": _repository_of,
    "twitterUsername": constant(None),
    "websiteUrl": attribute(lambda one: one.website),
}

OWNERS: Final[dict[str, Table]] = {
    "User": _OWNER
    | {
        "followers": counted(lambda one: one.followers, "followers"),
        "following": counted(lambda one: one.following, "following"),
        "isEmployee": constant(value=False),
        "isSiteAdmin": constant(value=False),
        "organizations": _organizations,
        "pinnedItems": _pinned,
        "pronouns": constant(None),
        "pullRequests": pull_requests,
        "repositoriesContributedTo": _contributed_to,
        "socialAccounts": _socials,
        "status": constant(None),
        "userViewType": constant("PUBLIC"),
    },
    "Organization": _OWNER
    | {
        "description": attribute(lambda one: one.bio),
        "isVerified": constant(value=False),
        "membersWithRole": _members,
    },
    "Bot": _OWNER,
}
"""By type and field: from the object and the arguments to the value."""
