"""Finding people by tag: the lists of top answerers, holders of tag badges, and whoever answered in a thin tag."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from typing import Final, TypeVar

from sourcer.connect import AnswerError, Checkpoint, Item, Json, SiteError
from sourcer_stackoverflow.api.client import Client, Page, joined
from sourcer_stackoverflow.api.slices import halves, readable, shares
from sourcer_stackoverflow.api.steps import Step, Worklist
from sourcer_stackoverflow.api.sums import Sums
from sourcer_stackoverflow.api.tags import missing_of, tags_there
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
    sums = Sums.resumed(after) if after else Sums()
    finder = _Finder(client, sites, wish, sums)
    left = Worklist.resumed(after) if after else Worklist(finder.first())
    while left:
        found = await finder.take(left.take())
        for item in found.items:
            yield item
        left.add(found.steps)
        yield left.checkpoint(sums=sums.as_json())


class _Finder:
    """Takes steps."""

    def __init__(self, client: Client, sites: tuple[str, ...], wish: StackOverflowDiscover, sums: Sums) -> None:
        self._sums = sums
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
        if self._wish.tags:
            yield Step("info", self._sites[0], tag=";".join(self._wish.tags))

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
            counts = tags_there(tags, page.items)
        there = [*counts]
        thin = [tag for tag in there if is_thin(counts[tag])]
        steps = [Step("top", step.site, 1, tag) for tag in there]
        for tag in (tag for tag in there if tag not in thin):
            steps += [Step("month", step.site, 2, tag), Step("badges", step.site, 3, tag)]
        if thin:
            # Together: a question with two of the tags comes once.
            most = sum(counts[tag] for tag in thin)
            steps.append(Step("questions", step.site, 3, ";".join(thin), place=step.place, most=most))
        return _Yield(steps=[*self._next_info(step, missing_of(tags, counts)), *steps])

    def _next_info(self, step: Step, missing: Sequence[str]) -> list[Step]:
        """The next tags to look up, of this site or the next; after the last it is said which of all no site has."""
        asked = self._wish.tags[step.place : step.place + TAGS_AT_ONCE]
        nowhere = ";".join(tag for tag in step.tag.split(";") if tag not in asked or tag in missing)
        if step.place + TAGS_AT_ONCE < len(self._wish.tags):
            return [replace(step, place=step.place + TAGS_AT_ONCE, tag=nowhere)]
        following = self._sites[self._sites.index(step.site) + 1 :] if step.site in self._sites else ()
        if following:
            return [Step("info", following[0], tag=nowhere)]
        if nowhere:
            where, tags = " and ".join(self._sites), nowhere.replace(";", ", ")
            what_to_do = "correct stackoverflow.tags in the brief, as the site writes them"
            self._client.note(AnswerError(f"{where}: no such tag: {tags}; {what_to_do}", kind="no_such_tag"))
        return []

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
        best = [one for one in page.items if one.name.lower() == step.tag and one.rank in BEST_RANKS]
        ids, most = tuple(sorted(one.badge_id for one in best)), sum(one.award_count for one in best)
        return _Yield(steps=[replace(step, kind="holders", ids=ids, most=most)] if ids else [])

    async def _holders(self, step: Step) -> _Yield:
        """Who holds a tag's gold or silver badge."""
        method, path = "badges/{ids}/recipients", f"badges/{joined(step.ids)}/recipients"
        slices = await self._cut(step, method, path, {})
        if slices:
            return _Yield(steps=slices)
        params = {"page": step.page, **step.dates()}
        page = await self._client.page(Holder, method, path, site=step.site, params=params)
        found = _Yield(steps=self._next(step, page))
        for holder in page.items:
            uid, rank = holder.user.person, RANKS.get(holder.rank)
            if uid is not None and rank is not None:
                ref = ref_of(step.site, uid)
                found.items += [ref, badge_evidence(ref, Badge(rank, holder.name.lower()))]
        return found

    async def _questions(self, step: Step) -> _Yield:
        """Questions with one of the thin tags, the best first; those that were answered lead to who answered."""
        method, tagged = "search/advanced", {"tagged": step.tag}
        slices = await self._cut(step, method, method, tagged)
        if slices:
            return _Yield(steps=slices)
        params = {**tagged, "sort": "votes", "order": "desc", "page": step.page, **step.dates()}
        page = await self._client.page(QuestionPost, method, method, site=step.site, params=params)
        answers = Step("answers", step.site, step.turn, step.tag, place=step.place)
        answered = [replace(answers, ids=ids) for ids in shares(page.items, self._client.room)]
        return _Yield(steps=[*answered, *self._next(step, page)])

    async def _cut(self, step: Step, method: str, path: str, params: Mapping[str, Json]) -> list[Step]:
        """The slices that are read instead of a list of which not all is shown; none where it is read as it is."""
        slices = halves(step, self._client.room, self._client.now)
        if not slices:
            return []
        params = {**params, **slices[0].dates()}
        return readable(slices, await self._client.total(method, path, site=step.site, params=params))

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
            # Earlier pages count, though their answers are not told again: a deep look reads them.
            given = sum(max(0, one.score or 0) for one in answers if not one.wiki)
            if self._wish.min_score and self._sums.add(step, uid, given) < self._wish.min_score:
                continue
            ref = ref_of(step.site, uid)
            found.items += [ref, *(one_answer(ref, one) for one in answers)]
        return found

    def _next(self, step: Step, page: Page[_Model]) -> list[Step]:
        """The next page, where the API gives one."""
        if not page.has_more:
            return []
        if not self._client.shows(step.page + 1):
            unread = f"{step.site}: {step.kind} in {step.tag}: no page after the {step.page}th is given without a key"
            what_to_do = "what is there is not read; set key in [connectors.stackoverflow]"
            self._client.note(AnswerError(f"{unread}, {what_to_do}", kind="too_many_pages"))
            return []
        return [replace(step, page=step.page + 1, turn=step.turn + 1)]


def tag_lines(page: Page[TopTag]) -> Iterator[tuple[str, TagSum]]:
    """Tags in which somebody answered, and what the answers add up to."""
    for line in page.items:
        if line.answer_count > 0:
            yield line.tag_name.lower(), TagSum(line.answer_score, line.answer_count)
