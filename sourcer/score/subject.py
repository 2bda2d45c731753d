"""What a piece of evidence is about: its title without whose it is, so that no handle ever earns a point."""

from __future__ import annotations

import re
from typing import Final

from sourcer.skills.matcher import words_of

__all__ = ["repository_of", "subject_of", "title_words"]

_OWNED: Final = re.compile(r"^([\w.-]+)/([\w.-]+)")
_OWNED_KINDS: Final = ("repo.", "notebook.", "dataset.", "model.")


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


def repository_of(kind: str, title: str) -> str:
    """The ``owner/name`` that evidence of a repository carries before the path; empty for other evidence."""
    if not kind.startswith("repo."):
        return ""
    owned = _OWNED.match(title)
    return owned[0] if owned else title


def title_words(subject: str) -> str:
    """The folded words of a subject with one space between, as the discounts' patterns expect them."""
    return " ".join(words_of(subject))
