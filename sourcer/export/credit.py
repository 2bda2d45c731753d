"""Whose the texts are that leave: author, licence and address go with each, as CC BY-SA asks of who passes it on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from sourcer.store.reads import PersonFacts, StoredEvidence

__all__ = ["CREDITING", "QUOTING", "credits_of", "credits_of_bio"]

QUOTING: Final = frozenset({"bio", "why", "evidence", *(f"evidence_{place}" for place in range(1, 6))})
"""Fields that may hold somebody's text."""
CREDITING: Final = frozenset({"attribution", "summary"})
"""Fields that say whose."""

_ABOUT: Final = "profile.text"
_ANSWER: Final = "answer."
_QUESTION: Final = "question.asked"


def credits_of(facts: PersonFacts, pieces: Iterable[StoredEvidence]) -> tuple[str, ...]:
    """Whose the texts of evidence are, each once; what stands under no such licence needs nothing said."""
    return tuple(dict.fromkeys(_credit(facts, piece) for piece in pieces if piece.licence))


def credits_of_bio(facts: PersonFacts) -> tuple[str, ...]:
    """Whose the texts are that profiles hold about their owners."""
    with_bio = {(profile.site, profile.uid) for profile in facts.profiles if profile.bio}
    texts = (piece for piece in facts.evidence if piece.kind == _ABOUT and (piece.site, piece.uid) in with_bio)
    return credits_of(facts, texts)


def _credit(facts: PersonFacts, piece: StoredEvidence) -> str:
    by = _by(facts, piece)
    if piece.kind.startswith(_ANSWER):
        # The title is the question's, which somebody else has asked.
        return f"answer {by}" + "".join(f", to the {told}" for told in _question_of(facts, piece))
    if piece.kind == _ABOUT:
        return f"profile text {by}"
    title = f'"{piece.title}"' if piece.title else piece.kind
    return f"question {title} {by}" if piece.kind == _QUESTION else f"{title} {by}"


def _by(facts: PersonFacts, piece: StoredEvidence) -> str:
    names = (one.name or one.login for one in facts.profiles if (one.site, one.uid) == (piece.site, piece.uid))
    author = next(names, None) or f"{piece.site}:#{piece.uid}"
    return f"by {author} ({piece.licence}, {piece.url})"


def _question_of(facts: PersonFacts, answer: StoredEvidence) -> Iterator[str]:
    """The question that was answered; a site lets no two have one title, so that one's own are told by it."""
    if not answer.title:
        return
    own = (one for one in facts.evidence if one.kind == _QUESTION and one.site == answer.site)
    asked = next((one for one in own if one.title == answer.title and one.licence), None)
    yield _credit(facts, asked) if asked is not None else f'question "{answer.title}"'
