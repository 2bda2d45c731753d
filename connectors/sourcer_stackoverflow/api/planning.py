"""What a crawl over the API is expected to spend, from a few counts and a sample of the people that it will find."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from typing import Final

from sourcer.connect import AnswerError, Plan, SitePlan
from sourcer_stackoverflow.api.cheap import badge_pages, network_pages
from sourcer_stackoverflow.api.client import AT_ONCE, Client, joined
from sourcer_stackoverflow.api.discovery import BEST_RANKS, TAGS_AT_ONCE, is_thin
from sourcer_stackoverflow.api.price import Needs, deep_price
from sourcer_stackoverflow.api.slices import list_price
from sourcer_stackoverflow.api.tags import tags_there
from sourcer_stackoverflow.api.wire import AnswerPost, QuestionPost, TagBadge, TagInfo, TagScore, User
from sourcer_stackoverflow.policy import BUCKET
from sourcer_stackoverflow.settings import StackOverflowDiscover

__all__ = ["how_many", "plan_crawl"]

_TOP: Final = 30
"""People in a list of top answerers, at most."""


@dataclass(slots=True)
class _Count:
    """What is known of one site.

    Args:
        requests: Upper bound of what discovery asks.
        listed: People in the lists of all time.
        met: Some of the people in no list, who answered the best questions of thin tags.
        others: How many people there are in no list.
    """

    requests: int = 0
    listed: set[int] = field(default_factory=set)
    met: set[int] = field(default_factory=set)
    others: int = 0

    @property
    def people(self) -> int:
        """All of them."""
        return len(self.listed) + self.others


async def plan_crawl(client: Client, sites: tuple[str, ...], wish: StackOverflowDiscover) -> Plan:
    """Count what the tags hold, and look at up to a hundred of the people in them.

    ``discover`` is an upper bound. ``people`` is a forecast: each badge is taken for another person's, and who answered
    in thin tags is estimated from who gave the best answers. ``deep`` is for everybody. A site that does not say is
    left open. What discovery asks, too, is remembered and not asked again.
    """
    counts: dict[str, _Count | None] = {}
    with client.remembering():
        for site in sites:
            try:
                counts[site] = await _count(client, site, wish) if wish.tags else _Count()
            except AnswerError:
                counts[site] = None
    for site, uid in wish.named(sites):
        count = counts.get(site)
        if count is not None:
            count.listed.add(uid)
            count.requests += 1
    batches = -(-sum(count.people for count in counts.values() if count) // AT_ONCE)
    plans: dict[str, SitePlan] = {}
    for site, count in counts.items():
        try:
            price = _price(client, site, count, batches, several=len(sites) > 1) if count else None
            plans[site] = await price if price else SitePlan()
        except AnswerError:
            plans[site] = SitePlan()
    return Plan(plans)


async def _count(client: Client, site: str, wish: StackOverflowDiscover) -> _Count:
    count = _Count()
    for start in range(0, len(wish.tags), TAGS_AT_ONCE):
        tags = wish.tags[start : start + TAGS_AT_ONCE]
        count.requests += 1
        page = await client.page(TagInfo, "tags/{tags}/info", f"tags/{joined(tags)}/info", site=site)
        there = tags_there(tags, page.items)
        thin = [tag for tag in there if is_thin(there[tag])]
        listed = {tag: await _list(client, site, tag, count) for tag in there}
        for tag in (tag for tag in listed if tag not in thin):
            holders = await _holders(client, site, tag)
            count.requests += 2 + sum(list_price(holders, client.room))
            count.others += _TOP + max(0, holders - len(listed[tag]))
        if thin:
            answers, pages, given = await _answers(client, site, thin, sum(there[tag] for tag in thin))
            count.requests += pages
            if any(len(listed[tag]) == _TOP for tag in thin):
                others = [uid for uid in given if uid not in count.listed]
                count.met.update(others)
                most = max(0, answers - _given(line for tag in thin for line in listed[tag]))
                count.others += min(most, how_many(others)) if given else most
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


async def _answers(client: Client, site: str, tags: Sequence[str], questions: int) -> tuple[int, int, list[int]]:
    """Answers in thin tags, the pages that lead to them, and who gave the best ones.

    The first page holds the questions with the most votes. Those have the most answers: what they have on the average
    is an upper bound for all.
    """
    order = {"tagged": ";".join(tags), "sort": "votes", "order": "desc", "page": 1}
    page = await client.page(QuestionPost, "search/advanced", "search/advanced", site=site, params=order)
    seen = len(page.items)
    if not seen:
        return 0, 1, []
    answers = -(-sum(one.answer_count or 0 for one in page.items) * max(questions, seen) // seen)
    cuts, question_pages = list_price(max(questions, seen), client.room)
    given = await _owners(client, site, [one.question_id for one in page.items if one.answer_count != 0])
    # Each page of questions is followed by pages of its answers, of which the last is not full. Where not all of them
    # are shown, its questions are asked about in groups, of which two together have more than is shown.
    groups = 2 * answers // client.room if client.room else 0
    return answers, cuts + 2 * question_pages + answers // AT_ONCE + groups, given


async def _owners(client: Client, site: str, questions: Sequence[int]) -> list[int]:
    """Who gave the best answers to some questions."""
    if not questions:
        return []
    order = {"sort": "votes", "order": "desc", "page": 1}
    page = await client.page(
        AnswerPost,
        "questions/{ids}/answers",
        f"questions/{joined(questions)}/answers",
        site=site,
        params=order,
        detailed=True,
    )
    return [uid for post in page.items if post.owner is not None and (uid := post.owner.person) is not None]


def how_many(met: Iterable[int]) -> int:
    """How many people there are where these were met, each as often as here: Chao's estimate.

    Source: A. Chao, Nonparametric estimation of the number of classes in a population, 1984.
    """
    times = Counter(Counter(met).values())
    once, twice = times[1], times[2]
    unseen = once * once / (2 * twice) if twice else once * (once - 1) / 2
    return times.total() + math.ceil(unseen)


async def _holders(client: Client, site: str, tag: str) -> int:
    wanted = {"inname": tag, "sort": "name", "order": "asc", "min": tag, "max": tag}
    page = await client.page(TagBadge, "badges/tags", "badges/tags", site=site, params=wanted)
    return sum(one.award_count for one in page.items if one.name.lower() == tag and one.rank in BEST_RANKS)


async def _price(client: Client, site: str, count: _Count, batches: int, *, several: bool) -> SitePlan:
    """What looking at these people costs, when all sites' people come in so many batches, some of each site in each."""
    people = count.people
    finding = {BUCKET: count.requests + 1}  # the filter is made once
    sample = _sample(count)
    if not sample:
        return SitePlan({}, {}, people, {BUCKET: count.requests})
    path = f"users/{joined(sample)}"
    users = (await client.page(User, "users/{ids}", path, site=site, detailed=True)).items
    tag_based = {"sort": "type", "order": "desc", "min": "tag_based"}
    badges = await client.total("users/{ids}/badges", f"{path}/badges", site=site, params=tag_based)
    pages = float(min(badge_pages(len(sample)), -(-badges // AT_ONCE)))
    accounts = [user.account_id for user in users if user.account_id]
    if several and accounts:
        everywhere = f"users/{joined(accounts)}/associated"
        known = await client.total("users/{ids}/associated", everywhere, params={"types": "main_site"})
        pages += min(network_pages(len(accounts)), -(-known // AT_ONCE))
    looks = min(people, max(batches, -(-people // AT_ONCE)))
    least = (badges > 0) + bool(several and accounts)
    cheap = looks + max(float(looks * least), pages * people / len(sample))
    everybody = _everybody(users, count)
    deep = deep_price(everybody) * people / max(1, len(everybody))
    return SitePlan({BUCKET: cheap}, {BUCKET: deep}, people, finding)


def _sample(count: _Count) -> list[int]:
    """Up to a hundred people: half of them of the lists, where others are known."""
    met = sorted(count.met - count.listed)[: max(AT_ONCE // 2, AT_ONCE - len(count.listed))]
    return [*sorted(count.listed)[: AT_ONCE - len(met)], *met]


def _everybody(users: Sequence[User], count: _Count) -> list[Needs]:
    """As many people as there are, those in the lists and the others each like those of their kind who were looked at.

    Of who is in a list it is known what for; of the others it has to be asked.
    """
    listed = [_needs(user, told=True) for user in users if user.user_id in count.listed]
    others = [_needs(user, told=False) for user in users if user.user_id not in count.listed]
    return [
        *islice(cycle(listed or others), len(count.listed)),
        *islice(cycle(others or listed), count.others),
    ]


def _needs(user: User, *, told: bool) -> Needs:
    return Needs(user.answer_count, user.question_count, told=told)
