"""What both ways learn of a person, before it becomes items: the same words, whether a dump or the API told them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import nlargest, nsmallest
from typing import Final

__all__ = [
    "BEST_ANSWERS",
    "BEST_QUESTIONS",
    "BEST_TAGS",
    "NEWEST_ANSWERS",
    "Account",
    "Answer",
    "Badge",
    "Question",
    "TagSum",
    "kept_answers",
    "kept_questions",
    "kept_tags",
    "tag_sums",
]

BEST_ANSWERS: Final = 150
NEWEST_ANSWERS: Final = 50
BEST_QUESTIONS: Final = 50
BEST_TAGS: Final = 100


@dataclass(frozen=True, slots=True)
class Account:
    """What somebody says about themselves, and the site's numbers about them. ``None`` is: not said."""

    uid: int
    name: str | None = None
    location: str | None = None
    website: str | None = None
    about: str | None = None
    reputation: int | None = None
    views: int | None = None
    up_votes: int | None = None
    down_votes: int | None = None
    network_id: int | None = None
    created: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with what its question says.

    Args:
        id: Its post id.
        score: Votes for less votes against.
        accepted: ``None`` where the question is not known.
        wiki: Shared work of the community.
        tags: The question's.
        title: The question's.
        written: When, in whole seconds.
        licence: As the site states it.
        bounty: Reputation that somebody gave for it.
        wanted: Its question has a tag that is looked for.
    """

    id: int
    score: int | None = None
    accepted: bool | None = None
    wiki: bool = False
    tags: tuple[str, ...] = ()
    title: str | None = None
    written: datetime | None = None
    licence: str | None = None
    bounty: int | None = None
    wanted: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A question; the words are those of :class:`Answer`."""

    id: int
    score: int | None = None
    answers: int | None = None
    views: int | None = None
    wiki: bool = False
    tags: tuple[str, ...] = ()
    title: str | None = None
    written: datetime | None = None
    licence: str | None = None
    wanted: bool = False


@dataclass(slots=True)
class TagSum:
    """A person's answers in one tag, without community wikis, as the site counts for its tag badges."""

    score: int = 0
    answers: int = 0
    newest: datetime | None = None
    wanted: bool = False


@dataclass(frozen=True, slots=True)
class Badge:
    """A tag badge: rank 1 is gold, 2 silver, 3 bronze."""

    rank: int
    tag: str
    awarded: datetime | None = None


def tag_sums(answers: Iterable[Answer]) -> dict[str, TagSum]:
    """What somebody's answers add up to in each tag."""
    sums: defaultdict[str, TagSum] = defaultdict(TagSum)
    for answer in answers:
        for tag in answer.tags if not answer.wiki else ():
            tag_sum = sums[tag]
            tag_sum.score += answer.score or 0
            tag_sum.answers += 1
            tag_sum.newest = max(filter(None, (tag_sum.newest, answer.written)), default=None)
            tag_sum.wanted = tag_sum.wanted or answer.wanted
    return dict(sums)


def _by_score(post: Answer | Question) -> tuple[bool, int, int]:
    return not post.wanted, -(post.score or 0), post.id


def _by_id(post: Answer | Question) -> int:
    return post.id


def _newest(answer: Answer) -> tuple[float, int]:
    return (answer.written.timestamp() if answer.written else 0.0), answer.id


def kept_answers(answers: Sequence[Answer]) -> list[Answer]:
    """The best, those in wanted tags first, and the newest of the others; by id."""
    best = nsmallest(BEST_ANSWERS, answers, key=_by_score)
    taken = {answer.id for answer in best}
    others = (answer for answer in answers if answer.id not in taken)
    return sorted([*best, *nlargest(NEWEST_ANSWERS, others, key=_newest)], key=_by_id)


def kept_questions(questions: Sequence[Question]) -> list[Question]:
    """The best, those in wanted tags first; by id."""
    return sorted(nsmallest(BEST_QUESTIONS, questions, key=_by_score), key=_by_id)


def kept_tags(tags: dict[str, TagSum]) -> dict[str, TagSum]:
    """The best, wanted ones first; by name."""
    best = nsmallest(BEST_TAGS, tags, key=lambda tag: (not tags[tag].wanted, -tags[tag].score, tag))
    return {tag: tags[tag] for tag in sorted(best)}
