"""Questions, answers, reputation and tag badges of the invented Stack Overflow."""

from __future__ import annotations

import tomllib
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from random import Random
from typing import Final

from sourcer.demo.build import Builder, moment
from sourcer.demo.model import TODAY, Member, Person, Post
from sourcer.demo.trades import read_trades

__all__ = ["award", "converse"]

_QUESTIONS_PER_PERSON: Final = 3
_OPENED: Final = datetime(2013, 1, 1, tzinfo=UTC)
# The world is small: its badges come a fifth as dear as the real ones (scores of 1,000, 400 and 100).
_GRADES: Final = ((1, 60), (2, 30), (3, 12))


@cache
def _titles() -> dict[str, list[tuple[str, list[str]]]]:
    text = files("sourcer.demo").joinpath("questions.toml").read_text(encoding="utf-8")
    return {tag: [(title, more) for title, more in rows] for tag, rows in tomllib.loads(text)["titles"].items()}


def converse(builder: Builder, rng: Random) -> None:
    """Let the members of the world ask and answer each other: by trade, and the seniors better."""
    members = [(person, person.stackoverflow) for person in builder.world.people if person.stackoverflow is not None]
    if not members:
        return
    experts: dict[str, list[Person]] = defaultdict(list)
    for person, _ in members:
        for tag in read_trades()[person.trade].tags:
            experts[tag].append(person)
    for at in sorted(_some_time(rng) for _ in range(_QUESTIONS_PER_PERSON * len(members))):
        joined = [member for _, member in members if member.created_at < at]
        # Some who asked have deleted their accounts since.
        asker = rng.choice(joined) if joined and rng.random() < 0.95 else None  # noqa: PLR2004
        question = _ask(builder, rng, asker, at)
        _answer(builder, rng, question, experts)


def _some_time(rng: Random) -> datetime:
    """Recent years more often: members have joined one after the other."""
    span = TODAY - timedelta(days=20) - _OPENED
    return _OPENED + timedelta(seconds=int(span.total_seconds() * rng.random() ** 0.5))


def _ask(builder: Builder, rng: Random, asker: Member | None, at: datetime) -> Post:
    tag = rng.choice(sorted(_titles()))
    title, more = rng.choice(_titles()[tag])
    score = rng.choice((-2, -1, 0, 0, 0, 1, 1, 2, 3, 5, 9))
    return builder.question(asker, at, title, (tag, *more), score=score, views=rng.randint(12, 9000))


def _answer(builder: Builder, rng: Random, question: Post, experts: dict[str, list[Person]]) -> None:
    able = sorted({person for tag in question.tags for person in experts[tag]}, key=_uid)
    able = [person for person in able if person.stackoverflow is not question.owner and _joined(person, question)]
    chosen: list[Person] = []
    for _ in range(min(rng.choice((0, 1, 1, 2, 2, 3)), len(able))):
        person = rng.choices(able, [person.level**2 for person in able])[0]
        if person not in chosen:
            chosen.append(person)
    for person in chosen:
        at = moment(rng, question.created_at, min(TODAY, question.created_at + timedelta(days=19)))
        score = max(-3, int(rng.gauss(person.level**2, person.level)) - 1)
        answer = builder.answer(question, person.stackoverflow, at, score=score)
        if question.accepted_id is None and rng.random() < 0.15 + 0.2 * person.level:
            question.accepted_id = answer.id


def _uid(person: Person) -> int:
    return person.stackoverflow.id if person.stackoverflow is not None else 0


def _joined(person: Person, question: Post) -> bool:
    return person.stackoverflow is not None and person.stackoverflow.created_at < question.created_at


def award(builder: Builder) -> None:
    """Count reputation and give badges for what was posted."""
    by_id = {post.id: post for post in builder.world.posts}
    earned: dict[int, Counter[str]] = defaultdict(Counter)
    for post in builder.world.posts:
        if post.owner is None:
            continue
        question = post if post.is_question else by_id.get(post.parent_id or 0)
        accepted = question is not None and question.accepted_id == post.id
        post.owner.reputation += max(0, post.score) * (5 if post.is_question else 10) + 15 * accepted
        if question is not None and not post.is_question:
            earned[post.owner.id].update(dict.fromkeys(question.tags, post.score))
    for member in builder.world.members:
        builder.badge(member, "Informed", 3, is_tag=False, at=member.created_at)
        for tag, score in sorted(earned[member.id].items()):
            for grade, least in _GRADES:
                if score >= least:
                    builder.badge(member, tag, grade, is_tag=True)
