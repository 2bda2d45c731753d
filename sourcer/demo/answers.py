"""Questions, answers, reputation and tag badges of an invented Stack Exchange site."""

from __future__ import annotations

import tomllib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from random import Random
from typing import Final

from sourcer.demo.build import Builder, moment
from sourcer.demo.model import TODAY, Member, Person, Post, dice
from sourcer.demo.trades import own_words, read_trades

__all__ = ["award", "converse"]

_QUESTIONS_PER_PERSON: Final = 3
_OPENED: Final = datetime(2013, 1, 1, tzinfo=UTC)
# The world is small: its badges come a fifth as dear as the real ones (scores of 1,000, 400 and 100).
_GRADES: Final = ((1, 60), (2, 30), (3, 12))
_DAYS: Final = timedelta(days=20)
_BOUNTIES: Final = (50, 50, 100, 250)


@cache
def _titles() -> dict[str, list[tuple[str, list[str]]]]:
    text = files("sourcer.demo").joinpath("questions.toml").read_text(encoding="utf-8")
    return {tag: [(title, more) for title, more in rows] for tag, rows in tomllib.loads(text)["titles"].items()}


def converse(builder: Builder, rng: Random, tags: Sequence[str] = ()) -> None:
    """Let the members of the builder's site ask and answer each other: by trade, and the seniors better.

    A question is answered by those whose trade has its first tag. Who is nowhere else answers what their trade alone
    is asked, too: there is no other place where they could show it.

    Args:
        builder: Of that site.
        rng: Their chance.
        tags: What is asked about there; by default everything.
    """
    site = builder.community.name
    members = {person: member for person in builder.world.people if (member := person.member_on(site)) is not None}
    if not members:
        return
    experts: dict[str, list[Person]] = defaultdict(list)
    for person in members:
        for tag in read_trades()[person.trade].tags:
            experts[tag].append(person)
    asked = tags or sorted(_titles())
    times: list[tuple[datetime, Person | None]] = [
        (_some_time(rng), None) for _ in range(_QUESTIONS_PER_PERSON * len(members))
    ]
    times += [
        (moment(rng, max(_OPENED, members[one].created_at), TODAY - _DAYS), one) for one in members for _ in _alone(one)
    ]
    for at, somebody in sorted(times, key=lambda one: one[0]):
        joined = [member for member in members.values() if member.created_at < at]
        # Some who asked have deleted their accounts since.
        asker = rng.choice(joined) if joined and rng.random() < 0.95 else None  # noqa: PLR2004
        if somebody is not None and asker is members[somebody]:
            asker = None
        tag = rng.choice(_own_tags(somebody, asked) if somebody is not None else asked)
        question = _ask(builder, rng, asker, at, tag)
        able = {members[person]: person for person in ([somebody] if somebody else experts[question.tags[0]])}
        _answer(builder, rng, question, able)


def _own_tags(person: Person, asked: Sequence[str]) -> list[str]:
    """What a trade alone is asked about; of one that shares all its tags with others, any of those."""
    tags = [tag for tag in read_trades()[person.trade].tags if tag in asked]
    return [tag for tag in tags if tag in own_words(person.trade)] or tags or list(asked)


def _alone(person: Person) -> range:
    """How many questions of their trade somebody answers who is on Stack Exchange alone."""
    return range(2 + 2 * person.level if person.github is None else 0)


def _some_time(rng: Random) -> datetime:
    """Recent years more often: members have joined one after the other."""
    span = TODAY - timedelta(days=20) - _OPENED
    return _OPENED + timedelta(seconds=int(span.total_seconds() * rng.random() ** 0.5))


def _ask(builder: Builder, rng: Random, asker: Member | None, at: datetime, tag: str) -> Post:
    title, more = rng.choice(_titles()[tag])
    score = rng.choice((-2, -1, 0, 0, 0, 1, 1, 2, 3, 5, 9))
    return builder.question(asker, at, title, (tag, *more), score=score, views=rng.randint(12, 9000))


def _answer(builder: Builder, rng: Random, question: Post, able: Mapping[Member, Person]) -> None:
    there = [member for member in able if member is not question.owner and member.created_at < question.created_at]
    there.sort(key=lambda member: member.id)
    chosen: list[Member] = []
    for _ in range(min(rng.choice((0, 1, 1, 2, 2, 3)), len(there)) if len(able) > 1 else len(there)):
        member = rng.choices(there, [able[one].level ** 2 for one in there])[0]
        if member not in chosen:
            chosen.append(member)
    for member in chosen:
        level = able[member].level
        at = moment(rng, question.created_at, min(TODAY, question.created_at + timedelta(days=19)))
        score = max(-3, int(rng.gauss(level**2, level)) - 1)
        answer = builder.answer(question, member, at, score=score)
        if question.accepted_id is None and rng.random() < 0.15 + 0.2 * level:
            question.accepted_id = answer.id
            chance = dice(builder.world.seed, "bounty", builder.community.name, answer.id)
            answer.bounty = chance.choice(_BOUNTIES) if chance.random() < 0.06 else 0  # noqa: PLR2004


def award(builder: Builder) -> None:
    """Count reputation and give badges for what was posted."""
    site = builder.community
    by_id = {post.id: post for post in site.posts}
    earned: dict[int, Counter[str]] = defaultdict(Counter)
    for post in site.posts:
        if post.owner is None:
            continue
        question = post if post.is_question else by_id.get(post.parent_id or 0)
        accepted = question is not None and question.accepted_id == post.id
        post.owner.reputation += max(0, post.score) * (5 if post.is_question else 10) + 15 * accepted
        if question is not None and not post.is_question:
            earned[post.owner.id].update(dict.fromkeys(question.tags, post.score))
    for member in site.members:
        member.views, member.up_votes = member.reputation // 10, member.reputation // 20
        builder.badge(member, "Informed", 3, is_tag=False, at=member.created_at)
        for tag, score in sorted(earned[member.id].items()):
            for grade, least in _GRADES:
                if score >= least:
                    builder.badge(member, tag, grade, is_tag=True)
