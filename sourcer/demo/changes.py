"""What happens to a world between two crawls, one event at a time.

Every event takes effect at once in what a running server shows. Without a time it happens an hour after the last one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sourcer.demo.build import Builder
from sourcer.demo.model import Account, PullRequest, Repository, Review, World

__all__ = ["Changes"]

_HOUR: Final = timedelta(hours=1)


class Changes:
    """Changes a world; what it makes gets new numbers.

    Args:
        world: The one that changes.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self._builder = Builder(world.seed, world)

    def _at(self, at: datetime | None) -> datetime:
        """When it happens; the world's own day moves on."""
        self.world.today = at = at or self.world.today + _HOUR
        self.world.revision += 1
        return at

    def push(
        self, repository: Repository, files: Mapping[str, str | None] | None = None, at: datetime | None = None
    ) -> None:
        """Push to a repository: ``files`` are written, those without text removed; ``pushedAt`` moves in any case."""
        repository.pushed_at = self._at(at)
        kept = repository.files | dict(files or {})
        repository.files = {path: text for path, text in sorted(kept.items()) if text is not None}

    def describe(self, repository: Repository, at: datetime | None = None, **fields: Any) -> None:
        """Change what is told about a repository (``description``, ``topics``, ``is_archived``): no push."""
        repository.edited_at = self._at(at)
        _set(repository, fields)

    def star(self, repository: Repository, stars: int) -> None:
        """Give a repository so many stars: nothing else of it moves."""
        self._at(None)
        repository.stars = stars

    def edit_profile(self, account: Account, at: datetime | None = None, **fields: Any) -> None:
        """Change a profile (``bio``, ``location``, ``socials`` …): ``updatedAt`` moves."""
        account.edited_at = self._at(at)
        _set(account, fields)

    def rename(self, account: Account, login: str, at: datetime | None = None) -> str:
        """Give an account another login. Its repositories are still found by their old names, the account is not.

        Returns:
            The old login, which anybody may take.
        """
        old = account.login
        account.edited_at = self._at(at)
        for repository in account.repositories:
            self.world.former[repository.name_with_owner.lower()] = repository
        account.login = login
        return old

    def take_login(self, login: str, at: datetime | None = None, **fields: Any) -> Account:
        """Let a stranger take a login that is free."""
        created = self._at(at)
        self._builder.release_login(login)
        account = self._builder.account(login, created, **fields)
        account.edited_at = created
        return account

    def rename_repository(self, repository: Repository, name: str, at: datetime | None = None) -> None:
        """Give a repository another name; the old one leads to it."""
        repository.edited_at = self._at(at)
        self.world.former[repository.name_with_owner.lower()] = repository
        repository.name = name

    def transfer(self, repository: Repository, owner: Account, at: datetime | None = None) -> None:
        """Give a repository to another account; the old name leads to it."""
        repository.edited_at = self._at(at)
        self.world.former[repository.name_with_owner.lower()] = repository
        repository.owner.repositories.remove(repository)
        owner.repositories.append(repository)
        repository.owner = owner

    def open_repository(self, owner: Account, name: str, at: datetime | None = None, **fields: Any) -> Repository:
        """Open a repository."""
        created = self._at(at)
        return self._builder.repository(owner, name, created, created, **fields)

    def delete_repository(self, repository: Repository) -> None:
        """Delete a repository, and with it what was asked of it."""
        self._at(None)
        self.world.repositories.remove(repository)
        repository.owner.repositories.remove(repository)
        for pull in repository.pull_requests:
            _forget(pull)
        for name in [name for name, one in self.world.former.items() if one is repository]:
            del self.world.former[name]

    def delete(self, account: Account) -> None:
        """Delete an account for good, with its repositories; what it did elsewhere stays, without a name on it."""
        self._at(None)
        for repository in tuple(account.repositories):
            self.delete_repository(repository)
        account.is_deleted = True

    def suspend(self, account: Account) -> None:
        """Let an account be seen nowhere; :meth:`restore` brings it back."""
        self._at(None)
        account.is_suspended = True

    def restore(self, account: Account) -> None:
        """Let a suspended account be seen again, as it was."""
        self._at(None)
        account.is_suspended = False

    def merge(
        self, repository: Repository, author: Account, title: str, at: datetime | None = None, **fields: Any
    ) -> PullRequest:
        """Send a pull request, and have it merged at once."""
        merged = self._at(at)
        return self._builder.pull_request(repository, author, title, merged, merged_at=merged, **fields)

    def review(self, pull: PullRequest, author: Account, state: str = "APPROVED", at: datetime | None = None) -> Review:
        """Review a pull request."""
        return self._builder.review(pull, author, state, self._at(at))

    def release(self, repository: Repository, tag: str, at: datetime | None = None) -> None:
        """Publish a version."""
        self._builder.release(repository, tag, self._at(at))

    def join(self, organization: Account, member: Account) -> None:
        """Let somebody show that they belong to an organisation."""
        self._at(None)
        self._builder.membership(organization, member)


def _set(thing: Account | Repository, fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        if not hasattr(thing, name):
            raise AttributeError(f"{type(thing).__name__} has no {name}")
        setattr(thing, name, value)


def _forget(pull: PullRequest) -> None:
    if pull.author is not None:
        pull.author.pull_requests.remove(pull)
    for review in pull.reviews:
        if review.author is not None:
            review.author.reviews.remove(review)
