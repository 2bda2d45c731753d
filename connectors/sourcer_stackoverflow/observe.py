"""From what is known of a person to what a connector yields: the same items whichever way it was learned."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from sourcer.connect import Evidence, Item, LinkClaim, Profile, Ref, Unknown
from sourcer_stackoverflow.facts import (
    BEST_ANSWERS,
    BEST_QUESTIONS,
    BEST_TAGS,
    NEWEST_ANSWERS,
    Account,
    Answer,
    Badge,
    Question,
    TagSum,
    kept_answers,
    kept_questions,
    kept_tags,
)
from sourcer_stackoverflow.licence import licence_of, licence_of_profile
from sourcer_stackoverflow.sites import answer_url, network_url, profile_url, question_url, tag_url
from sourcer_stackoverflow.texts import read_html, web_url

__all__ = [
    "account_items",
    "answer_items",
    "badge_evidence",
    "one_answer",
    "question_items",
    "ref_of",
    "tag_evidence",
    "tag_items",
]

_LONGEST_TEXT: Final = 2_000
_RANKS: Final = {1: "gold", 2: "silver", 3: "bronze"}


def ref_of(site: str, uid: int) -> Ref:
    """A person; ids of two sites never mix, for the site is part of the key."""
    return Ref(site, str(uid), str(uid))


def account_items(ref: Ref, account: Account, elsewhere: Iterable[str] = ()) -> Iterator[Item]:
    """The profile, and its text as evidence.

    Args:
        ref: Whose it is.
        account: What it says.
        elsewhere: Addresses of the same person on other sites, by the network's own account id.
    """
    about, links = read_html(account.about)
    website = web_url(account.website)
    claims = [LinkClaim(website, "website")] if website else []
    claims += [LinkClaim(link, "about_me") for link in links]
    if account.network_id and account.network_id > 0:
        claims.append(LinkClaim(network_url(account.network_id), "account_id"))
    claims += [LinkClaim(url, "account_id") for url in elsewhere]
    measure = {
        "reputation": account.reputation,
        "views": account.views,
        "up_votes": account.up_votes,
        "down_votes": account.down_votes,
    }
    url = profile_url(ref.site, account.uid)
    yield Profile(
        ref,
        url,
        name=_plain(account.name),
        location=_plain(account.location),
        bio=about or None,
        website=website,
        links=tuple(claims),
        measure=_known(measure),
        created_at=account.created,
    )
    if about:
        text = (f"text:{about[:_LONGEST_TEXT]}",)
        yield Evidence(ref, "profile.text", url, text, key="about_me", licence=licence_of_profile(account.created))


def answer_items(ref: Ref, answers: list[Answer]) -> Iterator[Item]:
    """Those of somebody's answers that are kept one by one, and what is left out; all of them must be given."""
    yield from (one_answer(ref, answer) for answer in kept_answers(answers))
    if len(answers) > BEST_ANSWERS + NEWEST_ANSWERS:
        # It also keeps earlier evidence from being taken for vanished.
        kept = f"the {BEST_ANSWERS} best and {NEWEST_ANSWERS} newest are kept one by one; tag.score counts all"
        yield Unknown(ref, "answer.*", f"{len(answers)} answers: {kept}")


def one_answer(ref: Ref, answer: Answer) -> Evidence:
    """An answer. Whether it was accepted stands with the question: without that it is unknown."""
    measure = {
        "score": answer.score,
        "accepted": None if answer.accepted is None else int(answer.accepted),
        "community_wiki": int(answer.wiki),
        "bounty": answer.bounty or None,
    }
    return Evidence(
        ref,
        "answer.accepted" if answer.accepted else "answer.given",
        answer_url(ref.site, answer.id),
        _terms(answer.tags),
        _known(measure),
        _plain(answer.title) or "",
        answer.written,
        str(answer.id),
        licence_of(answer.licence, answer.written),
    )


def question_items(ref: Ref, questions: list[Question]) -> Iterator[Item]:
    """Those of somebody's questions that are kept, and what is left out; all of them must be given."""
    yield from (_question(ref, question) for question in kept_questions(questions))
    if len(questions) > BEST_QUESTIONS:
        yield Unknown(ref, "question.asked", f"{len(questions)} questions: the {BEST_QUESTIONS} best are kept")


def _question(ref: Ref, question: Question) -> Evidence:
    measure = {
        "score": question.score,
        "answers": question.answers,
        "views": question.views,
        "community_wiki": int(question.wiki),
    }
    return Evidence(
        ref,
        "question.asked",
        question_url(ref.site, question.id),
        _terms(question.tags),
        _known(measure),
        _plain(question.title) or "",
        question.written,
        str(question.id),
        licence_of(question.licence, question.written),
    )


def tag_items(ref: Ref, tags: dict[str, TagSum]) -> Iterator[Item]:
    """What somebody's answers add up to in each of their best tags, and what is left out."""
    yield from (tag_evidence(ref, tag, tag_sum) for tag, tag_sum in kept_tags(tags).items())
    if len(tags) > BEST_TAGS:
        yield Unknown(ref, "tag.score", f"answers in {len(tags)} tags: the {BEST_TAGS} best are kept")


def tag_evidence(ref: Ref, tag: str, tag_sum: TagSum, kind: str = "tag.score") -> Evidence:
    """What somebody's answers add up to in one tag, dated by the newest where that is known."""
    return Evidence(
        ref,
        kind,
        tag_url(ref.site, int(ref.uid), tag),
        _terms((tag,)),
        {"score": tag_sum.score, "answers": tag_sum.answers},
        tag,
        tag_sum.newest,
        f"tag:{tag}",
    )


def badge_evidence(ref: Ref, badge: Badge) -> Evidence:
    """A tag badge."""
    return Evidence(
        ref,
        "badge.tag",
        f"{profile_url(ref.site, int(ref.uid))}?tab=badges",
        _terms((badge.tag,)),
        {"class": badge.rank},
        badge.tag,
        badge.awarded,
        f"{_RANKS[badge.rank]}:{badge.tag}",
    )


def _terms(tags: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"tag:{tag}" for tag in tags)


def _plain(text: str | None) -> str | None:
    return " ".join(text.split()) or None if text else None


def _known(measure: Mapping[str, int | None]) -> dict[str, float]:
    return {unit: value for unit, value in measure.items() if value is not None}
