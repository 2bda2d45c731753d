"""The deep look: answers, what they add up to in each tag, and questions.

People whose answers fit on one page are asked about together, and all their answers are read: then the sums are exact.
Of the others the best 30 in the tags that matter are read; what is left of the price goes to questions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

from sourcer.connect import AnswerError, Done, Focus, Gone, Item, Unknown, Visit
from sourcer_stackoverflow import facts
from sourcer_stackoverflow.api.cheap import person_id, reason_of
from sourcer_stackoverflow.api.client import AT_ONCE, Client, joined
from sourcer_stackoverflow.api.discovery import fact_of, tag_lines
from sourcer_stackoverflow.api.memory import Memory
from sourcer_stackoverflow.api.price import Needs, packed, room_for_questions
from sourcer_stackoverflow.api.wire import AnswerPost, QuestionPost, TopTag
from sourcer_stackoverflow.observe import answer_items, one_answer, question_items, tag_items

__all__ = ["SCOPE", "look_deep"]

SCOPE: Final = ("answer.*", "tag.score", "question.asked")
"""What a deep look tells, as far as no ``Unknown`` says otherwise."""

MOST_TAGS: Final = 5
"""In which one person's top answers can be asked for."""

_MOST_PAGES: Final = 2
"""Of a group whose posts fitted on one page when they were counted."""

_Post = TypeVar("_Post", AnswerPost, QuestionPost)


@dataclass(slots=True)
class _Person:
    """One visit, what is known before it, and the items that came of it."""

    visit: Visit
    uid: int
    memory: Memory
    tags: tuple[str, ...]
    items: list[Item] = field(default_factory=list)

    def unknown(self, what: str, reason: str) -> None:
        """Note that something was not told."""
        self.items.append(Unknown(self.visit.ref, what, reason))

    @property
    def needs(self) -> Needs:
        """What the price depends on."""
        return Needs(self.memory.answers, self.memory.questions, told=bool(self.tags))


@dataclass(slots=True)
class _Read(Generic[_Post]):
    """The posts of a group by their owner; ``lost`` says why some may be missing."""

    posts: defaultdict[int, dict[int, _Post]] = field(default_factory=lambda: defaultdict(dict))
    lost: str = ""


async def look_deep(client: Client, visits: Sequence[Visit], focus: Focus) -> AsyncIterator[Item]:
    """Look at a batch of people; each is closed with :class:`Done` or :class:`Gone`."""
    by_site: defaultdict[str, dict[int, _Person]] = defaultdict(dict)
    for visit in visits:
        uid = person_id(visit)
        if uid is not None:
            by_site[visit.ref.site][uid] = _Person(visit, uid, Memory.of(visit), _known_tags(visit, focus))
    for site, people in by_site.items():
        await _Reader(client, site, focus).look_at(people)
    for visit in visits:
        uid = person_id(visit)
        if uid is None:
            yield Gone(visit.ref, "not the id of a person")
            continue
        for item in by_site[visit.ref.site][uid].items:
            yield item
        yield Done(visit.ref, SCOPE)


def _known_tags(visit: Visit, focus: Focus) -> tuple[str, ...]:
    """Tags that matter and whose score is already known of somebody; none where their best tags must be asked first."""
    scored = [key.removeprefix("tag:") for key in visit.told.get("tag.score", ())]
    if not _telling(scored, focus):
        return ()
    held = [key.partition(":")[2] for key in visit.told.get("badge.tag", ())]
    return _telling([*scored, *held], focus)


def _telling(tags: Iterable[str], focus: Focus) -> tuple[str, ...]:
    """The tags that matter most, in that order; of equals, the first."""
    relevance = {tag: focus((f"tag:{tag}",)) for tag in tags}
    return tuple(sorted((tag for tag in relevance if relevance[tag] > 0), key=lambda tag: -relevance[tag])[:MOST_TAGS])


