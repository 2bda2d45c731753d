"""The manners of Kaggle's API as data.

Sources: the official packages ``kaggle`` and ``kagglesdk``: shapes of errors, how long the client waits after a 429.
They publish no quota, so that the answers alone say when it is spent.
"""

from __future__ import annotations

from typing import Final

from sourcer.connect import Bucket, Refusal, SitePolicy
from sourcer_kaggle.sites import PROFILE_URLS

__all__ = ["BUCKET", "POLICY"]

BUCKET: Final = "requests"

_CODES: Final = ("json:code", "json:error.code")
"""Where an error says what it is: the API also says so within HTTP 200."""

_ANY: Final = ("",)
"""Whatever stands there: every text holds the empty one."""

_NOT_ABOUT_US: Final = tuple(set(range(400, 500)) - {401, 404, 405, 410, 429})
"""Refusals that are about a single question where they say which. 404, 405 and 410 tell of a wrong address."""

POLICY: Final = SitePolicy(
    # One at a time, at most ten a second: what a person with the official client would ask at best.
    buckets=(Bucket(BUCKET, limit=None, pace=0.1, concurrency=1),),
    refusals=(
        Refusal((429,), "limit", wait=10.0),
        *(Refusal((200,), "limit", equals=(place, "429"), wait=10.0) for place in _CODES),
        *(Refusal((200,), "denied", equals=(place, "401")) for place in _CODES),
        *(Refusal((200,), "retry", equals=(place, code)) for place in _CODES for code in ("500", "502", "503", "504")),
        Refusal((401,), "denied"),
        *(Refusal(_NOT_ABOUT_US, "item", where=place, words=_ANY) for place in _CODES),
        # The API's own errors have a code. A page is of a gateway that lets nobody through: a ban, or maintenance.
        Refusal(_NOT_ABOUT_US, "limit", whole_site=True),
    ),
    profile_urls=PROFILE_URLS,
)
"""Bucket and refusals of the API, and how a profile's address is written. Other codes are the connector's to read."""
