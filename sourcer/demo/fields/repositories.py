"""Repositories with their topics, languages, licences and releases as GraphQL gives them."""

from __future__ import annotations

from typing import Any, Final

from sourcer.demo.fields.common import Args, Table, attribute, constant, living, text_id
from sourcer.demo.fields.pulls import pull_requests
from sourcer.demo.fields.trees import BRANCH, commits, git_object
from sourcer.demo.model import SITE_GITHUB, Account, PullRequest, Repository, node_id
from sourcer.demo.paging import connection, not_found

__all__ = ["REPOSITORIES", "main_language", "people_behind"]


def _language(name: str) -> dict[str, Any]:
    return {"id": text_id("LANG", name), "name": name, "color": None}


def main_language(repository: Repository) -> str | None:
    """The one with the most bytes."""
    return max(repository.languages, key=lambda one: repository.languages[one], default=None)


def _languages(repository: Repository, args: Args) -> dict[str, Any]:
    sizes = sorted(repository.languages.items(), key=lambda item: (item[1], item[0]))
    if (args.get("orderBy") or {}).get("direction") == "DESC":
        sizes.reverse()
    return connection(
        [_language(name) for name, _ in sizes],
        "languages",
        args,
        edge=lambda one: {"size": repository.languages[one["name"]]},
        totalSize=sum(repository.languages.values()),
    )


def _primary_language(repository: Repository, _args: Args) -> dict[str, Any] | None:
    name = main_language(repository)
    return _language(name) if name is not None else None


def _topics(repository: Repository, args: Args) -> dict[str, Any]:
    items = [
        {
            "id": text_id("RT", f"{repository.database_id}:{name}"),
            "topic": {"id": text_id("T", name), "name": name},
            "url": f"{SITE_GITHUB}/topics/{name}",
            "resourcePath": f"/topics/{name}",
        }
        for name in repository.topics
    ]
    return connection(items, "repositoryTopics", args)


def _licence(repository: Repository, _args: Args) -> dict[str, Any] | None:
    name = repository.license
    if name is None:
        return None
    known = name != "NOASSERTION"
    key = name.lower() if known else "other"
    url = f"http://choosealicense.com/licenses/{key}/" if known else None
    return {
        "id": text_id("L", key),
        "key": key,
        "name": f"{name} licence" if known else "Other",
        "spdxId": name,
        "url": url,
    }


def _release(repository: Repository) -> dict[str, Any] | None:
    release = repository.release
    if release is None:
        return None
    path = f"/{repository.name_with_owner}/releases/tag/{release.tag}"
    author = living(repository.owner)
    return {
        "author": author if author is not None and author.kind == "User" else None,
        "createdAt": release.published_at,
        "databaseId": release.database_id,
        "description": None,
        "id": node_id("RE", release.database_id),
        "isDraft": False,
        "isLatest": not release.prerelease,
        "isPrerelease": release.prerelease,
        "name": release.tag,
        "publishedAt": release.published_at,
        "repository": repository,
        "resourcePath": path,
        "tagName": release.tag,
        "updatedAt": release.published_at,
        "url": SITE_GITHUB + path,
    }


def _latest_release(repository: Repository, _args: Args) -> dict[str, Any] | None:
    """The newest published version; GitHub does not call a pre-release the latest."""
    release = repository.release
    return None if release is None or release.prerelease else _release(repository)


def _releases(repository: Repository, args: Args) -> dict[str, Any]:
    only = _release(repository)
    return connection([only] if only is not None else [], "releases", args)


def _default_branch(repository: Repository, _args: Args) -> dict[str, Any] | None:
    if not repository.files:
        return None
    return {
        "id": text_id("REF", str(repository.database_id)),
        "name": BRANCH,
        "prefix": "refs/heads/",
        "repository": repository,
        "target": next(iter(commits(repository)), None),
    }


def people_behind(repository: Repository) -> list[Account]:
    """The living users that own it, belong to its owner, or whose work it took; each once, by number."""
    merged = (one.author for one in repository.pull_requests if one.merged_at is not None)
    known = {one for one in (repository.owner, *repository.owner.members, *merged) if living(one) is not None}
    users = (one for one in known if one is not None and one.kind == "User")
    return sorted(users, key=lambda one: one.database_id)


def _pull_request(repository: Repository, args: Args) -> PullRequest:
    found = next((one for one in repository.pull_requests if one.number == args["number"]), None)
    if found is None:
        raise not_found("PullRequest", "number", str(args["number"]))
    return found


REPOSITORIES: Final[dict[str, Table]] = {
    "Repository": {
        "archivedAt": lambda one, _args: one.pushed_at if one.is_archived else None,
        "defaultBranchRef": _default_branch,
        "diskUsage": lambda one, _args: sum(one.languages.values()) // 1000,
        "forkCount": attribute(lambda one: one.forks),
        "homepageUrl": attribute(lambda one: one.homepage),
        "isDisabled": constant(value=False),
        "isEmpty": lambda one, _args: not one.files,
        "isFork": lambda one, _args: one.parent is not None,
        "isInOrganization": lambda one, _args: one.owner.kind == "Organization",
        "isLocked": constant(value=False),
        "isMirror": lambda one, _args: one.mirror_url is not None,
        "isPrivate": constant(value=False),
        "languages": _languages,
        "latestRelease": _latest_release,
        "licenseInfo": _licence,
        "mentionableUsers": lambda one, args: connection(people_behind(one), "mentionableUsers", args),
        "object": git_object,
        "primaryLanguage": _primary_language,
        "pullRequest": _pull_request,
        "pullRequests": pull_requests,
        "releases": _releases,
        "repositoryTopics": _topics,
        "resourcePath": lambda one, _args: f"/{one.name_with_owner}",
        "stargazerCount": attribute(lambda one: one.stars),
        "url": lambda one, _args: f"{SITE_GITHUB}/{one.name_with_owner}",
        "visibility": constant("PUBLIC"),
    },
}
"""By type and field: from the object and the arguments to the value."""
