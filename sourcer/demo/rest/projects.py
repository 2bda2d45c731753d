"""The endpoints below a repository."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from sourcer.demo.fields.trees import commits
from sourcer.demo.loopback import Asked
from sourcer.demo.model import Account, PullRequest, Repository
from sourcer.demo.rest import owners, trees, works
from sourcer.demo.rest.reply import Refused, Reply, listed, moment, paged

__all__ = ["project"]

Endpoint: TypeAlias = Callable[[Asked, Repository], Reply]


def project(asked: Asked, one: Repository, rest: tuple[str, ...]) -> Reply:
    """Answer for ``/repos/{owner}/{repo}`` and what hangs below; ``rest`` are the parts of the path behind that.

    Raises:
        Refused: There is no such endpoint, or nothing behind it.
    """
    endpoint = _ENDPOINTS.get("/".join(rest))
    if endpoint is not None:
        return endpoint(asked, one)
    accept = asked.headers.get("accept", "")
    match rest:
        case ("contents", *path):
            return trees.contents(one, "/".join(path), asked.base, accept)
        case ("git", "trees", sha):
            return trees.git_tree(one, sha, asked.base, recursive="recursive" in asked.query)
        case ("pulls", number, *place):
            return _pull(asked, one, number, tuple(place))
        case _:
            raise Refused(404, "Not Found")


def _contributors(asked: Asked, one: Repository) -> Reply:
    if not one.files:
        return Reply(status=204)
    counts: dict[Account, int] = {}
    for step in commits(one):
        if step.author is not None and not step.author.is_gone:
            counts[step.author] = counts.get(step.author, 0) + 1
    most = sorted(counts.items(), key=lambda item: (-item[1], item[0].database_id))
    return listed(asked, [owners.simple(who, asked.base) | {"contributions": number} for who, number in most])


def _commits(asked: Asked, one: Repository) -> Reply:
    if not one.files:
        raise Refused(409, "Git Repository is empty.")
    found = commits(one)
    author, since = asked.query.get("author"), asked.query.get("since")
    if author is not None:
        found = [step for step in found if step.author is not None and step.author.login.lower() == author.lower()]
    if since is not None:
        found = [step for step in found if (moment(step.at) or "") >= since]
    page, links = paged(asked, found)
    return Reply([trees.commit(step, asked.base) for step in page], headers=links)


def _latest_release(asked: Asked, one: Repository) -> Reply:
    if one.release is None or one.release.prerelease:
        raise Refused(404, "Not Found")
    return Reply(works.release(one, asked.base))


def _pull(asked: Asked, one: Repository, number: str, place: tuple[str, ...]) -> Reply:
    pull = next((pull for pull in one.pull_requests if str(pull.number) == number), None)
    if pull is None or place not in ((), ("reviews",)):
        raise Refused(404, "Not Found")
    if not place:
        return Reply(works.pull_request(pull, asked.base))
    given = sorted(pull.reviews, key=lambda review: review.submitted_at)
    return listed(asked, [works.review(review, asked.base) for review in given])


def _pull_list(asked: Asked, one: Repository) -> Reply:
    state = asked.query.get("state", "open")
    found = [pull for pull in one.pull_requests if state == "all" or (pull.state == "OPEN") is (state == "open")]
    sort = asked.query.get("sort", "created")
    key: Callable[[PullRequest], Any] = lambda pull: pull.updated_at if sort == "updated" else pull.created_at  # noqa: E731
    downwards = asked.query.get("direction", "desc" if sort == "created" else "asc") == "desc"
    by_id = sorted(found, key=lambda pull: pull.database_id)
    page, links = paged(asked, sorted(by_id, key=key, reverse=downwards))
    return Reply([works.short_pull_request(pull, asked.base) for pull in page], headers=links)


def _releases(asked: Asked, one: Repository) -> Reply:
    return listed(asked, [works.release(one, asked.base)] if one.release is not None else [])


_ENDPOINTS: Final[Mapping[str, Endpoint]] = {
    "": lambda asked, one: Reply(works.full_repository(one, asked.base)),
    "commits": _commits,
    "contributors": _contributors,
    "events": lambda _asked, _one: Reply([], headers={"x-poll-interval": "60"}),
    "languages": lambda _asked, one: Reply(dict(sorted(one.languages.items(), key=lambda item: -item[1]))),
    "pulls": _pull_list,
    "readme": lambda asked, one: trees.readme(one, asked.base, asked.headers.get("accept", "")),
    "releases": _releases,
    "releases/latest": _latest_release,
    "topics": lambda _asked, one: Reply({"names": list(one.topics)}),
}
