"""Finding people by tag: the lists of top answerers, holders of tag badges, and whoever answered in a thin tag."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from typing import Final, TypeVar

from sourcer.connect import AnswerError, Checkpoint, Item, SiteError
from sourcer_stackoverflow.api.client import LAST_PAGE, Client, Page, joined
from sourcer_stackoverflow.api.steps import Step, Worklist, halves
from sourcer_stackoverflow.api.wire import AnswerPost, Holder, QuestionPost, TagBadge, TagInfo, TagScore, TopTag, Wire
from sourcer_stackoverflow.facts import Answer, Badge, TagSum
from sourcer_stackoverflow.observe import badge_evidence, one_answer, ref_of, tag_evidence
from sourcer_stackoverflow.settings import StackOverflowDiscover

__all__ = [
    "BEST_RANKS",
    "MOST_UID",
    "RANKS",
    "TAGS_AT_ONCE",
    "THIN_TAG",
    "discover_people",
    "fact_of",
    "is_thin",
    "tag_lines",
]

TAGS_AT_ONCE: Final = 5
"""Tags in one path: the most that the API takes."""

THIN_TAG: Final = 1_000
"""Questions. Of a tag that has no more, every answer is read; of others the lists of the best, and badge holders."""

MOST_UID: Final = 2_147_483_647
"""The API takes ids of 32 bits: a greater one makes it refuse the whole question."""

BEST_RANKS: Final = ("gold", "silver")
"""Of the tag badges whose holders are looked for: bronze takes 100 votes in all."""

RANKS: Final = {"gold": 1, "silver": 2, "bronze": 3}

_OWN_FAULTS: Final = ("transport", "server_error", "bad_body", "too_large", "not_archived", "redirects")
"""Kinds of failure that asking later may mend. Others are a "no" of the API to this one question."""

_Model = TypeVar("_Model", bound=Wire)


@dataclass(slots=True)
class _Yield:
    """What a step gave: items, and the steps that follow from it."""

    items: list[Item] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)


def is_thin(questions: int) -> bool:
    """Whether so few questions have a tag that all their answers can be read."""
    return questions <= THIN_TAG


def fact_of(post: AnswerPost, *, wanted: bool = False) -> Answer:
    """An answer as both ways know it."""
    return Answer(
        id=post.answer_id,
        score=post.score,
        accepted=post.is_accepted,
        wiki=post.community_owned_date is not None,
        tags=tuple(dict.fromkeys(tag.strip().lower() for tag in post.tags)),
        title=post.title,
        written=post.creation_date,
        licence=post.content_license,
        bounty=post.awarded_bounty_amount,
        wanted=wanted,
    )


async def discover_people(
    client: Client, sites: tuple[str, ...], wish: StackOverflowDiscover, after: Checkpoint | None
) -> AsyncIterator[Item]:
    """Yield a ``Ref`` for each person, what the list says of them, and a ``Checkpoint`` after each request.

    Raises:
        SiteError: A page cannot be had now; discovery goes on from the last checkpoint.
    """
    finder = _Finder(client, sites, wish)
    left = Worklist.resumed(after) if after else Worklist(finder.first())
    while left:
        found = await finder.take(left.take())
        for item in found.items:
            yield item
        left.add(found.steps)
        yield left.checkpoint()


class _Finder:
    """Takes steps."""

    def __init__(self, client: Client, sites: tuple[str, ...], wish: StackOverflowDiscover) -> None:
        self._client = client
        self._sites = sites
        self._wish = wish
        self._ways: Mapping[str, Callable[[Step], Awaitable[_Yield]]] = {
            "account": self._account,
            "info": self._info,
            "top": self._top,
            "month": self._month,
            "badges": self._badges,
            "holders": self._holders,
            "questions": self._questions,
            "answers": self._answers,
        }

    def first(self) -> Iterator[Step]:
        """Where a discovery begins: named accounts, then the tags of each site."""
        if self._wish.accounts:
            yield Step("account", "")
        for site in self._sites if self._wish.tags else ():
            for place in range(0, len(self._wish.tags), TAGS_AT_ONCE):
                yield Step("info", site, place=place)

    async def take(self, step: Step) -> _Yield:
        """Ask what a step says.

        Raises:
            SiteError: Nothing usable came.
        """
        try:
            return await self._ways[step.kind](step)
        except AnswerError as fault:
            if fault.kind in _OWN_FAULTS:
                raise SiteError(f"stackoverflow: {fault}; run it again to go on from here") from fault
            return _Yield()  # the run's errors tell of it

    async def _account(self, step: Step) -> _Yield:
        """A named account: what it answers, so that there is reason for a deep look."""
        named = self._wish.named(self._sites)
        site, uid = named[step.place]
        if site not in self._sites:
            raise SiteError(f"stackoverflow: {site}:#{uid} is on none of the sites in [connectors.stackoverflow]")
        following = [replace(step, place=step.place + 1)] if step.place + 1 < len(named) else []
        found = _Yield([ref_of(site, uid)], following)
        if uid > MOST_UID:
            return found
        try:
            path = f"users/{uid}/top-answer-tags"
            page = await self._client.page(TopTag, "users/{id}/top-answer-tags", path, site=site)
        except AnswerError:
            return found  # the look at the account will tell
        found.items += [tag_evidence(ref_of(site, uid), *one) for one in tag_lines(page)]
        return found

    async def _info(self, step: Step) -> _Yield:
        """Which of the tags the site has, and how much there is in each."""
        tags = self._wish.tags[step.place : step.place + TAGS_AT_ONCE]
        try:
            page = await self._client.page(TagInfo, "tags/{tags}/info", f"tags/{joined(tags)}/info", site=step.site)
        except AnswerError as fault:
            if fault.kind in _OWN_FAULTS:
                raise
            counts = dict.fromkeys(tags, 0)
        else:
            counts = {one.name.lower(): one.count for one in page.items}
        there = [tag for tag in tags if tag in counts]
        thin = [tag for tag in there if is_thin(counts[tag])]
        steps = [Step("top", step.site, 1, tag) for tag in there]
        for tag in (tag for tag in there if tag not in thin):
            steps += [Step("month", step.site, 2, tag), Step("badges", step.site, 3, tag)]
        # Together: a question with two of the tags comes once.
        return _Yield(steps=[*steps, Step("questions", step.site, 3, ";".join(thin))] if thin else steps)

    async def _top(self, step: Step) -> _Yield:
        """The best 30 of all time, with what the site itself counts for them in this tag."""
        page = await self._top_answerers(step, "all_time")
        found = _Yield()
        for line in page.items:
            uid = line.user.person
            if uid is not None and line.score >= self._wish.min_score:
                ref = ref_of(step.site, uid)
                found.items += [ref, tag_evidence(ref, step.tag, TagSum(line.score, line.post_count))]
        return found

    async def _month(self, step: Step) -> _Yield:
        """The best 30 of the last 30 days. Their sums are of those days only, so they are another kind of evidence.

        It bears the day of the crawl: nothing but its age takes it away, and a later list takes its place.
        """
        page = await self._top_answerers(step, "month")
        day = datetime.combine(datetime.fromtimestamp(self._client.now, UTC), time.min, UTC)
        found = _Yield()
        for line in page.items:
            uid = line.user.person
            if uid is not None:
                ref = ref_of(step.site, uid)
                tag_sum = TagSum(line.score, line.post_count, day)
                found.items += [ref, tag_evidence(ref, step.tag, tag_sum, "tag.month")]
        return found

    async def _top_answerers(self, step: Step, period: str) -> Page[TagScore]:
        path = f"tags/{joined([step.tag])}/top-answerers/{period}"
        return await self._client.page(TagScore, "tags/{tag}/top-answerers", path, site=step.site)

    async def _badges(self, step: Step) -> _Yield:
        """Which badges a tag has."""
        wanted = {"inname": step.tag, "sort": "name", "order": "asc", "min": step.tag, "max": step.tag}
        page = await self._client.page(TagBadge, "badges/tags", "badges/tags", site=step.site, params=wanted)
        ids = sorted(one.badge_id for one in page.items if one.name.lower() == step.tag and one.rank in BEST_RANKS)
        return _Yield(steps=[replace(step, kind="holders", ids=tuple(ids))] if ids else [])

    async def _holders(self, step: Step) -> _Yield:
        """Who holds a tag's gold or silver badge."""
        page = await self._client.page(
            Holder,
            "badges/{ids}/recipients",
            f"badges/{joined(step.ids)}/recipients",
            site=step.site,
            params={"page": step.page, **step.dates()},
        )
        found = _Yield(steps=self._next(step, page))
        for holder in page.items:
            uid, rank = holder.user.person, RANKS.get(holder.rank)
            if uid is not None and rank is not None:
                ref = ref_of(step.site, uid)
                found.items += [ref, badge_evidence(ref, Badge(rank, holder.name.lower()))]
        return found

    async def _questions(self, step: Step) -> _Yield:
        """Questions with one of the thin tags, the best first; those that were answered lead to who answered."""
        params = {"tagged": step.tag, "sort": "votes", "order": "desc", "page": step.page, **step.dates()}
        page = await self._client.page(
            QuestionPost, "search/advanced", "search/advanced", site=step.site, params=params
        )
        answered = tuple(one.question_id for one in page.items if one.answer_count != 0)
        answers = [replace(step, kind="answers", ids=answered, page=1, since=0, until=0)] if answered else []
        return _Yield(steps=[*answers, *self._next(step, page)])

    async def _answers(self, step: Step) -> _Yield:
        """Who answered; the answers have been paid for, so they are kept."""
        path = f"questions/{joined(step.ids)}/answers"
        order = {"sort": "votes", "order": "desc", "page": step.page}
        page = await self._client.page(
            AnswerPost, "questions/{ids}/answers", path, site=step.site, params=order, detailed=True
        )
        by_owner: defaultdict[int, list[Answer]] = defaultdict(list)
        for post in page.items:
            uid = post.owner.person if post.owner else None
            if uid is not None:
                by_owner[uid].append(fact_of(post))
        found = _Yield(steps=self._next(step, page))
        for uid, answers in by_owner.items():
            # Of somebody's answers a page shows a part only: who reaches the least score on none is left out.
            if sum(max(0, one.score or 0) for one in answers if not one.wiki) >= self._wish.min_score:
                ref = ref_of(step.site, uid)
                found.items += [ref, *(one_answer(ref, one) for one in answers)]
        return found

    def _next(self, step: Step, page: Page[_Model]) -> list[Step]:
        """The next page. Where the API gives no more without a key, the list is cut in two by date instead."""
        if not page.has_more:
            return []
        if step.page < LAST_PAGE or self._client.has_key:
            return [replace(step, page=step.page + 1, turn=step.turn + 1)]
        if step.kind == "answers":
            middle = len(step.ids) // 2
            parts = (step.ids[:middle], step.ids[middle:]) if middle else ()
            return [replace(step, ids=ids, page=1) for ids in parts]
        return list(halves(step, self._client.now))


def tag_lines(page: Page[TopTag]) -> Iterator[tuple[str, TagSum]]:
    """Tags in which somebody answered, and what the answers add up to."""
    for line in page.items:
        if line.answer_count > 0:
            yield line.tag_name.lower(), TagSum(line.answer_score, line.answer_count)
