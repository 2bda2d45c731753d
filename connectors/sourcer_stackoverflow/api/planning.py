"""What a crawl over the API is expected to spend, from a few counts and a sample of the people that it will find."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from sourcer.connect import AnswerError, Plan, SitePlan
from sourcer_stackoverflow.api.cheap import badge_pages, network_pages
from sourcer_stackoverflow.api.client import AT_ONCE, LAST_PAGE, Client, joined
from sourcer_stackoverflow.api.discovery import BEST_RANKS, TAGS_AT_ONCE, is_thin
from sourcer_stackoverflow.api.price import Needs, deep_price
from sourcer_stackoverflow.api.wire import QuestionPost, TagBadge, TagInfo, TagScore, User
from sourcer_stackoverflow.policy import BUCKET
from sourcer_stackoverflow.settings import StackOverflowDiscover

__all__ = ["plan_crawl"]

_TOP: Final = 30
"""People in a list of top answerers, at most."""


@dataclass(slots=True)
class _Count:
    """What is known of one site.

    Args:
        requests: Upper bound of what discovery asks.
        listed: People in the lists of all time, the sample.
        others: Further people, counted as if every answer and badge of theirs were another person's.
    """

    requests: int = 0
    listed: set[int] = field(default_factory=set)
    others: int = 0


async def plan_crawl(client: Client, sites: tuple[str, ...], wish: StackOverflowDiscover) -> Plan:
    """Count what the tags hold; ask for the lists of all time and, of up to a hundred people in them, what they have.

    ``discover`` is an upper bound. ``people`` is no fewer than will be found, but for those of thin tags whose answers
    are all shared work. ``deep`` is for everybody. A site that does not say is left open.
    """
    plans: dict[str, SitePlan] = {}
    named = wish.named(sites)
    for site in sites:
        try:
            count = await _count(client, site, wish) if wish.tags else _Count()
            accounts = [uid for on, uid in named if on == site]
            count.listed.update(accounts)
            count.requests += len(accounts)
            plans[site] = await _price(client, site, count, several=len(sites) > 1)
        except AnswerError:
            plans[site] = SitePlan()
    return Plan(plans)


async def _count(client: Client, site: str, wish: StackOverflowDiscover) -> _Count:
    count = _Count()
    for start in range(0, len(wish.tags), TAGS_AT_ONCE):
        tags = wish.tags[start : start + TAGS_AT_ONCE]
        count.requests += 1
        page = await client.page(TagInfo, "tags/{tags}/info", f"tags/{joined(tags)}/info", site=site)
        there = {one.name.lower(): one.count for one in page.items if one.name.lower() in tags}
        thin = [tag for tag in tags if tag in there and is_thin(there[tag])]
        listed = {tag: await _list(client, site, tag, count) for tag in tags if tag in there}
        for tag in (tag for tag in listed if tag not in thin):
            holders = await _holders(client, site, tag)
            count.requests += 2 + _pages(holders, client)
            count.others += _TOP + max(0, holders - len(listed[tag]))
        if thin:
            answers, pages = await _questions(client, site, thin, sum(there[tag] for tag in thin))
            count.requests += pages
            if any(len(listed[tag]) == _TOP for tag in thin):
                count.others += max(0, answers - _given(line for tag in thin for line in listed[tag]))
    return count


def _given(lines: Iterable[TagScore]) -> int:
    """How many answers the people in lists gave at least; an answer with two of the tags stands in two lists."""
    most: dict[int | None, int] = {}
    for line in lines:
        most[line.user.user_id] = max(line.post_count, most.get(line.user.user_id, 0))
    return sum(most.values())


async def _list(client: Client, site: str, tag: str, count: _Count) -> tuple[TagScore, ...]:
    """The best of all time: the sample."""
    path = f"tags/{joined([tag])}/top-answerers/all_time"
    listed = (await client.page(TagScore, "tags/{tag}/top-answerers", path, site=site)).items
    count.requests += 1
    count.listed.update(line.user.person for line in listed if line.user.person is not None)
    return listed


async def _questions(client: Client, site: str, tags: Sequence[str], questions: int) -> tuple[int, int]:
    """Answers in thin tags and the pages that lead to them; the first page holds the questions with the most votes.

    Those have the most answers, so what they have on the average is an upper bound for all.
    """
    order = {"tagged": ";".join(tags), "sort": "votes", "order": "desc"}
    page = await client.page(QuestionPost, "search/advanced", "search/advanced", site=site, params=order)
    seen = len(page.items)
    if not seen:
        return 0, 1
    answers = -(-sum(one.answer_count or 0 for one in page.items) * max(questions, seen) // seen)
    question_pages = -(-max(questions, seen) // AT_ONCE)
    # Each page of questions is followed by pages of its answers, of which the last is not full.
    return answers, 2 * question_pages + answers // AT_ONCE


async def _holders(client: Client, site: str, tag: str) -> int:
    wanted = {"inname": tag, "sort": "name", "order": "asc", "min": tag, "max": tag}
    page = await client.page(TagBadge, "badges/tags", "badges/tags", site=site, params=wanted)
    return sum(one.award_count for one in page.items if one.name.lower() == tag and one.rank in BEST_RANKS)


def _pages(items: int, client: Client) -> int:
    """Pages of a list; without a key, what lies behind the last page is read in slices, and cutting them costs some."""
    pages = -(-items // AT_ONCE)
    return pages if client.has_key or pages <= LAST_PAGE else 4 * pages


async def _price(client: Client, site: str, count: _Count, *, several: bool) -> SitePlan:
    people = len(count.listed) + count.others
    sample = sorted(count.listed)[:AT_ONCE]
    if not sample:
        return SitePlan({}, {}, people, {BUCKET: count.requests})
    path = f"users/{joined(sample)}"
    users = (await client.page(User, "users/{ids}", path, site=site, detailed=True)).items
    tag_based = {"sort": "type", "order": "desc", "min": "tag_based"}
    badges = await client.total("users/{ids}/badges", f"{path}/badges", site=site, params=tag_based)
    pages = min(badge_pages(len(sample)), max(1, -(-badges // AT_ONCE)))
    pages += network_pages(len(sample)) if several else 0
    share = people / len(sample)
    batches = -(-people // AT_ONCE)
    cheap = batches + max(1.0 if badges else 0.0, pages * share)
    deep = deep_price(_needs(users)) * people / max(1, len(users))
    # The filter is made once.
    return SitePlan({BUCKET: cheap}, {BUCKET: deep}, people, {BUCKET: count.requests + 1})


def _needs(users: Sequence[User]) -> list[Needs]:
    return [Needs(user.answer_count, user.question_count, told=True) for user in users]
