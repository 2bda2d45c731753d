"""Finding people without credentials: named ones, members, authors of merged work, owners by topic, and by search.

Organisations that own repositories are left out: to ask who is behind each would take an hour for fifty.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sourcer.connect import AnswerError, Item, Json, Ref, SiteError, parse_time
from sourcer_github.client import Client
from sourcer_github.merged import oldest_merge
from sourcer_github.observe import RepositoryAbout, pull_request_evidence, ref_of
from sourcer_github.pages import Page, Source
from sourcer_github.policy import CORE, SEARCH
from sourcer_github.rest.asking import PER_PAGE, Rest, Told
from sourcer_github.rest.wire import Owner, Pull, Repository, Results, User, actor_of, read_all, repository_node
from sourcer_github.searches import people_searches
from sourcer_github.settings import GitHubDiscover
from sourcer_github.slices import MOST_RESULTS, Search, Slice
from sourcer_github.topics import Topic
from sourcer_github.wire.base import read
from sourcer_github.wire.finding import PullRequestNode

__all__ = ["MOST_PAGES", "searches_of", "sources_of"]

MOST_PAGES: Final = 2
"""Of the closed pull requests of one repository, those updated last: each page is a request of the hour's sixty."""

INCOMPLETE: Final = "incomplete_results"

ACCOUNTS_AT_ONCE: Final = 5
"""Each is a request of its own: a crawl that is interrupted repeats at most so many."""


def searches_of(discover: GitHubDiscover) -> list[tuple[str, Search]]:
    """What is searched, and what for: ``repositories`` or ``users``."""
    found = [("repositories", Topic(topic, discover.min_stars).search) for topic in discover.topics]
    return found + [("users", one.search) for one in people_searches(discover)]


def sources_of(discover: GitHubDiscover) -> Iterator[Source]:
    """Every place where a brief looks for people, in the order in which they take turns."""
    if discover.accounts:
        yield _Named(discover.accounts)
    yield from (_Merged(name) for name in discover.repositories)
    yield from (_Members(login) for login in discover.organizations)
    yield from (_Found(what, search) for what, search in searches_of(discover))


@dataclass(frozen=True, slots=True)
class _Found:
    """The people that a search finds: the owners of repositories, or accounts. A step is a slice.

    Its cursor is the address of the next page.
    """

    what: str
    search: Search

    @property
    def first(self) -> Json:
        return Slice().as_json()

    async def read(self, client: Client, step: Json) -> Page:
        rest, part = Rest(client), Slice.from_json(step)
        asked = f"the search {self.search.text(part)!r}"
        told = await self._ask(rest, part, asked)
        found = read(Results, told.value)
        if found is None:
            _note(rest, f"{asked}: {told.fault.reason}", f"http_{told.status}")
            return Page()
        people = _people(self._owners(found))
        if part.cursor is None and found.total_count > MOST_RESULTS:
            # The day of the crawl's beginning, not of this request: a resumed run and a replay search for the same.
            if halves := self.search.halves(part, client.fetcher.now().date()):
                return Page(people, [half.as_json() for half in halves])
            _note(rest, f"{asked} finds {found.total_count}, of which GitHub gives {MOST_RESULTS}", INCOMPLETE)
        return Page(people, [part.at(told.next).as_json()] if told.next else ())

    async def _ask(self, rest: Rest, part: Slice, asked: str) -> Told:
        """Ask for a page; where GitHub ran out of time, once more."""
        params = None if part.cursor else {"q": self.search.text(part), "per_page": PER_PAGE}
        for _ in range(2):
            told = await _get(rest, part.cursor or f"/search/{self.what}", asked, params, bucket=SEARCH)
            found = read(Results, told.value)
            if found is None or not found.incomplete_results:
                return told
        _note(rest, f"{asked} took GitHub too long: it gave what it had found by then", INCOMPLETE)
        return told

    def _owners(self, found: Results) -> list[Owner | None]:
        if self.what == "users":
            return [*read_all(Owner, found.items)]
        return [one.owner for one in read_all(Repository, found.items)]


