"""Repositories with their releases and pull requests in the shapes of the REST API."""

from __future__ import annotations

from typing import Any, Final

from sourcer.demo.fields.common import text_id
from sourcer.demo.fields.pulls import association
from sourcer.demo.fields.repositories import main_language
from sourcer.demo.fields.trees import BRANCH
from sourcer.demo.model import SITE_GITHUB, PullRequest, Repository, Review, node_id
from sourcer.demo.rest.owners import simple, simple_or_ghost
from sourcer.demo.rest.reply import moment

__all__ = ["full_repository", "issue", "pull_request", "release", "repository", "review", "short_pull_request"]

_PARTS: Final = {
    "archive_url": "/{archive_format}{/ref}",
    "assignees_url": "/assignees{/user}",
    "blobs_url": "/git/blobs{/sha}",
    "branches_url": "/branches{/branch}",
    "collaborators_url": "/collaborators{/collaborator}",
    "comments_url": "/comments{/number}",
    "commits_url": "/commits{/sha}",
    "compare_url": "/compare/{base}...{head}",
    "contents_url": "/contents/{+path}",
    "contributors_url": "/contributors",
    "deployments_url": "/deployments",
    "downloads_url": "/downloads",
    "events_url": "/events",
    "forks_url": "/forks",
    "git_commits_url": "/git/commits{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "hooks_url": "/hooks",
    "issue_comment_url": "/issues/comments{/number}",
    "issue_events_url": "/issues/events{/number}",
    "issues_url": "/issues{/number}",
    "keys_url": "/keys{/key_id}",
    "labels_url": "/labels{/name}",
    "languages_url": "/languages",
    "merges_url": "/merges",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "pulls_url": "/pulls{/number}",
    "releases_url": "/releases{/id}",
    "stargazers_url": "/stargazers",
    "statuses_url": "/statuses/{sha}",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "tags_url": "/tags",
    "teams_url": "/teams",
    "trees_url": "/git/trees{/sha}",
}
_SHA: Final = "0" * 40


def _licence(one: Repository) -> dict[str, Any] | None:
    if one.license is None:
        return None
    known = one.license != "NOASSERTION"
    key = one.license.lower() if known else "other"
    return {
        "key": key,
        "name": f"{one.license} licence" if known else "Other",
        "spdx_id": one.license,
        "url": f"https://api.github.com/licenses/{key}" if known else None,
        "node_id": text_id("L", key),
    }


def repository(one: Repository, base: str) -> dict[str, Any]:
    """``minimal-repository``, and with a ``score`` ``repo-search-result-item``."""
    name, page = one.name_with_owner, f"{SITE_GITHUB}/{one.name_with_owner}"
    url = f"{base}/repos/{name}"
    opened = sum(pull.state == "OPEN" for pull in one.pull_requests)
    return {
        "id": one.database_id,
        "node_id": one.id,
        "name": one.name,
        "full_name": name,
        "private": False,
        "owner": simple(one.owner, base),
        "html_url": page,
        "description": one.description,
        "fork": one.parent is not None,
        "url": url,
        "git_url": f"git://github.com/{name}.git",
        "ssh_url": f"git@github.com:{name}.git",
        "clone_url": f"{page}.git",
        "svn_url": page,
        "homepage": one.homepage,
        "mirror_url": one.mirror_url,
        "language": main_language(one),
        "license": _licence(one),
        "topics": list(one.topics),
        "default_branch": BRANCH,
        "visibility": "public",
        "size": sum(one.languages.values()) // 1000,
        "stargazers_count": one.stars,
        "watchers": one.stars,
        "watchers_count": one.stars,
        "forks": one.forks,
        "forks_count": one.forks,
        "open_issues": opened,
        "open_issues_count": opened,
        "has_issues": True,
        "has_projects": True,
        "has_downloads": True,
        "has_wiki": True,
        "has_pages": False,
        "has_discussions": False,
        "is_template": one.is_template,
        "archived": one.is_archived,
        "disabled": False,
        "allow_forking": True,
        "web_commit_signoff_required": False,
        "pushed_at": moment(one.pushed_at or one.created_at),
        "created_at": moment(one.created_at),
        "updated_at": moment(one.updated_at),
    } | {key: url + part for key, part in _PARTS.items()}


