"""The cheap look: a hundred profiles a request, and the tag badges of all of them together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sourcer.connect import AnswerError, Done, Gone, Item, Ref, Unknown, Visit
from sourcer_stackoverflow import facts
from sourcer_stackoverflow.api.client import AT_ONCE, LAST_PAGE, Client, joined
from sourcer_stackoverflow.api.discovery import MOST_UID, RANKS
from sourcer_stackoverflow.api.memory import Memory
from sourcer_stackoverflow.api.wire import Holder, NetworkUser, User
from sourcer_stackoverflow.observe import account_items, badge_evidence
from sourcer_stackoverflow.sites import profile_url, site_name

__all__ = ["SCOPE", "badge_pages", "look_cheap", "network_pages", "person_id", "reason_of"]

SCOPE: Final = ("profile.text", "badge.tag")
"""What a cheap look tells all about. Who led a month stays true, and grows old by its date."""

_BADGE_SHARE: Final = 0.4
_NETWORK_SHARE: Final = 0.05
"""Most requests for badges and for accounts on other sites, of one person: a cheap look stays below half a request."""


@dataclass(slots=True)
class _Look:
    """What came of a batch on one site."""

    users: dict[int, User] = field(default_factory=dict)
    badges: dict[int, list[facts.Badge]] = field(default_factory=dict)
    lost: str = ""
    badges_lost: str = ""
    unread: bool = False


def person_id(visit: Visit) -> int | None:
    """The user id of a visit, where it can be one."""
    uid = int(visit.ref.uid) if visit.ref.uid.isascii() and visit.ref.uid.isdigit() else 0
    return uid if 0 < uid <= MOST_UID else None


def reason_of(fault: AnswerError) -> str:
    """Why something is unknown: short, and the same in every run."""
    return f"the API gave no usable answer ({fault.kind})"


def badge_pages(people: int) -> int:
    """Most pages of tag badges that are read for so many people."""
    return max(1, min(LAST_PAGE, int(people * _BADGE_SHARE)))


def network_pages(people: int) -> int:
    """Most pages of accounts on other sites that are read for so many people."""
    return max(1, int(people * _NETWORK_SHARE))


async def look_cheap(client: Client, sites: tuple[str, ...], visits: Sequence[Visit]) -> AsyncIterator[Item]:
    """Look at a batch of people; each is closed with :class:`Done` or :class:`Gone`."""
    by_site: defaultdict[str, list[Visit]] = defaultdict(list)
    for visit in visits:
        by_site[visit.ref.site].append(visit)
    looks = {site: await _look(client, site, some) for site, some in by_site.items()}
    elsewhere = await _elsewhere(client, sites, looks)
    for visit in visits:
        for item in _items(visit, looks[visit.ref.site], elsewhere):
            yield item


async def _look(client: Client, site: str, visits: Sequence[Visit]) -> _Look:
    look = _Look()
    ids = list(dict.fromkeys(uid for uid in map(person_id, visits) if uid is not None))
    for start in range(0, len(ids), AT_ONCE):
        chunk = ids[start : start + AT_ONCE]
        try:
            page = await client.page(User, "users/{ids}", f"users/{joined(chunk)}", site=site, detailed=True)
        except AnswerError as fault:
            look.lost = reason_of(fault)
            continue
        look.unread = look.unread or page.unread > 0
        look.users |= {user.user_id: user for user in page.items if user.user_id in chunk}
    decorated = [user.user_id for user in look.users.values() if _may_hold_badges(user)]
    for start in range(0, len(decorated), AT_ONCE):
        await _read_badges(client, site, decorated[start : start + AT_ONCE], look)
    return look


def _may_hold_badges(user: User) -> bool:
    return user.badge_counts is None or any(count > 0 for count in user.badge_counts.values())


async def _read_badges(client: Client, site: str, ids: Sequence[int], look: _Look) -> None:
    """The tag badges of many people, page by page; a badge names its holder but not the day."""
    held: defaultdict[int, set[tuple[int, str]]] = defaultdict(set)
    most = badge_pages(len(ids))
    try:
        for number in range(1, most + 1):
            order = {"sort": "type", "order": "desc", "min": "tag_based", "page": number}
            page = await client.page(
                Holder, "users/{ids}/badges", f"users/{joined(ids)}/badges", site=site, params=order
            )
            for badge in page.items:
                rank = RANKS.get(badge.rank)
                if badge.user.user_id is not None and rank is not None and badge.badge_type == "tag_based":
                    held[badge.user.user_id].add((rank, badge.name.lower()))
            if page.unread:
                look.badges_lost = "a badge in the answer cannot be read"
            if not page.has_more:
                break
        else:
            look.badges_lost = f"the first {most} pages of tag badges of {len(ids)} people were read"
    except AnswerError as fault:
        look.badges_lost = reason_of(fault)
    look.badges |= {uid: [facts.Badge(*one) for one in sorted(badges)] for uid, badges in held.items()}


async def _elsewhere(client: Client, sites: tuple[str, ...], looks: Mapping[str, _Look]) -> dict[int, list[str]]:
    """Where people have accounts on the other sites that are crawled, by their id on the network: that is certain."""
    accounts = sorted({user.account_id for look in looks.values() for user in look.users.values() if user.account_id})
    found: defaultdict[int, list[str]] = defaultdict(list)
    if len(sites) == 1:
        return found
    for start in range(0, len(accounts), AT_ONCE):
        path = f"users/{joined(accounts[start : start + AT_ONCE])}/associated"
        try:
            for number in range(1, network_pages(len(accounts)) + 1):
                params = {"types": "main_site", "page": number}
                page = await client.page(NetworkUser, "users/{ids}/associated", path, params=params)
                for one in page.items:
                    if (site := _site_of(one.site_url)) in sites:
                        found[one.account_id].append(profile_url(site, one.user_id))
                if not page.has_more:
                    break
        except AnswerError:
            continue  # the network's own page of the person, which every profile names, proves the same
    return found


def _site_of(url: str) -> str:
    try:
        return site_name(url)
    except ValueError:
        return ""


def _items(visit: Visit, look: _Look, elsewhere: Mapping[int, list[str]]) -> Iterator[Item]:
    ref, uid = visit.ref, person_id(visit)
    if uid is None:
        yield Gone(ref, "not the id of a person")
        return
    user = look.users.get(uid)
    if user is None:
        yield from _missing(ref, look)
        return
    if user.user_type == "does_not_exist":
        yield Gone(ref, "the site says that the user does not exist")
        return
    others = [url for url in elsewhere.get(user.account_id or 0, ()) if url != profile_url(ref.site, uid)]
    yield from account_items(ref, _account(user), others)
    yield from (badge_evidence(ref, badge) for badge in look.badges.get(uid, ()))
    if look.badges_lost and _may_hold_badges(user):
        yield Unknown(ref, "badge.tag", look.badges_lost)
    yield Done(ref, SCOPE, Memory.from_user(user).as_state())


def _missing(ref: Ref, look: _Look) -> Iterator[Item]:
    """An id that is not in the answer belongs to nobody, if the answer could be read as a whole."""
    if look.lost or look.unread:
        yield Unknown(ref, "*", look.lost or "the profile in the answer cannot be read")
        yield Done(ref)
    else:
        yield Gone(ref, "the site knows no such user")


def _account(user: User) -> facts.Account:
    return facts.Account(
        uid=user.user_id,
        name=user.display_name,
        location=user.location,
        website=user.website_url,
        about=user.about_me,
        reputation=user.reputation,
        views=user.view_count,
        up_votes=user.up_vote_count,
        down_votes=user.down_vote_count,
        network_id=user.account_id,
        created=user.creation_date,
    )
