"""What of a connector's items is stored: those that keep to the contract, without contact details."""

from __future__ import annotations

from collections.abc import Iterable

from sourcer.connect import Evidence, Item, Ref, Unknown
from sourcer.connect.items import check_item
from sourcer.crawl.contacts import without_contacts
from sourcer.crawl.tally import Tally

__all__ = ["ItemGate", "terms_by_ref"]


class ItemGate:
    """Lets good items in and counts the others.

    Args:
        sites: The sites that the connector serves.
        tally: Where bad items are counted.
        store_contacts: Whether contact details in texts are kept.
    """

    def __init__(self, sites: tuple[str, ...], tally: Tally, *, store_contacts: bool) -> None:
        self._sites = sites
        self._tally = tally
        self._store_contacts = store_contacts

    def admit(self, item: Item) -> Item | None:
        """The item as it is stored; of a bad piece of evidence at least its being unknown, else ``None``."""
        wrong = check_item(item, self._sites)
        if wrong is None:
            return item if self._store_contacts else without_contacts(item)
        ref = item if isinstance(item, Ref) else getattr(item, "ref", None)
        self._tally.error("invalid_item", wrong, ref.site if isinstance(ref, Ref) else "")
        if isinstance(item, Evidence):
            unknown = Unknown(item.ref, item.kind, "the connector gave an item that cannot be stored")
            return unknown if check_item(unknown, self._sites) is None else None
        return None


def terms_by_ref(items: Iterable[Item]) -> dict[Ref, dict[tuple[str, str], tuple[str, ...]]]:
    """The terms of each account's evidence, by kind and key."""
    terms: dict[Ref, dict[tuple[str, str], tuple[str, ...]]] = {}
    for item in items:
        if isinstance(item, Evidence):
            terms.setdefault(item.ref, {})[item.kind, item.key or item.url] = item.terms
    return terms
