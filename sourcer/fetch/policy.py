"""A site's manners as data: which quotas it has, how an answer tells what is left, what a refusal looks like.

A *place* says where in an answer a value stands: ``header:x-ratelimit-remaining`` (any case) or
``json:data.rateLimit.cost`` (a path through objects; ``*`` walks a list).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

__all__ = ["Bucket", "ProfileUrl", "Quota", "Refusal", "SitePolicy"]


@dataclass(frozen=True, slots=True)
class Bucket:
    """One quota of a site.

    Args:
        name: How requests name it (``graphql``, ``core``).
        limit: Units in a window, until an answer says otherwise; ``None`` is unknown.
        window: Seconds after which the quota is full again.
        pace: Least seconds between the starts of two requests.
        concurrency: Most requests at a time.
        per_minute: Most requests in any minute; ``None`` is no limit but the others.
        busy_per_minute: Most seconds of answering time in any minute, as an estimate of the work that requests make.
    """

    name: str
    limit: float | None = None
    window: float = 3600.0
    pace: float = 0.0
    concurrency: int = 1
    per_minute: int | None = None
    busy_per_minute: float | None = None


@dataclass(frozen=True, slots=True)
class Quota:
    """Where an answer tells about its bucket. Each field is a place or empty.

    ``reset`` is UTC epoch seconds. ``pause`` is seconds to wait before the next request of the same bucket, or of the
    same lane where the request named one, although this answer is good (the ``backoff`` of Stack Exchange).
    ``resource`` is the name of the bucket that the answer counted to: where it is another than was asked, the numbers
    are not believed.
    """

    limit: str = ""
    remaining: str = ""
    reset: str = ""
    cost: str = ""
    pause: str = ""
    resource: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """What one kind of "no" looks like, and what it means.

    An answer matches when its status is listed, and, where given, the value at ``where`` holds one of ``words``
    (case-insensitive; an empty ``where`` looks through the first 2,000 characters of the body) and the value at
    ``equals[0]`` is ``equals[1]``.

    ``means``: ``limit`` (wait for Retry-After, else for the seconds that the answer says in words, else for the reset,
    else ``wait`` seconds, doubled each time), ``denied`` (credentials: the connector stops), ``retry`` (a fault of
    theirs: try again soon), ``item`` (this answer is the answer: the connector deals with it). A ``limit`` with
    ``whole_site`` closes the site's other buckets too.

    ``told`` is a place and a pattern: its first group holds the seconds in the text that stands there.
    """

    status: tuple[int, ...]
    means: Literal["limit", "denied", "retry", "item"]
    where: str = ""
    words: tuple[str, ...] = ()
    equals: tuple[str, str] | None = None
    wait: float = 60.0
    told: tuple[str, str] | None = None
    whole_site: bool = False


@dataclass(frozen=True, slots=True)
class ProfileUrl:
    """How a site writes a profile's address: a pattern with the groups ``login`` or ``uid``, and maybe ``site``."""

    site: str
    pattern: str


@dataclass(frozen=True, slots=True)
class SitePolicy:
    """The manners of the site (or family of sites) that one connector serves.

    Refusals are tried in order and the first that matches decides. Where none matches: 429 and 503 are ``limit``, 401
    is ``denied``, other 5xx are ``retry``, everything else is the connector's to read.
    ``secret_params`` and ``secret_headers`` are never written anywhere, beside those that every site is stripped of.
    """

    buckets: tuple[Bucket, ...]
    quota: Quota = field(default_factory=Quota)
    refusals: tuple[Refusal, ...] = ()
    secret_params: tuple[str, ...] = ()
    secret_headers: tuple[str, ...] = ()
    profile_urls: tuple[ProfileUrl, ...] = ()
