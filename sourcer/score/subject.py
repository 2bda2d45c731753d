"""What a piece of evidence is about: its title without whose it is, so that no handle ever earns a point."""

from __future__ import annotations

import re
from typing import Final

from sourcer.skills.matcher import words_of

__all__ = ["repository_of", "subject_of", "terms_without_owner", "title_words"]

_OWNED: Final = re.compile(r"^([\w.-]+)/([\w.-]+)")
_OWNED_KINDS: Final = ("repo.", "notebook.", "dataset.", "model.")
_TEXT: Final = "text:"
_HUMPS: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def subject_of(kind: str, title: str) -> str:
    """The title's words that may show a skill.

    ``owner/name: path`` is cut to the name, and the name loses the owner's login: ``ray/ray`` says nothing about Ray.
    """
    if not kind.startswith(_OWNED_KINDS):
        return title
    owned = _OWNED.match(title)
    if owned is None:
        return title
    owner, name = owned.groups()
    if title.isascii() and owner.lower() not in name.lower():
        return name  # as nearly always: no pattern is made for one owner
    return re.sub(re.escape(owner), " ", name, flags=re.IGNORECASE)


def terms_without_owner(title: str, subject: str, terms: tuple[str, ...]) -> tuple[str, ...]:
    """The terms of a repository, where a text that is just its name says no more than the subject of its title."""
    name = _TEXT + title.partition("/")[2]
    if name not in terms:
        return terms
    return tuple(_TEXT + subject if term == name else term for term in terms)


def repository_of(kind: str, title: str) -> str:
    """The ``owner/name`` that evidence of a repository carries before the path; empty for other evidence."""
    if not kind.startswith("repo."):
        return ""
    owned = _OWNED.match(title)
    return owned[0] if owned else title


def title_words(subject: str) -> str:
    """The folded words of a subject with one space between, as the discounts' patterns expect them.

    ``PyTorchTutorial`` has a second line with what its capitals part.
    """
    plain = " ".join(words_of(subject))
    parted = _HUMPS.sub(" ", subject)
    return plain if parted == subject else f"{plain}\n{' '.join(words_of(parted))}"
