"""Pull requests and their reviews as GraphQL gives them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from sourcer.demo.fields.common import Args, Table, attribute, constant, living
from sourcer.demo.model import SITE_GITHUB, Account, PullRequest, Repository, Review
from sourcer.demo.paging import connection

__all__ = ["PULLS", "association", "pull_requests"]


def pull_requests(of: Repository | Account, args: Args) -> dict[str, Any]:
    """Those of a repository, or those that somebody sent to repositories which anybody can look at.

    Branches and labels do not exist here: whoever asks for one finds nothing.
    """
    found = [one for one in of.pull_requests if one.repository.is_readable]
    if args.get("states") is not None:
        found = [one for one in found if one.state in args["states"]]
    if any(args.get(name) is not None for name in ("baseRefName", "headRefName", "labels")):
        found = []
    order = args.get("orderBy") or {"field": "CREATED_AT", "direction": "ASC"}
    by_id = sorted(found, key=lambda one: one.database_id)
    key = _ORDER[order["field"]]
    return connection(sorted(by_id, key=key, reverse=order["direction"] == "DESC"), "pullRequests", args)


_ORDER: Final[dict[str, Callable[[PullRequest], Any]]] = {
    "COMMENTS": lambda _one: 0,
    "CREATED_AT": lambda one: one.created_at,
    "UPDATED_AT": lambda one: one.updated_at,
}


def association(author: Account | None, repository: Repository) -> str:
    """What somebody is to a repository: its owner, a member of the owning organisation, one whose work it took."""
    if author is None or author.is_gone:
        return "NONE"
    if author is repository.owner:
        return "OWNER"
    if author in repository.owner.members:
        return "MEMBER"
    taken = any(one.author is author and one.merged_at is not None for one in repository.pull_requests)
    return "CONTRIBUTOR" if taken else "NONE"


def _reviews(pull: PullRequest, args: Args) -> dict[str, Any]:
    found = sorted(pull.reviews, key=lambda one: one.submitted_at)
    if args.get("author") is not None:
        login = args["author"].lower()
        found = [one for one in found if one.author is not None and one.author.login.lower() == login]
    if args.get("states") is not None:
        found = [one for one in found if one.state in args["states"]]
    return connection(found, "reviews", args)


def _latest(pull: PullRequest, args: Args) -> dict[str, Any]:
    """The last word of each reviewer."""
    by_author = {one.author: one for one in sorted(pull.reviews, key=lambda one: one.submitted_at)}
    return connection(list(by_author.values()), "latestReviews", args)


def _merged_by(pull: PullRequest, _args: Args) -> Account | None:
    """Who approved it last, where anybody did."""
    if pull.merged_at is None:
        return None
    approved: Sequence[Review] = [one for one in pull.reviews if one.state == "APPROVED"]
    return living(approved[-1].author) if approved else None


def _number(one: PullRequest | Review) -> str:
    return str(one.database_id)


PULLS: Final[dict[str, Table]] = {
    "PullRequest": {
        "author": lambda one, _args: living(one.author),
        "authorAssociation": lambda one, _args: association(one.author, one.repository),
        "baseRefName": constant("main"),
        "body": constant(""),
        "bodyText": constant(""),
        "closed": lambda one, _args: one.state != "OPEN",
        "closedAt": lambda one, _args: one.merged_at or one.closed_at,
        "fullDatabaseId": attribute(_number),
        "isCrossRepository": constant(value=True),
        "isDraft": constant(value=False),
        "latestOpinionatedReviews": _latest,
        "latestReviews": _latest,
        "merged": lambda one, _args: one.merged_at is not None,
        "mergedBy": _merged_by,
        "permalink": lambda one, _args: one.url,
        "publishedAt": lambda one, _args: one.created_at,
        "resourcePath": lambda one, _args: one.url.removeprefix(SITE_GITHUB),
        "reviews": _reviews,
    },
    "PullRequestReview": {
        "author": lambda one, _args: living(one.author),
        "authorAssociation": lambda one, _args: association(one.author, one.pull_request.repository),
        "bodyText": attribute(lambda one: one.body),
        "createdAt": attribute(lambda one: one.submitted_at),
        "fullDatabaseId": attribute(_number),
        "publishedAt": attribute(lambda one: one.submitted_at),
        "repository": attribute(lambda one: one.pull_request.repository),
        "resourcePath": lambda one, _args: one.url.removeprefix(SITE_GITHUB),
        "updatedAt": attribute(lambda one: one.submitted_at),
    },
}
"""By type and field: from the object and the arguments to the value."""
