"""Puts accounts, repositories, posts and badges into a world, and gives them ids that no site has given out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from copy import copy
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any, Final, Self

from sourcer.demo.model import (
    STACKOVERFLOW,
    TODAY,
    Account,
    Badge,
    Community,
    Kind,
    Member,
    Person,
    Post,
    PullRequest,
    Release,
    Repository,
    Review,
    World,
)

__all__ = ["Builder", "moment", "numbered", "skewed"]

# GraphQL's Int ends at 2,147,483,647; GitHub had given out about 300 million account ids by the world's day, and
# Stack Overflow about 32 million users and 80 million posts.
_FIRST_ACCOUNT: Final = 2_000_000_000
_FIRST_REPOSITORY: Final = 2_050_000_000
_FIRST_RELEASE: Final = 2_100_000_000
_FIRST_PULL_REQUEST: Final = 2_120_000_000
_FIRST_REVIEW: Final = 2_140_000_000
_FIRST_MEMBER: Final = 90_000_000
_FIRST_POST: Final = 900_000_000
_FIRST_NETWORK: Final = 95_000_000
_LONGEST_LOGIN: Final = 39
_APART: Final = 23


def moment(rng: Random, first: datetime, last: datetime) -> datetime:
    """A whole second between two times."""
    return first + timedelta(seconds=rng.randrange(max(1, int((last - first).total_seconds()))))


def skewed(rng: Random, bounds: tuple[int, int], power: float = 4.0) -> int:
    """A whole number within bounds, mostly near the lower one."""
    return bounds[0] + int((bounds[1] - bounds[0]) * rng.random() ** power)


class Builder:
    """A world under construction, or under change: what is there keeps its numbers."""

    def __init__(self, seed: int, world: World | None = None) -> None:
        self.world = world or World(seed)
        self.community = self.world.communities[STACKOVERFLOW]
        self._logins = {one.login for one in self.world.accounts if not one.is_deleted}
        self._repository = _last(self.world.repositories, _FIRST_REPOSITORY - _APART)
        pulls = [pull for one in self.world.repositories for pull in one.pull_requests]
        self._pull_request = _last(pulls, _FIRST_PULL_REQUEST)
        self._review = _last([one for pull in pulls for one in pull.reviews], _FIRST_REVIEW)
        self._posts = Counter({name: len(one.posts) for name, one in self.world.communities.items()})

    def on(self, community: Community) -> Self:
        """A builder for the members and posts of another Stack Exchange site, whose ids are its own."""
        other = copy(self)
        other.community = self.world.communities.setdefault(community.name, community)
        return other

    def account(self, login: str, created_at: datetime, kind: Kind = "User", **fields: Any) -> Account:
        """Open a GitHub account; a login that is taken gets a number. Further fields are those of :class:`Account`."""
        number = _FIRST_ACCOUNT + 37 * len(self.world.accounts)
        account = Account(number, self._free(login), kind, created_at, **fields)
        self.world.accounts.append(account)
        return account

    def _free(self, login: str) -> str:
        free = next(free for free in numbered(login[: _LONGEST_LOGIN - 4]) if free not in self._logins)
        self._logins.add(free)
        return free

    def release_login(self, login: str) -> None:
        """Let a login be taken again, as after a deletion."""
        self._logins.discard(login)

    def repository(
        self, owner: Account, name: str, created_at: datetime, pushed_at: datetime | None, **fields: Any
    ) -> Repository:
        """Open a repository; a name that its owner has used gets a number. Further fields: see :class:`Repository`."""
        taken = {repository.name for repository in owner.repositories}
        free = next(free for free in numbered(name) if free not in taken)
        blank: dict[str, Any] = {"description": None, "topics": (), "languages": {}}
        self._repository += _APART
        repository = Repository(
            self._repository, owner, free, created_at=created_at, pushed_at=pushed_at, **(blank | fields)
        )
        self.world.repositories.append(repository)
        owner.repositories.append(repository)
        return repository

    def release(self, repository: Repository, tag: str, published_at: datetime) -> None:
        """Publish a version."""
        number = _FIRST_RELEASE + repository.database_id - _FIRST_REPOSITORY
        repository.release = Release(number, tag, published_at, prerelease="rc" in tag)

    def pull_request(
        self, repository: Repository, author: Account | None, title: str, created_at: datetime, **fields: Any
    ) -> PullRequest:
        """Ask a repository to take a change. Further fields are those of :class:`PullRequest`."""
        self._pull_request += 17
        blank: dict[str, Any] = {"updated_at": fields.get("merged_at") or created_at}
        pull = PullRequest(
            self._pull_request,
            repository,
            # Issues have numbers, too.
            3 * len(repository.pull_requests) + 1,
            title,
            author,
            created_at,
            **(blank | fields),
        )
        repository.pull_requests.append(pull)
        if author is not None:
            author.pull_requests.append(pull)
        return pull

    def review(self, pull: PullRequest, author: Account | None, state: str, submitted_at: datetime) -> Review:
        """Say something about a pull request."""
        self._review += 13
        review = Review(self._review, pull, author, state, submitted_at)
        pull.reviews.append(review)
        if author is not None:
            author.reviews.append(review)
        return review

    def membership(self, organization: Account, member: Account) -> None:
        """Let somebody show that they belong to an organisation."""
        organization.members.append(member)
        member.organizations.append(organization)

    def member(self, name: str | None, created_at: datetime, **fields: Any) -> Member:
        """Open a Stack Exchange account. Further fields are those of :class:`Member`."""
        place = len(self.community.members)
        blank: dict[str, Any] = {"network_id": _FIRST_NETWORK + 11 * place, "host": self.community.host}
        member = Member(_FIRST_MEMBER + 13 * place, name, created_at, **(blank | fields))
        self.community.members.append(member)
        return member

    def question(
        self, owner: Member | None, created_at: datetime, title: str, tags: Sequence[str], **fields: Any
    ) -> Post:
        """Ask. Further fields are those of :class:`Post`."""
        blank: dict[str, Any] = {"body": f"<p>{title}</p>\n", "id": self._next_post()}
        post = Post(created_at=created_at, owner=owner, title=title, tags=tuple(tags), **(blank | fields))
        self.community.posts.append(post)
        return post

    def answer(self, question: Post, owner: Member | None, created_at: datetime, **fields: Any) -> Post:
        """Answer. Further fields are those of :class:`Post`."""
        blank: dict[str, Any] = {"body": "<p>It works like this.</p>\n", "id": self._next_post()}
        post = Post(created_at=created_at, owner=owner, parent_id=question.id, **(blank | fields))
        question.answers += 1
        self.community.posts.append(post)
        return post

    def _next_post(self) -> int:
        self._posts[self.community.name] += 1
        return _FIRST_POST + 7 * self._posts[self.community.name]

    def badge(self, member: Member, name: str, grade: int, *, is_tag: bool, at: datetime = TODAY) -> None:
        """Award a badge."""
        self.community.badges.append(Badge(len(self.community.badges) + 1, member, name, at, grade, is_tag))

    def person(self, person: Person) -> Person:
        """Take somebody in."""
        self.world.people.append(person)
        return person

    def mark(self, trap: str, thing: Account | Repository | Member | Post | Person) -> None:
        """Note that something stands for a trap; a person does so with both accounts."""
        if isinstance(thing, Person):
            thing.traps = (*thing.traps, trap)
            for part in (thing.github, thing.stackoverflow):
                if part is not None:
                    self.mark(trap, part)
            return
        self.world.traps.setdefault(trap, []).append(_key(thing))


def _last(things: Sequence[Repository | PullRequest | Review], before: int) -> int:
    """The highest number that was given out; ``before`` where there is none yet."""
    return max((one.database_id for one in things), default=before)


def numbered(name: str) -> Iterator[str]:
    """A name, and then the same with a number behind it, for as long as it is taken."""
    yield name
    yield from (f"{name}-{number}" for number in count(2))


def _key(thing: Account | Repository | Member | Post) -> str:
    match thing:
        case Account():
            return f"github:#{thing.database_id}" if thing.is_deleted else f"github:{thing.login}"
        case Repository():
            return f"github:{thing.name_with_owner}"
        case Member():
            return f"stackoverflow:#{thing.id}"
        case Post():
            return f"stackoverflow:post/{thing.id}"
