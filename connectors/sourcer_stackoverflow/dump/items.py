"""From a person's rows to what a connector yields: profile, evidence, and what is unknown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import nlargest, nsmallest
from typing import Final

from sourcer.connect import Done, Evidence, Item, LinkClaim, Profile, Ref, Unknown, parse_time
from sourcer_stackoverflow.dump.columns import moment
from sourcer_stackoverflow.dump.index import Account, Answer, Badge, Question
from sourcer_stackoverflow.dump.load import LoadedDump
from sourcer_stackoverflow.licence import licence_of
from sourcer_stackoverflow.sites import answer_url, profile_url, question_url, tag_url
from sourcer_stackoverflow.texts import read_html, web_url

__all__ = ["SCOPE", "person_items"]

SCOPE: Final = ("answer.*", "question.*", "tag.score", "badge.tag", "profile.text")
"""What a dump tells about everybody."""

_BEST_ANSWERS: Final = 150
_NEWEST_ANSWERS: Final = 50
_BEST_QUESTIONS: Final = 50
_BEST_TAGS: Final = 100
_LONGEST_TEXT: Final = 2_000
_RANKS: Final = {1: "gold", 2: "silver", 3: "bronze"}


def person_items(dump: LoadedDump, site: str, account: Account) -> Iterator[Item]:
    """Everything the dump tells about one person, closed by :class:`Done`."""
    ref = Ref(site, str(account.uid), str(account.uid))
    about, links = read_html(account.about)
    answers, questions = dump.index.answers(account.uid), dump.index.questions(account.uid)
    tags = _tag_sums(answers)
    yield ref
    yield _profile(ref, account, about, links)
    yield from (_answer(ref, answer) for answer in _kept_answers(answers))
    yield from (_question(ref, question) for question in _kept_questions(questions))
    yield from (_tag(ref, tag, tags[tag]) for tag in _kept_tags(tags))
    yield from (_badge(ref, badge) for badge in dump.index.badges(account.uid))
    if about:
        yield Evidence(
            ref,
            "profile.text",
            profile_url(site, account.uid),
            (f"text:{about[:_LONGEST_TEXT]}",),
            key="about_me",
            licence="CC BY-SA",
        )
    yield from _unknowns(dump, ref, account.uid)
    yield from _capped(ref, len(answers), len(questions), len(tags))
    yield Done(ref, SCOPE)


def _profile(ref: Ref, account: Account, about: str, links: tuple[str, ...]) -> Profile:
    website = web_url(account.website)
    claims = [LinkClaim(website, "website")] if website else []
    claims += [LinkClaim(link, "about_me") for link in links]
    if account.network_id and account.network_id > 0:
        claims.append(LinkClaim(f"https://stackexchange.com/users/{account.network_id}", "account_id"))
    measure = {
        "reputation": account.reputation,
        "views": account.views,
        "up_votes": account.up_votes,
        "down_votes": account.down_votes,
    }
    return Profile(
        ref,
        profile_url(ref.site, account.uid),
        name=_plain(account.name),
        location=_plain(account.location),
        bio=about or None,
        website=website,
        links=tuple(claims),
        measure=_known(measure),
        created_at=parse_time(account.created),
    )


def _answer(ref: Ref, answer: Answer) -> Evidence:
    written = moment(answer.created)
    # Whether it was accepted stands with the question: without it, that is unknown.
    accepted = int(bool(answer.accepted)) if answer.known else None
    return Evidence(
        ref,
        "answer.accepted" if accepted else "answer.given",
        answer_url(ref.site, answer.id),
        _terms(answer.tags),
        _known({"score": answer.score, "accepted": accepted, "community_wiki": answer.wiki}),
        _plain(answer.title) or "",
        written,
        str(answer.id),
        licence_of(answer.licence, written),
    )


def _question(ref: Ref, question: Question) -> Evidence:
    written = moment(question.created)
    measure = {
        "score": question.score,
        "answers": question.answers,
        "views": question.views,
        "community_wiki": question.wiki,
    }
    return Evidence(
        ref,
        "question.asked",
        question_url(ref.site, question.id),
        _terms(question.tags),
        _known(measure),
        _plain(question.title) or "",
        written,
        str(question.id),
        licence_of(question.licence, written),
    )


@dataclass(slots=True)
class _TagSum:
    """A person's answers in one tag, without community wikis, as the site counts for its tag badges."""

    score: int = 0
    answers: int = 0
    newest: int | None = None
    wanted: bool = False


