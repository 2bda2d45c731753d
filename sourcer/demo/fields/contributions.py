"""What somebody did within a span of at most a year, as GraphQL gives it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

from sourcer.demo.fields.common import Args, Table, attribute, constant
from sourcer.demo.model import SITE_GITHUB, Account, PullRequest, Repository, Review
from sourcer.demo.paging import GitHubError, connection

__all__ = ["CONTRIBUTIONS", "Collection", "collection"]

Work: TypeAlias = PullRequest | Review | Repository

_YEAR: Final = timedelta(days=366)
_COMMITS: Final = 40
_REPOSITORIES: Final = 25


@dataclass(frozen=True, slots=True)
class Collection:
    """The contributions of a user from one time to another, both included."""

    user: Account
    started_at: datetime
    ended_at: datetime

    def holds(self, at: datetime) -> bool:
        """Whether something happened within the span."""
        return self.started_at <= at <= self.ended_at

    def pulls(self) -> list[PullRequest]:
        """Sent within the span, the latest first; work in forks does not count."""
        found = [one for one in self.user.pull_requests if self.holds(one.created_at) and _counts(one.repository)]
        return sorted(found, key=lambda one: one.created_at, reverse=True)

    def reviews(self) -> list[Review]:
        """Given within the span, the latest first."""
        seen = (one for one in self.user.reviews if _counts(one.pull_request.repository))
        return sorted((one for one in seen if self.holds(one.submitted_at)), key=_at, reverse=True)

    def opened(self) -> list[Repository]:
        """Repositories that were opened within the span, the latest first."""
        found = [one for one in self.user.repositories if self.holds(one.created_at) and _counts(one)]
        return sorted(found, key=lambda one: one.created_at, reverse=True)

    def pushed(self) -> list[Repository]:
        """Own repositories whose last push lies within the span."""
        mine = (one for one in self.user.repositories if _counts(one))
        return [one for one in mine if one.pushed_at is not None and self.holds(one.pushed_at)]


def _at(one: Work) -> datetime:
    return one.submitted_at if isinstance(one, Review) else one.created_at


def _counts(repository: Repository) -> bool:
    return repository.is_readable and repository.parent is None


def collection(user: Account, args: Args, today: datetime) -> Collection:
    """``contributionsCollection``: of the year before ``today`` unless a span is asked for.

    Raises:
        GitHubError: The span is longer than a year, or ends before it begins.
    """
    asked = {name: datetime.fromisoformat(args[name]) for name in ("from", "to") if args.get(name) is not None}
    start = asked.get("from", asked.get("to", today) - timedelta(days=365))
    end = asked.get("to", min(today, start + timedelta(days=365)) if "from" in asked else today)
    if end - start > _YEAR:
        raise GitHubError("VALIDATION", "The total time spanned by 'from' and 'to' must not exceed 1 year")
    if end < start:
        raise GitHubError("VALIDATION", "The 'from' time must be before the 'to' time")
    return Collection(user, start, end)


def _years(span: Collection, _args: Args) -> list[int]:
    """Of all contributions whatever the span, the latest first."""
    user = span.user
    times = [one.created_at for one in user.pull_requests] + [one.submitted_at for one in user.reviews]
    times += [one.created_at for one in user.repositories]
    times += [one.pushed_at for one in user.repositories if one.pushed_at is not None]
    return sorted({at.year for at in times}, reverse=True)


def _contribution(user: Account, one: Work) -> dict[str, Any]:
    path = f"/{one.name_with_owner}" if isinstance(one, Repository) else one.url.removeprefix(SITE_GITHUB)
    common = {
        "isRestricted": False,
        "occurredAt": _at(one),
        "resourcePath": path,
        "url": SITE_GITHUB + path,
        "user": user,
    }
    match one:
        case Review():
            pull = one.pull_request
            return common | {"pullRequestReview": one, "pullRequest": pull, "repository": pull.repository}
        case PullRequest():
            return common | {"pullRequest": one}
        case Repository():
            return common | {"repository": one}


def _listed(span: Collection, works: Sequence[Work], name: str, args: Args) -> dict[str, Any]:
    items = [_contribution(span.user, one) for one in works]
    if (args.get("orderBy") or {}).get("direction") == "ASC":
        items.reverse()
    return connection(items, name, args)


@dataclass(frozen=True, slots=True)
class _InRepository:
    """The contributions of a user to one repository."""

    span: Collection
    repository: Repository
    works: Sequence[Work]


def _by_repository(span: Collection, works: Sequence[PullRequest | Review], args: Args) -> list[_InRepository]:
    """The repositories with most contributions first."""
    found: dict[Repository, list[Work]] = defaultdict(list)
    for one in works:
        pull = one.pull_request if isinstance(one, Review) else one
        found[pull.repository].append(one)
    groups = sorted(found.items(), key=lambda group: (-len(group[1]), group[0].database_id))
    most = args.get("maxRepositories") or _REPOSITORIES
    return [_InRepository(span, repository, those) for repository, those in groups[:most]]


_GROUP: Final[Table] = {
    "contributions": lambda one, args: _listed(one.span, one.works, "contributions", args),
}


def _repositories(works: Sequence[PullRequest | Review]) -> int:
    return len({(one.pull_request if isinstance(one, Review) else one).repository for one in works})


def _commits(span: Collection, _args: Args) -> int:
    return sum(1 + one.database_id % _COMMITS for one in span.pushed())


CONTRIBUTIONS: Final[dict[str, Table]] = {
    "ContributionsCollection": {
        "contributionYears": _years,
        "doesEndInCurrentMonth": constant(value=True),
        "hasActivityInThePast": lambda one, args: any(year < one.started_at.year for year in _years(one, args)),
        "hasAnyContributions": lambda one, _args: bool(one.pulls() or one.reviews() or one.opened() or one.pushed()),
        "hasAnyRestrictedContributions": constant(value=False),
        "isSingleDay": lambda one, _args: one.started_at.date() == one.ended_at.date(),
        "pullRequestContributions": lambda one, args: _listed(one, one.pulls(), "pullRequestContributions", args),
        "pullRequestContributionsByRepository": lambda one, args: _by_repository(one, one.pulls(), args),
        "pullRequestReviewContributions": lambda one, args: _listed(
            one, one.reviews(), "pullRequestReviewContributions", args
        ),
        "pullRequestReviewContributionsByRepository": lambda one, args: _by_repository(one, one.reviews(), args),
        "repositoryContributions": lambda one, args: _listed(one, one.opened(), "repositoryContributions", args),
        "restrictedContributionsCount": constant(0),
        "totalCommitContributions": _commits,
        "totalIssueContributions": constant(0),
        "totalPullRequestContributions": attribute(lambda one: len(one.pulls())),
        "totalPullRequestReviewContributions": attribute(lambda one: len(one.reviews())),
        "totalRepositoriesWithContributedCommits": attribute(lambda one: len(one.pushed())),
        "totalRepositoriesWithContributedIssues": constant(0),
        "totalRepositoriesWithContributedPullRequestReviews": attribute(lambda one: _repositories(one.reviews())),
        "totalRepositoriesWithContributedPullRequests": attribute(lambda one: _repositories(one.pulls())),
        "totalRepositoryContributions": attribute(lambda one: len(one.opened())),
    },
    "PullRequestContributionsByRepository": _GROUP,
    "PullRequestReviewContributionsByRepository": _GROUP,
}
"""By type and field: from the object and the arguments to the value."""
