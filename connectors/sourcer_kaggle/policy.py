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

POLICY: Final = SitePolicy(
    # One at a time, at most ten a second: what a person with the official client would ask at best.
    buckets=(Bucket(BUCKET, limit=None, pace=0.1, concurrency=1),),
    refusals=(
        Refusal((429,), "limit", wait=10.0),
        *(Refusal((200,), "limit", equals=(place, "429"), wait=10.0) for place in _CODES),
        *(Refusal((200,), "denied", equals=(place, "401")) for place in _CODES),
        *(Refusal((200,), "retry", equals=(place, code)) for place in _CODES for code in ("500", "502", "503", "504")),
        Refusal((401,), "denied"),
    ),
    profile_urls=PROFILE_URLS,
)
"""Bucket and refusals of the API, and how a profile's address is written. Other codes are the connector's to read."""