def _tag_sums(answers: list[Answer]) -> dict[str, _TagSum]:
    sums: defaultdict[str, _TagSum] = defaultdict(_TagSum)
    for answer in answers:
        for tag in _split(answer.tags) if not answer.wiki else ():
            tag_sum = sums[tag]
            tag_sum.score += answer.score or 0
            tag_sum.answers += 1
            tag_sum.newest = max(filter(None, (tag_sum.newest, answer.created)), default=None)
            tag_sum.wanted = tag_sum.wanted or bool(answer.wanted)
    return sums


def _tag(ref: Ref, tag: str, tag_sum: _TagSum) -> Evidence:
    return Evidence(
        ref,
        "tag.score",
        tag_url(ref.site, int(ref.uid), tag),
        (f"tag:{tag}",),
        {"score": tag_sum.score, "answers": tag_sum.answers},
        tag,
        moment(tag_sum.newest),
        f"tag:{tag}",
    )


def _badge(ref: Ref, badge: Badge) -> Evidence:
    return Evidence(
        ref,
        "badge.tag",
        f"{profile_url(ref.site, int(ref.uid))}?tab=badges",
        (f"tag:{badge.tag}",),
        {"class": badge.rank},
        badge.tag,
        moment(badge.awarded),
        f"{_RANKS[badge.rank]}:{badge.tag}",
    )


def _kept_answers(answers: list[Answer]) -> list[Answer]:
    """The best, those in wanted tags first, and the newest of the others; by id."""
    best = nsmallest(_BEST_ANSWERS, answers, key=_by_score)
    taken = {answer.id for answer in best}
    others = (answer for answer in answers if answer.id not in taken)
    newest = nlargest(_NEWEST_ANSWERS, others, key=lambda answer: (answer.created or 0, answer.id))
    return sorted([*best, *newest])


def _kept_questions(questions: list[Question]) -> list[Question]:
    return sorted(nsmallest(_BEST_QUESTIONS, questions, key=_by_score))


def _by_score(post: Answer | Question) -> tuple[bool, int, int]:
    return not post.wanted, -(post.score or 0), post.id


def _kept_tags(tags: dict[str, _TagSum]) -> list[str]:
    return sorted(nsmallest(_BEST_TAGS, tags, key=lambda tag: (not tags[tag].wanted, -tags[tag].score, tag)))


def _unknowns(dump: LoadedDump, ref: Ref, uid: int) -> Iterator[Unknown]:
    """What the dump would tell if it were whole."""
    posts = dump.ledger.lost("posts", uid)
    if posts:
        yield from (Unknown(ref, what, posts) for what in ("answer.*", "question.*", "tag.score"))
    badges = dump.badges_unknown or dump.ledger.lost("badges", uid)
    if badges:
        yield Unknown(ref, "badge.tag", badges)


def _capped(ref: Ref, answers: int, questions: int, tags: int) -> Iterator[Unknown]:
    """What is left out of somebody's very many posts; it also keeps earlier evidence from being taken for vanished."""
    if answers > _BEST_ANSWERS + _NEWEST_ANSWERS:
        kept = f"the {_BEST_ANSWERS} best and {_NEWEST_ANSWERS} newest are kept one by one; tag.score counts all"
        yield Unknown(ref, "answer.*", f"{answers} answers: {kept}")
    if questions > _BEST_QUESTIONS:
        yield Unknown(ref, "question.asked", f"{questions} questions: the {_BEST_QUESTIONS} best are kept")
    if tags > _BEST_TAGS:
        yield Unknown(ref, "tag.score", f"answers in {tags} tags: the {_BEST_TAGS} best are kept")


def _split(tags: str | None) -> list[str]:
    return tags.split("|") if tags else []


def _terms(tags: str | None) -> tuple[str, ...]:
    return tuple(f"tag:{tag}" for tag in _split(tags))


def _plain(text: str | None) -> str | None:
    return " ".join(text.split()) or None if text else None


def _known(measure: dict[str, int | None]) -> dict[str, float]:
    return {unit: value for unit, value in measure.items() if value is not None}
