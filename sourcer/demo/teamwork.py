"""What people do in the repositories of others beyond the two that the brief names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Final

from sourcer.demo.build import Builder, moment
from sourcer.demo.model import TODAY, Account, Person, PullRequest, Repository
from sourcer.demo.pulls import merge, people_of
from sourcer.demo.works import open_works, read_works

__all__ = ["plant_members", "plant_reviews", "plant_teamwork"]

_ABLE: Final = ("mlops", "modelling", "data_engineering")
_SENIOR: Final = 3
_SHARE_REVIEWED: Final = 0.6
_MEMBERS: Final = 4
_WELL_KNOWN: Final = 100
"""Stars."""


def plant_teamwork(builder: Builder, rng: Random) -> None:
    """Merge work into well-known repositories that no brief names, into those of companies, and where it tells nothing.

    That is in small repositories of others, in own ones, and in forks; some is turned down.
    """
    works = open_works(builder, named=False)
    companies = _of_companies(builder)
    small = _small(builder)
    for person, account in people_of(builder, *_ABLE):
        if _is_quiet(person) or person.level == 1:
            continue
        own = [(work, repository) for work, repository in works if person.trade in work.trades]
        for _ in range(rng.randint(0, person.level)):
            work, repository = rng.choice(own)
            merge(builder, rng, repository, account, rng.choice(work.titles))
        if rng.random() < 0.25:  # noqa: PLR2004  # a share, as everywhere in this module
            merge(builder, rng, rng.choice(companies), account, "Alert when a model is stale")
        if rng.random() < 0.2:  # noqa: PLR2004
            merge(builder, rng, rng.choice(small), account, "Correct the example")
        if rng.random() < 0.2:  # noqa: PLR2004
            merge(builder, rng, rng.choice(account.repositories), account, "Merge my own branch")
        if rng.random() < 0.1:  # noqa: PLR2004
            _turn_down(builder, rng, rng.choice(own)[1], account)


def _is_quiet(person: Person) -> bool:
    """Who is to be found in one way only."""
    return bool({"merged_elsewhere", "reviewed_elsewhere", "public_member"} & set(person.traps))


def _of_companies(builder: Builder) -> list[Repository]:
    keys = {key.removeprefix("github:") for key in builder.world.traps["organization"]}
    return [one for one in builder.world.repositories if one.owner.login in keys]


def _small(builder: Builder) -> list[Repository]:
    """Repositories of people that few know."""
    able = (one for one in builder.world.repositories if one.stars < _WELL_KNOWN and one.is_readable and one.files)
    return [one for one in able if one.owner.kind == "User"][:40]


def _turn_down(builder: Builder, rng: Random, repository: Repository, author: Account) -> None:
    created = moment(rng, max(author.created_at, repository.created_at), TODAY - timedelta(days=30))
    closed = moment(rng, created, created + timedelta(days=20))
    builder.pull_request(repository, author, "Rewrite it in another language", created, closed_at=closed)


def plant_members(builder: Builder, rng: Random) -> None:
    """Let people show that they belong to the organisations of the world; somebody is to be found only there."""
    organizations = [one for one in builder.world.accounts if one.kind == "Organization"]
    able = [account for person, account in people_of(builder, *_ABLE) if not person.traps]
    for organization in organizations:
        for member in rng.sample(able, min(_MEMBERS, len(able))):
            builder.membership(organization, member)
    for person in builder.world.people:
        if person.github is not None and {"public_member", "deleted_account"} & set(person.traps):
            builder.membership(organizations[-1], person.github)


def plant_reviews(builder: Builder, rng: Random) -> None:
    """Let able people, a bot, a deleted account and now and then the author review what well-known repositories got."""
    able = [(person.trade, account) for person, account in people_of(builder, *_ABLE) if _reviews(person)]
    trades = {work.name: work.trades for work in read_works()}
    pulls = [pull for one in builder.world.repositories if one.stars >= _WELL_KNOWN for pull in one.pull_requests]
    for pull in pulls:
        if rng.random() < _SHARE_REVIEWED:
            known = trades.get(pull.repository.name, _ABLE)
            _review(builder, rng, pull, [account for trade, account in able if trade in known])
    odd = [one for one in builder.world.accounts if one.is_deleted or one.kind == "Bot"]
    alone = [account for person, account in people_of(builder, "mlops") if "reviewed_elsewhere" in person.traps]
    late = [pull for pull in pulls if pull.merged_at is not None and pull.repository.owner.login == "kettlewright"]
    for reviewer in (*odd, *alone, *alone):
        pull = rng.choice([one for one in late if one.created_at > reviewer.created_at])
        builder.review(pull, reviewer, "APPROVED", _before_the_end(rng, pull))


def _reviews(person: Person) -> bool:
    return person.level == _SENIOR and not _is_quiet(person)


def _review(builder: Builder, rng: Random, pull: PullRequest, able: Sequence[Account]) -> None:
    others = [one for one in able if one is not pull.author and one.created_at < pull.created_at]
    for reviewer in rng.sample(others, min(len(others), rng.choice((1, 1, 2)))):
        state = rng.choices(("APPROVED", "CHANGES_REQUESTED", "COMMENTED"), (6, 2, 3))[0]
        builder.review(pull, reviewer, state, _before_the_end(rng, pull))
    if pull.author is not None and rng.random() < 0.1:  # noqa: PLR2004
        builder.review(pull, pull.author, "COMMENTED", _before_the_end(rng, pull))


def _before_the_end(rng: Random, pull: PullRequest) -> datetime:
    return moment(rng, pull.created_at, pull.merged_at or pull.closed_at or TODAY)
