"""One Stack Exchange site, looked at from all sides that the API offers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final, TypeVar

from sourcer.demo.model import Badge, Community, Member, Post
from sourcer.demo.traps import FABRICATED

__all__ = ["RANKS", "Site"]

RANKS: Final = {1: "gold", 2: "silver", 3: "bronze"}
_NAMED: Final = 1_000

_Key = TypeVar("_Key")
_Row = TypeVar("_Row")


class Site:
    """A community with its indexes. It shows no answer whose question is gone, and no row that only dumps hold."""

    def __init__(self, community: Community) -> None:
        self.community = community
        self.members = {one.id: one for one in community.members}
        posts = [one for one in community.posts if one.id not in FABRICATED]
        self.questions = {one.id: one for one in posts if one.is_question}
        self.answers = {one.id: one for one in posts if one.parent_id in self.questions}
        self.answers_by = _grouped((one.owner.id, one) for one in self.answers.values() if one.owner)
        self.questions_by = _grouped((one.owner.id, one) for one in self.questions.values() if one.owner)
        self.answers_to = _grouped((one.parent_id or 0, one) for one in self.answers.values())
        self.questions_in = _grouped((tag, one) for one in self.questions.values() for tag in one.tags)
        self.badges_of = _grouped((one.member.id, one) for one in community.badges)
        self.badges = _grouped(((one.name, one.grade, one.is_tag), one) for one in community.badges)
        self._badge_ids = {kind: _NAMED + place for place, kind in enumerate(sorted(self.badges))}

    def question_of(self, post: Post) -> Post:
        """The question that a post is, or answers."""
        return post if post.parent_id is None else self.questions[post.parent_id]

    def answers_in(self, tag: str) -> list[Post]:
        """Answers to the questions with a tag."""
        return [answer for question in self.questions_in[tag] for answer in self.answers_to[question.id]]

    def badge_number(self, badge: Badge) -> int:
        """The id that everybody's badge of one name and rank has."""
        return self._badge_ids[badge.name, badge.grade, badge.is_tag]

    def is_here(self, member: Member | None) -> bool:
        """Whether an account can still be looked up."""
        return member is not None and member.id in self.members


def _grouped(pairs: Iterable[tuple[_Key, _Row]]) -> defaultdict[_Key, list[_Row]]:
    groups: defaultdict[_Key, list[_Row]] = defaultdict(list)
    for key, row in pairs:
        groups[key].append(row)
    return groups
