"""The cheap look: profiles, fifty in one request."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Final

from sourcer.connect import Done, Gone, Item, Unknown, Visit
from sourcer_kaggle.api.client import Client
from sourcer_kaggle.api.discovery import NOT_TOLD, PAGE, SEARCH
from sourcer_kaggle.api.observe import profile_of, ref_of
from sourcer_kaggle.api.wire import Document, items_of

__all__ = ["look_cheap"]

_MOST_PAGES: Final = 10
"""Of one batch, should the API give fewer documents at once than are asked for."""


async def look_cheap(client: Client, visits: Sequence[Visit]) -> AsyncIterator[Item]:
    """Look at a batch of people; each is closed.

    Raises:
        AnswerError: The batch came to nothing.
    """
    uids = [int(visit.ref.uid) for visit in visits if visit.ref.uid.isascii() and visit.ref.uid.isdecimal()]
    documents, whole = await _read(client, uids) if uids else ({}, True)
    for visit in visits:
        document = documents.get(visit.ref.uid)
        if document is not None:
            for item in _items(visit, document):
                yield item
        elif whole:
            yield Gone(visit.ref, "Kaggle's search knows no such person")
        else:
            yield Unknown(visit.ref, "*", "Kaggle's search did not answer for this person")
            yield Done(visit.ref)


async def _read(client: Client, uids: list[int]) -> tuple[dict[str, Document], bool]:
    """Documents by user id, and whether those that are missing do not exist."""
    found: dict[str, Document] = {}
    filters = {"documentTypes": ["USER"], "userFilters": {"userIds": uids}}
    token, whole = "", True
    for _ in range(_MOST_PAGES):
        body = {"filters": filters, "pageSize": PAGE, **({"pageToken": token} if token else {})}
        answer = await client.call(SEARCH, body)
        for document in items_of(Document, answer, "documents"):
            if document is None or document.owner_user is None or not document.owner_user.id:
                whole = False
            else:
                found[str(document.owner_user.id)] = document
        following = answer.get("nextPageToken")
        if not isinstance(following, str) or following in ("", token) or len(found) >= len(uids):
            return found, whole
        token = following
    return found, False


def _items(visit: Visit, document: Document) -> list[Item]:
    current = ref_of(document.owner_user)
    if current is None:
        return [Gone(visit.ref, "no candidate: staff, an organisation, or opted out of Kaggle's progression")]
    unknowns = [Unknown(current, what, reason) for what, reason in NOT_TOLD.items()]
    # It adds no evidence: how much a deep look would pay is told by what is stored. At first that is a title that a
    # search found, which tells too little: nobody knows.
    return [profile_of(current, document), *unknowns, Done(current, unchanged=visit.seen_at is not None)]
