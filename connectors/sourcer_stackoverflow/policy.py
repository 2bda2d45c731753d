"""The manners of the Stack Exchange API 2.3 as data.

Sources: api.stackexchange.com/docs/throttle, /docs/wrapper and /docs/error-handling.
"""

from __future__ import annotations

from typing import Final

from sourcer.connect import Bucket, Quota, Refusal, SitePolicy
from sourcer_stackoverflow.sites import PROFILE_URLS

__all__ = ["BUCKET", "POLICY"]

BUCKET: Final = "requests"

_REFUSED: Final = tuple(range(400, 500))
_NOWHERE: Final = (404, 405, 410)
_ANY: Final = ("",)
"""Whatever stands there: every text holds the empty one."""

POLICY: Final = SitePolicy(
    # 300 a day without a key, 10,000 with one: each answer says quota_max. More than 30 a second is punished by a ban.
    buckets=(Bucket(BUCKET, limit=300, window=86_400, pace=0.05),),
    # A pause that an answer demands holds for its method only; the others may go on.
    quota=Quota(limit="json:quota_max", remaining="json:quota_remaining", pause="json:backoff"),
    # Every error of the API comes with status 400; error_id tells which.
    refusals=(
        # "too many requests from this IP, more requests available in 3600 seconds"
        Refusal(
            (400, 429),
            "limit",
            equals=("json:error_id", "502"),
            wait=60.0,
            told=("json:error_message", r"available in (\d+) seconds?"),
        ),
        Refusal((400, 503), "limit", equals=("json:error_id", "503"), wait=60.0),
        Refusal((400, 500), "retry", equals=("json:error_id", "500")),
        Refusal((400,), "denied", equals=("json:error_id", "402")),
        Refusal((400,), "denied", equals=("json:error_id", "406")),
        Refusal(_REFUSED, "item", where="json:error_id", words=_ANY),
        # Without one it is not the API that speaks. What is not there is a wrong address or maintenance; any other page
        # is how those are met who are banned: then nothing at all is asked for a while.
        Refusal(_NOWHERE, "retry"),
        Refusal(_REFUSED, "limit", wait=60.0, whole_site=True),
    ),
    secret_params=("key", "access_token"),
    profile_urls=PROFILE_URLS,
)
"""Bucket, quota and refusals of the API, and how its sites write a profile's address."""
