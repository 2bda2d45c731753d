"""GitHub's manners as data: what its GraphQL API grants, and how it says no.

Source: docs.github.com, "Rate limits and query limits for the GraphQL API", "Best practices for using the REST API".
"""

from __future__ import annotations

from typing import Final

from sourcer.connect import Bucket, ProfileUrl, Quota, Refusal, SitePolicy

__all__ = ["BUCKET", "POLICY", "SITE"]

SITE: Final = "github"
BUCKET: Final = "graphql"

POINTS_PER_HOUR: Final = 5_000
"""Of one user's token; an App of an Enterprise Cloud organisation has more, which its answers tell."""

LIMIT_WORDS: Final = ("rate limit", "abuse detection")
"""``API rate limit exceeded`` (primary), ``You have exceeded a secondary rate limit``, and its older wording."""

POLICY: Final = SitePolicy(
    # One request at a time: the best-practices page asks for it, and parallel calls are what secondary limits punish.
    buckets=(Bucket(BUCKET, limit=POINTS_PER_HOUR, window=3600.0, concurrency=1),),
    quota=Quota(
        limit="header:x-ratelimit-limit",
        remaining="header:x-ratelimit-remaining",
        reset="header:x-ratelimit-reset",
        cost="json:data.rateLimit.cost",
    ),
    refusals=(
        Refusal(status=(401,), means="denied"),
        Refusal(status=(403, 429), means="limit", words=LIMIT_WORDS),
        Refusal(status=(429,), means="limit"),
        # Any other 403 is about the token or the item: waiting does not mend it.
        Refusal(status=(403,), means="item"),
        Refusal(status=(500, 502, 503, 504), means="retry"),
        # GraphQL says most of its noes with 200. Both names of the type occur; remaining may not be 0 then.
        Refusal(status=(200,), means="limit", where="json:errors.*.type", words=("RATE_LIMIT",)),
        Refusal(status=(200,), means="limit", where="json:errors.*.code", words=("graphql_rate_limit",)),
        Refusal(status=(200,), means="limit", where="json:errors.*.message", words=("secondary rate limit",)),
        Refusal(status=(200,), means="limit", where="json:message", words=LIMIT_WORDS),
    ),
    profile_urls=(ProfileUrl(SITE, r"https?://(?:www\.)?github\.com/(?P<login>[A-Za-z0-9][A-Za-z0-9-]{0,38})"),),
)