def full_repository(one: Repository, base: str) -> dict[str, Any]:
    """``full-repository``."""
    full = repository(one, base) | {"network_count": one.forks, "subscribers_count": one.stars // 20}
    if one.parent is not None and one.parent.is_readable:
        full |= {"parent": repository(one.parent, base), "source": repository(one.parent, base)}
    if one.owner.kind == "Organization":
        full["organization"] = simple(one.owner, base)
    return full


def release(one: Repository, base: str) -> dict[str, Any]:
    """``release``, of a repository that has one.

    Raises:
        LookupError: It has none.
    """
    found = one.release
    if found is None:
        raise LookupError(f"{one.name_with_owner} has no release")
    url, page = f"{base}/repos/{one.name_with_owner}", f"{SITE_GITHUB}/{one.name_with_owner}"
    at = moment(found.published_at)
    return {
        "url": f"{url}/releases/{found.database_id}",
        "assets_url": f"{url}/releases/{found.database_id}/assets",
        "upload_url": f"{url}/releases/{found.database_id}/assets{{?name,label}}",
        "html_url": f"{page}/releases/tag/{found.tag}",
        "tarball_url": f"{url}/tarball/{found.tag}",
        "zipball_url": f"{url}/zipball/{found.tag}",
        "id": found.database_id,
        "node_id": node_id("RE", found.database_id),
        "tag_name": found.tag,
        "target_commitish": BRANCH,
        "name": found.tag,
        "body": None,
        "draft": False,
        "prerelease": found.prerelease,
        "created_at": at,
        "published_at": at,
        "author": simple(one.owner, base),
        "assets": [],
    }


def _side(one: PullRequest, base: str) -> dict[str, Any]:
    owner = one.repository.owner
    return {
        "label": f"{owner.login}:{BRANCH}",
        "ref": BRANCH,
        "sha": _SHA,
        "user": simple(owner, base),
        "repo": repository(one.repository, base),
    }


def short_pull_request(one: PullRequest, base: str) -> dict[str, Any]:
    """``pull-request-simple``; whose author is gone is the ghost's."""
    url = f"{base}/repos/{one.repository.name_with_owner}"
    self_url, issue_url = f"{url}/pulls/{one.number}", f"{url}/issues/{one.number}"
    links = {
        "self": self_url,
        "html": one.url,
        "issue": issue_url,
        "comments": f"{issue_url}/comments",
        "review_comments": f"{self_url}/comments",
        "review_comment": f"{url}/pulls/comments{{/number}}",
        "commits": f"{self_url}/commits",
        "statuses": f"{url}/statuses/{_SHA}",
    }
    return {
        "url": self_url,
        "id": one.database_id,
        "node_id": one.id,
        "html_url": one.url,
        "diff_url": f"{one.url}.diff",
        "patch_url": f"{one.url}.patch",
        "issue_url": issue_url,
        "commits_url": links["commits"],
        "comments_url": links["comments"],
        "review_comments_url": links["review_comments"],
        "review_comment_url": links["review_comment"],
        "statuses_url": links["statuses"],
        "number": one.number,
        "state": "open" if one.state == "OPEN" else "closed",
        "locked": False,
        "title": one.title,
        "user": simple_or_ghost(one.author, base),
        "body": None,
        "labels": [],
        "milestone": None,
        "assignee": None,
        "author_association": association(one.author, one.repository),
        "auto_merge": None,
        "draft": False,
        "merge_commit_sha": _SHA if one.merged_at is not None else None,
        "created_at": moment(one.created_at),
        "updated_at": moment(one.updated_at),
        "closed_at": moment(one.merged_at or one.closed_at),
        "merged_at": moment(one.merged_at),
        "base": _side(one, base),
        "head": _side(one, base),
        "_links": {name: {"href": href} for name, href in links.items()},
    }


def pull_request(one: PullRequest, base: str) -> dict[str, Any]:
    """``pull-request``."""
    approved = [review for review in one.reviews if review.state == "APPROVED"]
    merged = one.merged_at is not None
    return short_pull_request(one, base) | {
        "additions": one.additions,
        "deletions": one.deletions,
        "changed_files": one.changed_files,
        "comments": 0,
        "review_comments": len(one.reviews),
        "commits": 1,
        "maintainer_can_modify": False,
        "mergeable": None,
        "mergeable_state": "unknown",
        "rebaseable": None,
        "merged": merged,
        "merged_by": simple_or_ghost(approved[-1].author, base) if merged and approved else None,
    }


def review(one: Review, base: str) -> dict[str, Any]:
    """``pull-request-review``."""
    pull = one.pull_request
    url = f"{base}/repos/{pull.repository.name_with_owner}/pulls/{pull.number}"
    return {
        "id": one.database_id,
        "node_id": one.id,
        "user": simple_or_ghost(one.author, base),
        "body": one.body,
        "state": one.state,
        "html_url": one.url,
        "pull_request_url": url,
        "_links": {"html": {"href": one.url}, "pull_request": {"href": url}},
        "submitted_at": moment(one.submitted_at),
        "commit_id": _SHA,
        "author_association": association(one.author, pull.repository),
    }


def issue(one: PullRequest, base: str) -> dict[str, Any]:
    """``issue-search-result-item``: a pull request as a search shows it."""
    url = f"{base}/repos/{one.repository.name_with_owner}"
    short = short_pull_request(one, base)
    kept = (
        "id", "node_id", "html_url", "number", "state", "locked", "title", "user", "labels", "milestone",
        "assignee", "author_association", "created_at", "updated_at", "closed_at", "draft", "comments_url",
    )  # fmt: skip
    pull = {"url": short["url"], "merged_at": short["merged_at"]} | {
        name: short[name] for name in ("html_url", "diff_url", "patch_url")
    }
    return {name: short[name] for name in kept} | {
        "url": short["issue_url"],
        "repository_url": url,
        "labels_url": f"{short['issue_url']}/labels{{/name}}",
        "events_url": f"{short['issue_url']}/events",
        "comments": 0,
        "pull_request": pull,
        "score": 1.0,
    }