@dataclass(frozen=True, slots=True)
class _Named:
    """Logins and ``#number``. A step is how many were read before."""

    names: tuple[str, ...]

    @property
    def first(self) -> Json:
        return 0

    async def read(self, client: Client, step: Json) -> Page:
        found = [await self._account(Rest(client), name) for name in self.names[step : step + ACCOUNTS_AT_ONCE]]
        left = step + ACCOUNTS_AT_ONCE
        return Page(tuple(dict.fromkeys(filter(None, found))), (left,) if left < len(self.names) else ())

    async def _account(self, rest: Rest, name: str) -> Ref | None:
        by_number = name.startswith("#")
        told = await _get(rest, f"/user/{name.removeprefix('#')}" if by_number else f"/users/{name}", f"account {name}")
        ref = ref_of(actor_of(read(User, told.value)))
        if ref is None and told.is_gone:
            _note(rest, f"there is no such account: {name}", "no_account")
        elif ref is None and told.is_good:
            _note(rest, f"organisations and bots are left out: {name}", "no_person")
        elif ref is None:
            _note(rest, f"the account {name}: {told.fault.reason}", "not_answered")
        return ref


@dataclass(frozen=True, slots=True)
class _Members:
    """The members of an organisation, as far as they say so in public. A step is the address of a page."""

    login: str

    @property
    def first(self) -> Json:
        return None

    async def read(self, client: Client, step: Json) -> Page:
        rest, asked = Rest(client), f"the members of the organisation {self.login}"
        told = await _get(rest, step or f"/orgs/{self.login}/public_members?per_page={PER_PAGE}", asked)
        if not told.is_good:
            _note(rest, f"{asked}: {told.fault.reason}", "not_found" if told.is_gone else "not_answered")
            return Page()
        return Page(_people(read_all(Owner, told.value)), (told.next,) if told.next else ())


@dataclass(frozen=True, slots=True)
class _Merged:
    """Whose pull requests a repository, ``owner/name``, merged lately: :data:`MOST_PAGES` of them, in one step."""

    repository: str

    @property
    def first(self) -> Json:
        return None

    async def read(self, client: Client, step: Json) -> Page:  # noqa: ARG002  # there is only one
        rest, asked = Rest(client), f"the merged pull requests of {self.repository}"
        told = await _get(rest, f"/repos/{self.repository}", asked)
        repository = read(Repository, told.value)
        if repository is None:
            _note(rest, f"{asked}: {told.fault.reason}", "not_found" if told.is_gone else "not_answered")
            return Page()
        pulls: list[Pull] = []
        url = f"/repos/{repository.full_name}/pulls?state=closed&sort=updated&direction=desc&per_page={PER_PAGE}"
        for _ in range(MOST_PAGES):
            told = await _get(rest, url, asked)
            pulls += read_all(Pull, told.value)
            if not told.next:
                break
            url = told.next
        if not told.is_good:
            _note(rest, f"{asked}: {told.fault.reason}", "not_answered")
        return Page(tuple(_work_for(repository, pulls, oldest_merge(client))))


def _work_for(repository: Repository, pulls: Sequence[Pull], since: datetime) -> Iterator[Item]:
    """Who wrote what was merged, with the evidence, as far as REST tells of it."""
    node = repository_node(repository)
    about = RepositoryAbout.of(node, repository.topics)
    given: set[Ref] = set()
    for pull in pulls:
        merged_at, author = parse_time(pull.merged_at), ref_of(actor_of(pull.user))
        if merged_at is None or merged_at < since or author is None:
            continue
        if author not in given:
            given.add(author)
            yield author
        if author.login.lower() != about.owner.lower():
            evidence = pull_request_evidence(author, _pull_node(pull), about)
            yield replace(evidence, measure={"stars": about.stars})


def _pull_node(pull: Pull) -> PullRequestNode:
    """A pull request as GraphQL says it. How much it changed is not told in a listing."""
    return PullRequestNode(
        id=pull.node_id,
        title=pull.title,
        url=pull.html_url,
        merged_at=pull.merged_at,
        updated_at=pull.updated_at,
        additions=0,
        deletions=0,
        changed_files=0,
    )


def _people(owners: Iterable[Owner | None]) -> tuple[Ref, ...]:
    refs = (ref_of(actor_of(owner)) for owner in owners)
    return tuple(dict.fromkeys(ref for ref in refs if ref is not None))


def _note(rest: Rest, message: str, kind: str) -> None:
    rest.client.note(AnswerError(message, kind=kind))


async def _get(
    rest: Rest, url: str, asked: str, params: Mapping[str, Json] | None = None, *, bucket: str = CORE
) -> Told:
    """Ask for something that discovery cannot do without.

    Raises:
        SiteError: There is no usable answer now.
    """
    try:
        return await rest.get(rest.url(url) if url.startswith("/") else url, params, bucket=bucket)
    except AnswerError as fault:
        raise SiteError(f"GitHub gave no usable answer to {asked} ({fault}); the next crawl asks again") from fault
