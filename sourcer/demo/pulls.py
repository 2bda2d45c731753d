"""Who has sent pull requests to the well-known repositories that the brief of the demonstration names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Final

from sourcer.demo.build import Builder, moment
from sourcer.demo.model import TODAY, Account, Person, PullRequest, Repository
from sourcer.demo.works import open_works

__all__ = ["merge", "people_of", "plant_pull_requests"]

_YEARS: Final = timedelta(days=5 * 365)
_LATELY: Final = timedelta(days=300)


def plant_pull_requests(builder: Builder, rng: Random) -> None:
    """Open the repositories, and let MLOps people, an outsider, bots and accounts deleted since work on them."""
    works = open_works(builder, named=True)
    repositories = [repository for _, repository in works]
    for person, account in people_of(builder, "mlops"):
        if {"public_member", "reviewed_elsewhere"} & set(person.traps):
            continue
        span = _LATELY if "merged_elsewhere" in person.traps else _YEARS
        for _ in range(rng.randint(1, 2 * person.level) if person.level > 1 else 0):
            work, repository = works[rng.randrange(len(works))]
            merge(builder, rng, repository, account, rng.choice(work.titles), span=span)
    for account in (one for one in builder.world.accounts if one.is_deleted):
        merge(builder, rng, repositories[0], account, "Log the environment of a run")
    outsider = next(one for person, one in people_of(builder, "frontend") if not person.traps)
    builder.mark("outside_contributor", outsider)
    merge(builder, rng, repositories[0], outsider, "Fix a typo in the contributing guide", span=_LATELY)
    for bot in _bots(builder):
        for repository in repositories:
            merge(builder, rng, repository, bot, "Bump the packages of the documentation")
    asked = TODAY - timedelta(days=3)
    builder.pull_request(repositories[1], outsider, "Would a dark theme be welcome?", asked)


def people_of(builder: Builder, *trades: str) -> Iterator[tuple[Person, Account]]:
    """Those of some trades who have an account on GitHub today."""
    for person in builder.world.people:
        if person.trade in trades and person.github is not None and not person.github.is_gone:
            yield person, person.github


def _bots(builder: Builder) -> Iterator[Account]:
    """Apps, and those that are users by the look of it."""
    named = {key.removeprefix("github:") for trap in ("bot", "bot_as_user") for key in builder.world.traps[trap]}
    yield from (account for account in builder.world.accounts if account.login in named)


def merge(
    builder: Builder, rng: Random, repository: Repository, author: Account, title: str, *, span: timedelta = _YEARS
) -> PullRequest:
    """A pull request of the last ``span``, merged within weeks; some are talked about once more much later."""
    created = moment(rng, max(author.created_at, repository.created_at, TODAY - span), TODAY - timedelta(days=30))
    merged = moment(rng, created, created + timedelta(days=20))
    updated = moment(rng, merged, TODAY) if rng.random() < 0.1 else merged  # noqa: PLR2004  # a share
    return builder.pull_request(
        repository, author, title, created,
        merged_at=merged, updated_at=updated, additions=rng.randint(1, 400), deletions=rng.randint(0, 150),
        changed_files=rng.randint(1, 12),
    )  # fmt: skip
