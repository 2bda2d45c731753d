"""The methods about tags and badges: what there is, who is best in it, who holds it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from sourcer.demo.model import Badge, Post
from sourcer.demo.stackexchange import nodes
from sourcer.demo.stackexchange.nodes import KIND
from sourcer.demo.stackexchange.query import Query
from sourcer.demo.stackexchange.refusal import Node, no_method
from sourcer.demo.stackexchange.site import Site

__all__ = [
    "badges_of",
    "badges_on_tags",
    "info",
    "recipients",
    "related",
    "synonyms",
    "tags",
    "top_answerers",
    "top_askers",
]

_BEST: Final = 30
_MONTH: Final = timedelta(days=30)


def tags(query: Query) -> list[Node]:
    """``/tags``."""
    site, part = query.site, query.params.get("inname", "").lower()
    named = [tag for tag in sorted(site.questions_in) if part in tag]
    popular = {tag: len(site.questions_in[tag]) for tag in named}
    return [_tag(site, one) for one in query.arranged(named, {"popular": popular.__getitem__, "name": str})]


def info(query: Query) -> list[Node]:
    """``/tags/{tags}/info``: those that the site has."""
    site = query.site
    return [_tag(site, tag) for tag in query.tags(20) if site.questions_in.get(tag)]


def _tag(site: Site, tag: str) -> Node:
    flags = {"has_synonyms": False, "is_moderator_only": False, "is_required": False}
    return {KIND: "tag", "name": tag, "count": len(site.questions_in[tag])} | flags


def synonyms(query: Query) -> list[Node]:
    """``/tags/{tags}/synonyms``: the invented sites have none."""
    query.tags(20)
    return []


def related(query: Query) -> list[Node]:
    """``/tags/{tags}/related``: tags of the same questions."""
    site, wanted = query.site, set(query.tags(4))
    found = [one for one in site.questions.values() if wanted <= set(one.tags)]
    counts = Counter(tag for one in found for tag in one.tags if tag not in wanted)
    return [_tag(site, tag) | {"count": counts[tag]} for tag in sorted(counts, key=lambda tag: (-counts[tag], tag))]


def top_answerers(query: Query) -> list[Node]:
    """``/tags/{tag}/top-answerers/{period}``: thirty people at most; shared work counts for nobody."""
    return _top(query, (post for tag in query.tags(1) for post in query.site.answers_in(tag)))


def top_askers(query: Query) -> list[Node]:
    """``/tags/{tag}/top-askers/{period}``."""
    return _top(query, (post for tag in query.tags(1) for post in query.site.questions_in[tag]))


def _top(query: Query, posts: Iterable[Post]) -> list[Node]:
    period = query.named["period"]
    if period not in ("all_time", "month"):
        raise no_method()
    since = query.world.today - _MONTH if period == "month" else datetime.min.replace(tzinfo=UTC)
    scores: defaultdict[int, list[int]] = defaultdict(list)
    for post in posts:
        if post.owner is not None and post.owner.id > 0 and post.community_at is None and post.created_at >= since:
            scores[post.owner.id].append(post.score)
    best = sorted(scores, key=lambda uid: (-sum(scores[uid]), uid))[:_BEST]
    site = query.site
    return [
        {
            KIND: "tag_score",
            "user": nodes.shallow(site, site.members.get(uid)),
            "score": sum(scores[uid]),
            "post_count": len(scores[uid]),
        }
        for uid in best
    ]


def badges_on_tags(query: Query) -> list[Node]:
    """``/badges/tags``."""
    site, part = query.site, query.params.get("inname", "").lower()
    kinds = [kind for kind in sorted(site.badges) if kind[2] and part in kind[0].lower()]
    rank = {kind: -kind[1] for kind in kinds}
    shown = query.arranged(kinds, {"rank": rank.__getitem__, "name": lambda kind: kind[0]})
    return [nodes.tag_badge(site, site.badges[kind][0], len(site.badges[kind])) for kind in shown]


def recipients(query: Query) -> list[Node]:
    """``/badges/{ids}/recipients``: the last to get one first."""
    site, wanted = query.site, set(query.ids)
    held = [one for group in site.badges.values() if site.badge_number(group[0]) in wanted for one in group]
    return [nodes.badge(site, one) for one in query.arranged(held, {"awarded": _awarded}, _awarded)]


def _awarded(badge: Badge) -> datetime:
    return badge.at


def badges_of(query: Query) -> list[Node]:
    """``/users/{ids}/badges``."""
    site = query.site
    held = [one for uid in query.ids for one in site.badges_of[uid]]
    sorts = {"rank": lambda one: -one.grade, "name": lambda one: one.name, "type": _type, "awarded": _awarded}
    return [nodes.badge(site, one) for one in query.arranged(held, sorts, _awarded)]


def _type(badge: Badge) -> str:
    """In this order they are sorted: ``named`` before ``tag_based``."""
    return "tag_based" if badge.is_tag else "named"
