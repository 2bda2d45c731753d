"""The cheap look without credentials: three requests a person.

Who was looked at before is asked with the ETags of that look, until something has changed.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sourcer.connect import AnswerError, Done, Evidence, Focus, Gone, Item, Json, Ref, Unknown, Visit
from sourcer_github.account import KINDS, Account
from sourcer_github.cheap import SCOPE, items_of
from sourcer_github.client import Fault
from sourcer_github.memory import VERSION, Memory
from sourcer_github.owned import MOST_REPOSITORIES
from sourcer_github.policy import SITE
from sourcer_github.rest.asking import PER_PAGE, Rest, Told
from sourcer_github.rest.wire import Repository, User, read_all, repository_node, user_node
from sourcer_github.shown import leave_readme
from sourcer_github.wire.base import Connection, read
from sourcer_github.wire.people import RepositoryNode, SocialAccount

__all__ = ["REQUESTS_EACH", "look_cheap"]

REQUESTS_EACH: Final = 3
"""Account, repositories, and accounts elsewhere, of a person with at most 100 repositories."""

MOST_PAGES: Final = MOST_REPOSITORIES // PER_PAGE
"""Of repositories, those pushed to last: as many as the look with a token reads."""

NOT_ASKED: Final = "not asked for without a token"

MARKS: Final = "rest"
"""Where in the state the ETags stand: a list of address and ETag, in the order of asking."""


@dataclass(slots=True)
class _Look:
    """One person: what was asked so far, by address, and where in the state it is remembered."""

    rest: Rest
    visit: Visit
    told: dict[str, Told] = field(default_factory=dict)

    async def ask(self, url: str, params: Mapping[str, Json] | None = None) -> Told:
        """Ask for something, once."""
        if url not in self.told:
            self.told[url] = await self.rest.get(url, params)
        return self.told[url]

    async def has_moved(self, marks: Sequence[tuple[str, str]]) -> bool:
        """Whether anything differs from what had these ETags; what came anew is kept."""
        for url, etag in marks:
            told = await self.rest.get(url, etag=etag)
            if told.status != 304:  # noqa: PLR2004  # HTTP Not Modified
                self.told[url] = told
                return True
        return False

    def marks(self) -> list[list[str]]:
        """The ETags of all that was asked; none where one is missing, as nothing can be told from the others then."""
        found = [[told.url, told.etag] for told in self.told.values() if told.is_good]
        return found if all(etag for _, etag in found) else []


async def look_cheap(rest: Rest, visits: Sequence[Visit], focus: Focus) -> AsyncIterator[Item]:
    """Look at people one by one; each is closed with :class:`Done` or :class:`Gone`."""
    for visit in visits:
        try:
            items = await _look(_Look(rest, visit), focus)
        except AnswerError as fault:
            items = _unknown(visit, f"GitHub gave no usable answer ({fault.kind})")
        for item in items:
            yield item


async def _look(look: _Look, focus: Focus) -> list[Item]:
    visit = look.visit
    memory, marks = Memory.of(visit), _marks_of(visit)
    if memory is not None and _may_stand(memory, focus) and marks and not await look.has_moved(marks):
        login = memory.standing.login if memory.standing is not None else visit.ref.login
        return [Done(Ref(SITE, visit.ref.uid, login), memory.scope, visit.state, unchanged=True)]
    told = await look.ask(look.rest.url(f"/user/{visit.ref.uid}"))
    if told.is_gone:
        return [Gone(visit.ref, "GitHub knows no such account")]
    user = read(User, told.value)
    if user is None or str(user.id) != visit.ref.uid:
        return _unknown(visit, told.fault.reason if not told.is_good else "GitHub's answer is about something else")
    if user.type != "User":
        return [Gone(visit.ref, "no longer the account of a person")]
    account = await _account(look, user)
    account.readme = memory.readme if memory is not None else None
    leave_readme(account, NOT_ASKED)
    today = look.rest.client.fetcher.now().date()
    return [_as_told(item, look.marks() if account.whole else []) for item in items_of(account, focus, today)]


def _may_stand(memory: Memory, focus: Focus) -> bool:
    return memory.version == VERSION and memory.whole and memory.chosen_alike(focus)


def _marks_of(visit: Visit) -> list[tuple[str, str]]:
    stored: Any = (visit.state or {}).get(MARKS)
    pairs = stored if isinstance(stored, list) else []
    return [(one[0], one[1]) for one in pairs if isinstance(one, list) and len(one) == 2]  # noqa: PLR2004  # a pair


async def _account(look: _Look, user: User) -> Account:
    """What the account owns and says of itself elsewhere."""
    whose = look.rest.url(f"/users/{user.login}")
    faults: list[tuple[str, Fault]] = []
    found: list[Repository] = []
    url, params = f"{whose}/repos", {"type": "owner", "sort": "pushed", "per_page": PER_PAGE}
    told = await look.ask(_with(url, params))
    pages = 1
    while told.is_good:
        found += read_all(Repository, told.value)
        if not told.next or pages == MOST_PAGES:
            break
        told = await look.ask(told.next)
        pages += 1
    if not told.is_good:
        faults.append(("repo.owned", told.fault))
    elsewhere = await look.ask(_with(f"{whose}/social_accounts", {"per_page": PER_PAGE}))
    if not elsewhere.is_good:
        faults.append(("profile", elsewhere.fault))
    return _filled(user, found, read_all(SocialAccount, elsewhere.value), faults)


def _with(url: str, params: Mapping[str, object]) -> str:
    """The address with its parameters: what a list says of where it goes on is an address, too."""
    return f"{url}?{'&'.join(f'{name}={value}' for name, value in params.items())}"


def _filled(
    user: User, found: Sequence[Repository], social: list[SocialAccount], faults: Sequence[tuple[str, Fault]]
) -> Account:
    # By the number, as the login may have passed to somebody else in between.
    owned = {one.id: one for one in found if one.owner is not None and one.owner.id == user.id and not one.private}
    listed: Connection[RepositoryNode] = Connection(
        total_count=user.public_repos, nodes=tuple(repository_node(one) for one in owned.values())
    )
    account = Account(Ref(SITE, str(user.id), user.login), user_node(user, listed, social))
    account.take(listed)
    account.topics |= {one.node_id: one.topics for one in owned.values() if not one.fork}
    for what, fault in faults:
        account.miss(what, fault.reason)
    if user.public_repos is not None and len(found) < user.public_repos and len(found) >= PER_PAGE * MOST_PAGES:
        account.leave("repo.owned", f"newest {len(owned)} of {user.public_repos} repositories read")
    if len(owned) < len(found):
        account.miss("repo.owned", "the listing held repositories of others")
    for kind in KINDS:
        if kind not in SCOPE:
            account.leave(kind, NOT_ASKED)
    return account


def _as_told(item: Item, marks: list[list[str]]) -> Item:
    """An item without what REST does not say, and the end of the account with the ETags."""
    if isinstance(item, Evidence) and item.kind == "repo.owned":
        return replace(item, measure={unit: number for unit, number in item.measure.items() if unit != "released"})
    if isinstance(item, Done):
        return replace(item, state={**(item.state or {}), MARKS: marks})
    return item


def _unknown(visit: Visit, reason: str) -> list[Item]:
    """Nothing is known of an account; what was remembered is not trusted until it is asked for in full again."""
    memory = Memory.of(visit)
    state = memory.model_copy(update={"whole": False}).as_state() if memory is not None else None
    return [*(Unknown(visit.ref, what, reason) for what in ("profile", *KINDS)), Done(visit.ref, state=state)]
