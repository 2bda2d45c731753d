"""The cheap look: profiles, fifty in one request."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sourcer.connect import AnswerError, Done, Gone, Item, Unknown, Visit
from sourcer_kaggle.api.client import Client
from sourcer_kaggle.api.discovery import NOBODY, NOT_TOLD, PAGE, SEARCH
from sourcer_kaggle.api.observe import is_nobody, profile_of, ref_of
from sourcer_kaggle.api.wire import Document, items_of, total_of

__all__ = ["look_cheap"]

_MOST_PAGES: Final = 10
"""Of one batch, should the API give fewer documents at once than are asked for."""


@dataclass(slots=True)
class _Told:
    """What a search told about the people who were asked for.

    Args:
        found: Documents by user id.
        is_sound: Everything that came could be read, and is about somebody who was asked for.
        is_whole: The search came to its end: who is missing does not exist.
    """

    found: dict[str, Document] = field(default_factory=dict)
    is_sound: bool = True
    is_whole: bool = False

    def take(self, answer: Mapping[str, Any], asked: Collection[int]) -> None:
        """Take a page in."""
        for document in items_of(Document, answer, "documents"):
            owner = document.owner_user if document is not None else None
            if document is None or owner is None or owner.id not in asked:
                self.is_sound = False
            else:
                self.found[str(owner.id)] = document

    def end(self, answer: Mapping[str, Any]) -> None:
        """Judge by the last page whether this was everybody."""
        total = total_of(answer)
        self.is_whole = self.is_sound and total is not None and len(self.found) >= total


async def look_cheap(client: Client, visits: Sequence[Visit]) -> AsyncIterator[Item]:
    """Look at a batch of people; each is closed.

    Raises:
        AnswerError: The batch came to nothing.
    """
    uids = [int(visit.ref.uid) for visit in visits if visit.ref.uid.isascii() and visit.ref.uid.isdecimal()]
    told = await _read(client, uids) if uids else _Told(is_whole=True)
    if uids and told.is_whole and not told.found:
        # A search that heeds no filter, or knows nobody for a while, looks the same.
        told = await _read_beside_another(client, uids)
    for visit in visits:
        for item in _items(visit, told):
            yield item


async def _read(client: Client, uids: Sequence[int]) -> _Told:
    told = _Told()
    filters = {"documentTypes": ["USER"], "userFilters": {"userIds": list(uids)}}
    token: Any = ""
    for _ in range(_MOST_PAGES):
        body = {"filters": filters, "pageSize": PAGE, **({"pageToken": token} if token else {})}
        answer = await client.call(SEARCH, body, "documents")
        told.take(answer, uids)
        following = answer.get("nextPageToken") or ""
        if not following:
            told.end(answer)
        if not isinstance(following, str) or following in ("", token) or len(told.found) >= len(uids):
            break
        token = following
    return told


async def _read_beside_another(client: Client, uids: list[int]) -> _Told:
    """Ask again, together with somebody who is there: if the search finds them alone, the others do not exist."""
    try:
        answer = await client.call(SEARCH, {"filters": {"documentTypes": ["USER"]}, "pageSize": 1}, "documents")
        owners = [one.owner_user for one in items_of(Document, answer, "documents") if one is not None]
        known = next((owner.id for owner in owners if owner is not None and owner.id), None)
        told = await _read(client, [*uids, known]) if known else _Told()
    except AnswerError:
        return _Told()
    told.is_whole = told.is_whole and str(known) in told.found
    return told


def _items(visit: Visit, told: _Told) -> list[Item]:
    document = told.found.get(visit.ref.uid)
    if document is None and (told.is_whole or not visit.ref.uid.isdecimal()):
        return [Gone(visit.ref, "Kaggle's search knows no such person")]
    owner = document.owner_user if document is not None else None
    if owner is not None and is_nobody(owner):
        return [Gone(visit.ref, NOBODY)]
    current = ref_of(owner)
    if document is None or current is None:
        return [Unknown(visit.ref, "*", "Kaggle's search did not answer for this person"), Done(visit.ref)]
    unknowns = [Unknown(current, what, reason) for what, reason in NOT_TOLD.items()]
    # It adds no evidence: how much a deep look would pay is told by what is stored. At first that is a title that a
    # search found, which tells too little: nobody knows.
    return [profile_of(current, document), *unknowns, Done(current, unchanged=visit.seen_at is not None)]
