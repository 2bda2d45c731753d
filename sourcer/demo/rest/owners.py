"""Accounts in the shapes of the REST API."""

from __future__ import annotations

from typing import Any, Final

from sourcer.demo.index import GHOST
from sourcer.demo.model import Account
from sourcer.demo.rest.reply import moment

__all__ = ["full_account", "organization", "organization_simple", "simple", "simple_or_ghost", "social_accounts"]

_PARTS: Final = {
    "events_url": "/events{/privacy}",
    "followers_url": "/followers",
    "following_url": "/following{/other_user}",
    "gists_url": "/gists{/gist_id}",
    "organizations_url": "/orgs",
    "received_events_url": "/received_events",
    "repos_url": "/repos",
    "starred_url": "/starred{/owner}{/repo}",
    "subscriptions_url": "/subscriptions",
}
_ORGANIZATION_PARTS: Final = {
    "events_url": "/events",
    "hooks_url": "/hooks",
    "issues_url": "/issues",
    "members_url": "/members{/member}",
    "public_members_url": "/public_members{/member}",
    "repos_url": "/repos",
}


def simple(account: Account, base: str) -> dict[str, Any]:
    """``simple-user``. Apps have ``[bot]`` behind their names here."""
    login = f"{account.login}[bot]" if account.kind == "Bot" else account.login
    url = f"{base}/users/{login}"
    return {
        "login": login,
        "id": account.database_id,
        "node_id": account.id,
        "avatar_url": f"https://avatars.githubusercontent.com/u/{account.database_id}?v=4",
        "gravatar_id": "",
        "url": url,
        "html_url": account.url,
        "type": account.kind,
        "user_view_type": "public",
        "site_admin": False,
    } | {name: url + part for name, part in _PARTS.items()}


def simple_or_ghost(account: Account | None, base: str) -> dict[str, Any]:
    """``simple-user``; in place of one who is gone, the account that stands for all of those."""
    return simple(GHOST if account is None or account.is_gone else account, base)


def full_account(account: Account, base: str) -> dict[str, Any]:
    """``public-user``."""
    return simple(account, base) | {
        "name": account.name,
        "company": account.company,
        "blog": account.website or "",
        "location": account.location,
        "email": account.email or None,
        "hireable": account.is_hireable or None,
        "bio": account.bio,
        "twitter_username": None,
        "public_repos": sum(one.is_readable for one in account.repositories),
        "public_gists": 0,
        "followers": account.followers,
        "following": account.following,
        "created_at": moment(account.created_at),
        "updated_at": moment(account.updated_at),
    }


def social_accounts(account: Account) -> list[dict[str, str]]:
    """A list of ``social-account``."""
    return [{"provider": kind.lower(), "url": url} for kind, _, url in account.socials]


def organization_simple(account: Account, base: str) -> dict[str, Any]:
    """``organization-simple``."""
    url = f"{base}/orgs/{account.login}"
    return {
        "login": account.login,
        "id": account.database_id,
        "node_id": account.id,
        "url": url,
        "avatar_url": f"https://avatars.githubusercontent.com/u/{account.database_id}?v=4",
        "description": account.bio,
    } | {name: url + part for name, part in _ORGANIZATION_PARTS.items()}


def organization(account: Account, base: str) -> dict[str, Any]:
    """``organization-full``."""
    known = {"name": account.name, "company": account.company, "location": account.location}
    return (
        organization_simple(account, base)
        | {name: text for name, text in known.items() if text is not None}
        | {
            "blog": account.website or "",
            "html_url": account.url,
            "is_verified": False,
            "has_organization_projects": True,
            "has_repository_projects": True,
            "public_repos": sum(one.is_readable for one in account.repositories),
            "public_gists": 0,
            "followers": account.followers,
            "following": 0,
            "type": "Organization",
            "created_at": moment(account.created_at),
            "updated_at": moment(account.updated_at),
            "archived_at": None,
        }
    )
