"""Contact details that people write into free text, taken out before anything is stored.

They are personal data that nobody gave for being collected; ``[privacy] store_contacts`` keeps them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from sourcer.connect import Done, Evidence, Item, Json, Profile

__all__ = ["REMOVED", "without_contacts"]

REMOVED: Final = "[contact removed]"

_EMAIL: Final = re.compile(r"(?:mailto:)?[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.UNICODE)


def without_contacts(item: Item) -> Item:
    """The same item; e-mail addresses in its texts become :data:`REMOVED`, links that are addresses are dropped."""
    if isinstance(item, Evidence):
        if "@" not in item.title and not any("@" in term for term in item.terms):
            return item
        return replace(item, title=_clean(item.title), terms=tuple(_clean(term) for term in item.terms))
    if isinstance(item, Profile):
        links = tuple(link for link in item.links if not _EMAIL.search(link.url))
        website = None if item.website and _EMAIL.search(item.website) else item.website
        return replace(
            item,
            links=links,
            website=website,
            name=_maybe(item.name),
            location=_maybe(item.location),
            bio=_maybe(item.bio),
            company=_maybe(item.company),
        )
    if isinstance(item, Done) and item.state is not None:
        return replace(item, state=_cleaned(item.state))
    return item


def _cleaned(value: Json) -> Json:
    """A connector's memory, as deep as it goes."""
    if isinstance(value, str):
        return _clean(value)
    if isinstance(value, Mapping):
        return {key: _cleaned(inner) for key, inner in value.items()}
    return [_cleaned(inner) for inner in value] if isinstance(value, list | tuple) else value


def _maybe(text: str | None) -> str | None:
    return None if text is None else _clean(text)


def _clean(text: str) -> str:
    # The sign alone costs nothing to look for, and most texts have none.
    return _EMAIL.sub(REMOVED, text) if "@" in text else text
