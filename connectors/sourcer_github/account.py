"""One account during a cheap look: what is known of it so far, and what GitHub did not tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from sourcer.connect import Ref
from sourcer_github.client import Fault
from sourcer_github.wire.base import Connection
from sourcer_github.wire.people import (
    Contributions,
    OwnPullRequest,
    RepositoryNode,
    ReviewContribution,
    Taker,
    UserNode,
)

__all__ = ["CONTRIBUTIONS", "KINDS", "Account"]

CONTRIBUTIONS: Final = "contributionsCollection"
"""The field that GitHub has to compute: of people who did much it fails more than any other."""

WELL_KNOWN: Final = 100
"""Stars of a repository whose taking somebody's work says something."""

KINDS: Final = ("repo.owned", "profile.text", "pr.merged", "pr.reviewed")
"""What a cheap look yields."""

_KIND_OF: Final = {"repositories": "repo.owned", "pullRequests": "pr.merged", CONTRIBUTIONS: "pr.reviewed"}


@dataclass(slots=True)
class Account:
    """What is known of one person so far.

    Args:
        ref: With the login of now.
        user: What GitHub said.
        repositories: By node id, newest push first.
        topics: Of repositories, also of other people's, by node id.
        reviews: By node id.
        readme: Where the README on the profile leads, maybe as of an earlier look; ``None`` while that is not known.
        years: In which the account contributed to something; ``None`` while that is not known.
        cursor: Where the listing of repositories goes on.
        is_short_of_reviews: Whether reviews or years are still to be asked for.
        unknown: What was not told, and why.
        whole: Whether nothing failed; what was left out because of its number is no failure.
    """

    ref: Ref
    user: UserNode
    repositories: dict[str, RepositoryNode] = field(default_factory=dict)
    topics: dict[str, tuple[str, ...]] = field(default_factory=dict)
    reviews: dict[str, ReviewContribution] = field(default_factory=dict)
    readme: tuple[str, ...] | None = None
    years: tuple[int, ...] | None = None
    cursor: str | None = None
    is_short_of_reviews: bool = False
    unknown: dict[str, list[str]] = field(default_factory=dict)
    whole: bool = True

    def take(self, page: Connection[RepositoryNode]) -> None:
        """Add a page of the listing. Pages shift while they are read: the id keeps each repository once."""
        self.repositories |= {repository.id: repository for repository in page.present}
        self.cursor = page.page_info.end_cursor if page.page_info.has_next_page else None

    def take_contributions(self, found: Contributions) -> None:
        """Add reviews of a stretch of time."""
        if found.contribution_years is not None:
            self.years = found.contribution_years
        page = found.pull_request_review_contributions
        self.reviews |= {one.pull_request_review.id: one for one in page.present} if page is not None else {}

    def miss(self, what: str, reason: str) -> None:
        """Note that something of this account could not be had."""
        self.whole = False
        self.leave(what, reason)

    def leave(self, what: str, reason: str) -> None:
        """Note that something of this account was not asked for."""
        self.unknown.setdefault(what, []).append(reason)

    def miss_faults(self, faults: tuple[Fault, ...]) -> None:
        """Note what faults kept back. One that does not say where it is may be anywhere."""
        for fault in faults:
            place = fault.path[0] if fault.path else None
            for what in ("profile", *_KIND_OF.values()) if place is None else (_KIND_OF.get(str(place), "profile"),):
                self.miss(what, fault.reason)

    @property
    def own(self) -> list[RepositoryNode]:
        """The repositories that are no forks, newest push first."""
        return [repository for repository in self.repositories.values() if not repository.is_fork]

    @property
    def shown(self) -> RepositoryNode | None:
        """The repository whose README GitHub shows on the profile: it is called like its owner. A fork is another's."""
        name = f"{self.user.login}/{self.user.login}".lower()
        return next((one for one in self.own if one.name_with_owner.lower() == name), None)

    def merged_elsewhere(self) -> Iterator[OwnPullRequest]:
        """What well-known repositories of others took from the person."""
        pulls = self.user.pull_requests
        for pull in pulls.present if pulls is not None else ():
            if pull.merged_at is not None and self._says_something(pull.repository):
                yield pull

    def reviewed_elsewhere(self) -> Iterator[ReviewContribution]:
        """What the person reviewed of others in well-known repositories of others, newest first."""
        for one in sorted(
            self.reviews.values(), key=lambda one: one.pull_request_review.submitted_at or "", reverse=True
        ):
            author = one.pull_request.author
            if self._says_something(one.repository) and not (author is not None and self._is_me(author.login)):
                yield one

    def _says_something(self, taker: Taker) -> bool:
        stranger = not self._is_me(taker.name_with_owner.partition("/")[0])
        return stranger and taker.stargazer_count >= WELL_KNOWN and not taker.is_fork and not taker.is_private

    def _is_me(self, login: str) -> bool:
        return login.lower() == self.user.login.lower()
