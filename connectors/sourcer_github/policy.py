"""GitHub's manners as data: what its APIs grant, and how they say no.

Source: docs.github.com, "Rate limits for the REST API", "Rate limits and query limits for the GraphQL API", "Best
practices for using the REST API", "Troubleshooting the REST API".
"""

from __future__ import annotations

from typing import Final

from sourcer.connect import Bucket, ProfileUrl, Quota, Refusal, SitePolicy

__all__ = ["BUCKET", "CORE", "POLICY", "SEARCH", "SITE"]

SITE: Final = "github"

# The buckets carry the names of GitHub's resources: an answer says in x-ratelimit-resource which of them it counted to.
BUCKET: Final = "graphql"
CORE: Final = "core"
SEARCH: Final = "search"

POINTS_PER_HOUR: Final = 5_000
"""Of one user's token; an App of an Enterprise Cloud organisation has more, which its answers tell."""

REQUESTS_PER_HOUR: Final = 60
"""Over REST without credentials, from one address. With a token 5,000 and more: the first answer tells."""

SEARCHES_PER_MINUTE: Final = 10
"""Over REST without credentials; 30 with."""

LIMIT_WORDS: Final = ("rate limit", "abuse detection")
"""``API rate limit exceeded`` (primary), ``You have exceeded a secondary rate limit``, and its older wording."""

SECONDARY_WORDS: Final = ("secondary rate limit", "abuse detection")
"""What limits REST and GraphQL together, however much is left of either."""

ANY: Final = ("",)
"""Whatever stands there: every text holds the empty one."""

POLICY: Final = SitePolicy(
    # One request at a time: the best-practices page asks for it, and parallel calls are what secondary limits punish.
    # Of the minute's limits, answering time stands for the seconds of work that a minute may hold.
    buckets=(
        Bucket(BUCKET, limit=POINTS_PER_HOUR, window=3600.0, per_minute=2_000, busy_per_minute=60.0),
        Bucket(CORE, limit=REQUESTS_PER_HOUR, window=3600.0, per_minute=900, busy_per_minute=90.0),
        Bucket(SEARCH, limit=SEARCHES_PER_MINUTE, window=60.0),
    ),
    quota=Quota(
        limit="header:x-ratelimit-limit",
        remaining="header:x-ratelimit-remaining",
        reset="header:x-ratelimit-reset",
        cost="json:data.rateLimit.cost",
        resource="header:x-ratelimit-resource",
    ),
    refusals=(
        Refusal(status=(401,), means="denied"),
        Refusal(status=(403, 429), means="limit", words=SECONDARY_WORDS, whole_site=True),
        Refusal(status=(403, 429, 503), means="limit", words=LIMIT_WORDS),
        Refusal(status=(403,), means="limit", equals=("header:x-ratelimit-remaining", "0")),
        Refusal(status=(403, 429), means="limit", where="header:retry-after", words=ANY, whole_site=True),
        Refusal(status=(429,), means="limit"),
        # A 403 that says why is about the token or the item: waiting does not mend it.
        Refusal(status=(403,), means="item", where="json:message", words=ANY),
        # One that does not is a page of the gateway, or one of the limits that GitHub does not disclose.
        Refusal(status=(403,), means="limit", whole_site=True),
        Refusal(status=(500, 502, 503, 504), means="retry"),
        # GraphQL says most of its noes with 200. Both names of the type occur; remaining may not be 0 then.
        Refusal(status=(200,), means="limit", where="json:errors.*.type", words=("RATE_LIMIT",)),
        Refusal(status=(200,), means="limit", where="json:errors.*.code", words=("graphql_rate_limit",)),
        Refusal(status=(200,), means="limit", where="json:errors.*.message", words=SECONDARY_WORDS, whole_site=True),
        Refusal(status=(200,), means="limit", where="json:message", words=LIMIT_WORDS, whole_site=True),
    ),
    profile_urls=(
        ProfileUrl(SITE, r"https?://(?:www\.|gist\.)?github\.com/(?P<login>[A-Za-z0-9][A-Za-z0-9-]{0,38})"),
        ProfileUrl(SITE, r"https?://(?P<login>[A-Za-z0-9][A-Za-z0-9-]{0,38})\.github\.io"),
    ),
)
