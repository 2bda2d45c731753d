"""From a person's rows to what a connector yields: profile, evidence, and what is unknown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sourcer.connect import Done, Item, Ref, Unknown
from sourcer_stackoverflow import facts
from sourcer_stackoverflow.dump.columns import moment
from sourcer_stackoverflow.dump.index import Account, Answer, Badge, Question
from sourcer_stackoverflow.dump.load import LoadedDump
from sourcer_stackoverflow.observe import (
    account_items,
    answer_items,
    badge_evidence,
    question_items,
    ref_of,
    tag_items,
)

__all__ = ["SCOPE", "person_items"]

SCOPE: Final = ("answer.*", "question.*", "tag.score", "badge.tag", "profile.text")
"""What a dump tells about everybody."""


def person_items(dump: LoadedDump, site: str, account: Account) -> Iterator[Item]:
    """Everything the dump tells about one person, closed by :class:`Done`."""
    ref = ref_of(site, account.uid)
    answers = [_answer(row) for row in dump.index.answers(account.uid)]
    yield ref
    yield from account_items(ref, _account(account))
    yield from answer_items(ref, answers)
    yield from question_items(ref, [_question(row) for row in dump.index.questions(account.uid)])
    yield from tag_items(ref, facts.tag_sums(answers))
    yield from (badge_evidence(ref, _badge(row)) for row in dump.index.badges(account.uid))
    yield from _unknowns(dump, ref, account.uid)
    yield Done(ref, SCOPE)


def _account(row: Account) -> facts.Account:
    return facts.Account(
        uid=row.uid,
        name=row.name,
        location=row.location,
        website=row.website,
        about=row.about,
        reputation=row.reputation,
        views=row.views,
        up_votes=row.up_votes,
        down_votes=row.down_votes,
        network_id=row.network_id,
        created=moment(row.created),
    )


def _answer(row: Answer) -> facts.Answer:
    return facts.Answer(
        id=row.id,
        score=row.score,
        accepted=bool(row.accepted) if row.known else None,
        wiki=bool(row.wiki),
        tags=_split(row.tags),
        title=row.title,
        written=moment(row.created),
        licence=row.licence,
        bounty=row.bounty,
        wanted=bool(row.wanted),
    )


def _question(row: Question) -> facts.Question:
    return facts.Question(
        id=row.id,
        score=row.score,
        answers=row.answers,
        views=row.views,
        wiki=bool(row.wiki),
        tags=_split(row.tags),
        title=row.title,
        written=moment(row.created),
        licence=row.licence,
        wanted=bool(row.wanted),
    )


def _badge(row: Badge) -> facts.Badge:
    return facts.Badge(row.rank, row.tag, moment(row.awarded))


def _unknowns(dump: LoadedDump, ref: Ref, uid: int) -> Iterator[Unknown]:
    """What the dump would tell if it were whole."""
    posts = dump.ledger.lost("posts", uid)
    if posts:
        yield from (Unknown(ref, what, posts) for what in ("answer.*", "question.*", "tag.score"))
    badges = dump.badges_unknown or dump.ledger.lost("badges", uid)
    if badges:
        yield Unknown(ref, "badge.tag", badges)


def _split(tags: str | None) -> tuple[str, ...]:
    return tuple(tags.split("|")) if tags else ()