class _Reader:
    """Looks at people of one site."""

    def __init__(self, client: Client, site: str, focus: Focus) -> None:
        self._client = client
        self._site = site
        self._focus = focus
        self._spent = 0

    async def look_at(self, people: dict[int, _Person]) -> None:
        few = {uid: one for uid, one in people.items() if one.needs.has_few_answers}
        for group in packed({uid: one.memory.answers or 0 for uid, one in few.items()}):
            await self._read_all_answers([few[uid] for uid in group])
        for uid, one in people.items():
            if uid not in few:
                await self._read_top_answers(one)
        await self._read_questions(people)

    async def _read_all_answers(self, group: Sequence[_Person]) -> None:
        """People with few answers: every answer of each."""
        read = await self._read(AnswerPost, "answers", group)
        for one in group:
            answers = [self._answer(post) for post in read.posts[one.uid].values()]
            one.items += answer_items(one.visit.ref, answers)
            if read.lost:
                one.unknown("answer.*", read.lost)
                one.unknown("tag.score", read.lost)
            else:
                one.items += tag_items(one.visit.ref, facts.tag_sums(answers))

    async def _read_top_answers(self, one: _Person) -> None:
        """Somebody with many answers: their best ones in the tags that matter."""
        tags = one.tags
        if tags:
            one.unknown("tag.score", "only the tags that led to them were asked")
        else:
            tags = await self._read_top_tags(one)
        many = "many" if one.memory.answers is None else one.memory.answers
        if not tags:
            one.unknown("answer.*", f"{many} answers, none known in a tag that matters")
            return
        self._spent += 1
        path = f"users/{one.uid}/tags/{joined(tags)}/top-answers"
        order = {"sort": "votes", "order": "desc"}
        try:
            page = await self._client.page(
                AnswerPost, "users/{id}/tags/{tags}/top-answers", path, site=self._site, params=order, detailed=True
            )
        except AnswerError as fault:
            one.unknown("answer.*", reason_of(fault))
            return
        best = {post.answer_id: self._answer(post) for post in page.items}
        one.items += [one_answer(one.visit.ref, best[post]) for post in sorted(best)]
        one.unknown("answer.*", f"{many} answers: the {len(best)} best in {', '.join(tags)} were read")

    async def _read_top_tags(self, one: _Person) -> tuple[str, ...]:
        self._spent += 1
        path = f"users/{one.uid}/top-answer-tags"
        try:
            page = await self._client.page(TopTag, "users/{id}/top-answer-tags", path, site=self._site)
        except AnswerError as fault:
            one.unknown("tag.score", reason_of(fault))
            return ()
        tags = dict(tag_lines(page))
        one.items += tag_items(one.visit.ref, tags)
        if page.has_more or page.unread:
            one.unknown("tag.score", f"the {len(tags)} best tags were read")
        return _telling(tags, self._focus)

    async def _read_questions(self, people: dict[int, _Person]) -> None:
        """As many people's questions as the price leaves room for; groups of many people first."""
        groups = packed({uid: one.memory.questions or 0 for uid, one in people.items()})
        groups.sort(key=lambda group: (-len(group), group))
        room = room_for_questions(len(people), self._spent)
        for group in groups[:room]:
            await self._read_group_questions([people[uid] for uid in group])
        for uid in (uid for group in groups[room:] for uid in group):
            people[uid].unknown("question.asked", f"{people[uid].memory.questions} questions were not asked for")
        for one in people.values():
            if one.memory.questions is None:
                one.unknown("question.asked", "not asked for")

    async def _read_group_questions(self, group: Sequence[_Person]) -> None:
        has_many = any((one.memory.questions or 0) > AT_ONCE for one in group)
        read = await self._read(QuestionPost, "questions", group, 1 if has_many else _MOST_PAGES)
        for one in group:
            one.items += question_items(one.visit.ref, [self._question(post) for post in read.posts[one.uid].values()])
            if read.lost:
                one.unknown("question.asked", read.lost)

    async def _read(
        self, model: type[_Post], what: str, group: Sequence[_Person], pages: int = _MOST_PAGES
    ) -> _Read[_Post]:
        """The posts of a group; counts may have grown since they were told, so that a second page may be needed."""
        read: _Read[_Post] = _Read()
        path = f"users/{joined(one.uid for one in group)}/{what}"
        try:
            for number in range(1, pages + 1):
                self._spent += 1
                page = await self._client.page(
                    model,
                    f"users/{{ids}}/{what}",
                    path,
                    site=self._site,
                    params={"sort": "votes", "order": "desc", "page": number},
                    detailed=model is AnswerPost,
                )
                for post in page.items:
                    if post.owner is not None and post.owner.user_id is not None:
                        read.posts[post.owner.user_id][post.id] = post
                if page.unread:
                    read.lost = f"{page.unread} in the answer cannot be read"
                if not page.has_more:
                    return read
            read.lost = f"only the best {pages * AT_ONCE} were read"
        except AnswerError as fault:
            read.lost = reason_of(fault)
        return read

    def _answer(self, post: AnswerPost) -> facts.Answer:
        return fact_of(post, wanted=self._matters(post.tags))

    def _matters(self, tags: Iterable[str]) -> bool:
        return self._focus([f"tag:{tag.lower()}" for tag in tags]) > 0

    def _question(self, post: QuestionPost) -> facts.Question:
        return facts.Question(
            id=post.question_id,
            score=post.score,
            answers=post.answer_count,
            views=post.view_count,
            wiki=post.community_owned_date is not None,
            tags=tuple(dict.fromkeys(tag.strip().lower() for tag in post.tags)),
            title=post.title,
            written=post.creation_date,
            licence=post.content_license,
            wanted=self._matters(post.tags),
        )
