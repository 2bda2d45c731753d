"""The methods about questions and answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from sourcer.demo.model import Post
from sourcer.demo.stackexchange import nodes
from sourcer.demo.stackexchange.nodes import KIND
from sourcer.demo.stackexchange.query import Query
from sourcer.demo.stackexchange.refusal import Node, wrong
from sourcer.demo.stackexchange.site import Site

__all__ = [
    "answers",
    "answers_by",
    "answers_to",
    "questions",
    "questions_by",
    "search",
    "some_answers",
    "some_questions",
    "top_answers",
    "top_tags",
]

_BEST: Final = 30
_MOST_TAGGED: Final = 5


def _created(post: Post) -> datetime:
    return post.created_at


_SORTS: Final[Mapping[str, Callable[[Post], Any]]] = {
    "activity": _created,
    "creation": _created,
    "votes": lambda post: post.score,
}


def _answers(query: Query, posts: Iterable[Post]) -> list[Node]:
    rows = sorted(posts, key=lambda post: post.id)
    return [nodes.answer(query.site, one) for one in query.arranged(rows, _SORTS, _created)]


def _questions(query: Query, posts: Iterable[Post]) -> list[Node]:
    rows = sorted(posts, key=lambda post: post.id)
    return [nodes.question(query.site, one) for one in query.arranged(rows, _SORTS, _created)]


def answers(query: Query) -> list[Node]:
    """``/answers``."""
    return _answers(query, query.site.answers.values())


def some_answers(query: Query) -> list[Node]:
    """``/answers/{ids}``."""
    return _answers(query, _those(query, query.site.answers))


def some_questions(query: Query) -> list[Node]:
    """``/questions/{ids}``."""
    return _questions(query, _those(query, query.site.questions))


def _those(query: Query, posts: Mapping[int, Post]) -> list[Post]:
    return [posts[one] for one in query.ids if one in posts]


def answers_to(query: Query) -> list[Node]:
    """``/questions/{ids}/answers``."""
    return _answers(query, (one for number in query.ids for one in query.site.answers_to[number]))


def answers_by(query: Query) -> list[Node]:
    """``/users/{ids}/answers``."""
    return _answers(query, (one for uid in query.ids for one in query.site.answers_by[uid]))


def questions_by(query: Query) -> list[Node]:
    """``/users/{ids}/questions``."""
    return _questions(query, (one for uid in query.ids for one in query.site.questions_by[uid]))


def questions(query: Query) -> list[Node]:
    """``/questions``: those with all of the tags; more tags than a question may have are none's."""
    tags = _tagged(query)
    return _questions(query, (one for one in query.site.questions.values() if set(tags) <= set(one.tags)))


def search(query: Query) -> list[Node]:
    """``/search/advanced``: those with at least one of the tags, and what else is asked for."""
    tags, accepted = _tagged(query), query.params.get("accepted", "")
    if not tags and not accepted and not query.params.get("q"):
        raise wrong("one of q, accepted, tagged must be set")
    site = query.site
    found = (one for one in site.questions.values() if not tags or not set(tags).isdisjoint(one.tags))
    words = query.params.get("q", "").lower().split()
    found = (one for one in found if all(word in one.title.lower() for word in words))
    return _questions(query, (one for one in found if not accepted or _is_settled(site, one) == (accepted == "true")))


def _is_settled(site: Site, post: Post) -> bool:
    return post.accepted_id in site.answers


def _tagged(query: Query) -> list[str]:
    return [one.lower() for one in query.params.get("tagged", "").split(";") if one]


def top_answers(query: Query) -> list[Node]:
    """``/users/{id}/tags/{tags}/top-answers``: the thirty best."""
    site, tags = query.site, set(query.tags(_MOST_TAGGED))
    found = [one for one in site.answers_by[query.id] if not tags.isdisjoint(site.question_of(one).tags)]
    return _answers(query, found)[:_BEST]


def top_tags(query: Query) -> list[Node]:
    """``/users/{id}/top-answer-tags``: what somebody's posts add up to in each tag that they answered in."""
    site, uid = query.site, query.id
    given, asked = _sums(site, site.answers_by[uid]), _sums(site, site.questions_by[uid])
    return [
        {
            KIND: "top_tag",
            "user_id": uid,
            "tag_name": tag,
            "answer_score": sum(given[tag]),
            "answer_count": len(given[tag]),
            "question_score": sum(asked[tag]),
            "question_count": len(asked[tag]),
        }
        for tag in sorted(given, key=lambda tag: (-sum(given[tag]), tag))
    ]


def _sums(site: Site, posts: Iterable[Post]) -> defaultdict[str, list[int]]:
    scores: defaultdict[str, list[int]] = defaultdict(list)
    for post in posts:
        for tag in site.question_of(post).tags if post.community_at is None else ():
            scores[tag].append(post.score)
    return scores
