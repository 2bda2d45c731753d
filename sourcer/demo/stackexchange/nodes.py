"""The objects of the API, with all their fields: a filter shows some of them."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, timedelta
from typing import Final

from sourcer.demo.model import Badge, Community, Member, Post
from sourcer.demo.stackexchange.query import epoch
from sourcer.demo.stackexchange.refusal import Node
from sourcer.demo.stackexchange.site import RANKS, Site

__all__ = ["KIND", "answer", "badge", "merge", "network_user", "question", "shallow", "site_node", "tag_badge", "user"]

KIND: Final = "<kind>"
"""The key under which a node says what it is, until a filter has been through it."""

_DAY: Final = timedelta(days=1)


def shallow(site: Site, member: Member | None, name: str = "user") -> Node:
    """Somebody as posts and lists name them; of who was deleted a name is left."""
    if member is None or not site.is_here(member):
        return {KIND: "shallow_user", "user_type": "does_not_exist", "display_name": name}
    return {
        KIND: "shallow_user",
        "account_id": member.network_id,
        "reputation": member.reputation,
        "user_id": member.id,
        "user_type": _type(member),
        "profile_image": _image(member),
        "display_name": member.name,
        "link": f"{member.url}/{_slug(member.name or '')}",
    }


def _type(member: Member) -> str:
    return "unregistered" if member.network_id is None else "registered"


def _image(member: Member) -> str:
    return f"https://images.example/{member.host}/{member.id}.png"


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:80]


def user(site: Site, member: Member) -> Node:
    """A profile. What is not said is not there."""
    ranks = Counter(one.grade for one in site.badges_of[member.id])
    seen = epoch(member.created_at + _DAY)
    return (
        shallow(site, member)
        | {
            KIND: "user",
            "is_employee": False,
            "badge_counts": {KIND: "badge_count"} | {name: ranks[rank] for rank, name in RANKS.items()},
            "creation_date": epoch(member.created_at),
            "last_access_date": seen,
            "last_modified_date": seen,
            "location": member.location,
            "website_url": member.website or "",
            "about_me": member.about,
            "view_count": member.views,
            "up_vote_count": member.up_votes,
            "down_vote_count": member.down_votes,
            "answer_count": len(site.answers_by[member.id]),
            "question_count": len(site.questions_by[member.id]),
        }
        | {f"reputation_change_{span}": 0 for span in ("day", "week", "month", "quarter", "year")}
    )


def _post(site: Site, post: Post) -> Node:
    return {
        "owner": shallow(site, post.owner, f"user{post.id % 100_000}"),
        "score": post.score,
        "creation_date": epoch(post.created_at),
        "last_activity_date": epoch(post.created_at),
        "community_owned_date": epoch(post.community_at),
        "content_license": post.licence,
        "body": post.body,
        "up_vote_count": max(0, post.score),
        "down_vote_count": max(0, -post.score),
        "comment_count": 0,
    }


def answer(site: Site, post: Post) -> Node:
    """An answer; tags and title are its question's."""
    asked = site.question_of(post)
    return _post(site, post) | {
        KIND: "answer",
        "answer_id": post.id,
        "question_id": asked.id,
        "is_accepted": asked.accepted_id == post.id,
        "tags": list(asked.tags),
        "title": asked.title,
        "link": f"{_address(site, asked)}/{post.id}#{post.id}",
        "awarded_bounty_amount": post.bounty or None,
    }


def question(site: Site, post: Post) -> Node:
    """A question."""
    given = site.answers_to[post.id]
    accepted = next((one.id for one in given if one.id == post.accepted_id), None)
    return _post(site, post) | {
        KIND: "question",
        "question_id": post.id,
        "tags": list(post.tags),
        "title": post.title,
        "link": _address(site, post),
        "view_count": post.views,
        "answer_count": len(given),
        "is_answered": accepted is not None or any(one.score > 0 for one in given),
        "accepted_answer_id": accepted,
        "closed_date": epoch(post.closed_at),
        "closed_reason": None if post.closed_at is None else "Needs details or clarity",
    }


def _address(site: Site, asked: Post) -> str:
    return f"https://{site.community.host}/questions/{asked.id}/{_slug(asked.title)}"


def badge(site: Site, held: Badge) -> Node:
    """A badge that somebody holds. It does not say since when."""
    return tag_badge(site, held, 1) | {"user": shallow(site, held.member)}


def tag_badge(site: Site, held: Badge, count: int) -> Node:
    """A badge and how often it was awarded."""
    number = site.badge_number(held)
    return {
        KIND: "badge",
        "badge_type": "tag_based" if held.is_tag else "named",
        "award_count": count,
        "rank": RANKS[held.grade],
        "badge_id": number,
        "link": f"https://{site.community.host}/badges/{number}/{_slug(held.name)}",
        "name": held.name,
    }


def network_user(site: Site, member: Member) -> Node:
    """One of somebody's accounts, as the whole network knows it."""
    profile = user(site, member)
    return {
        KIND: "network_user",
        "site_name": site.community.title,
        "site_url": f"https://{site.community.host}",
    } | {
        name: profile[name]
        for name in (
            "account_id", "user_id", "reputation", "badge_counts", "creation_date", "last_access_date", "answer_count",
            "question_count", "user_type",
        )
    }  # fmt: skip


def merge(old: int, new: int, at: datetime) -> Node:
    """Two accounts on the network that became one."""
    return {KIND: "account_merge", "old_account_id": old, "new_account_id": new, "merge_date": epoch(at)}


def site_node(community: Community) -> Node:
    """A site of the network."""
    address = f"https://{community.host}"
    return {
        KIND: "site",
        "site_type": "main_site",
        "name": community.title,
        "api_site_parameter": community.name,
        "site_url": address,
        "logo_url": f"{address}/logo.png",
        "icon_url": f"{address}/icon.png",
        "favicon_url": f"{address}/favicon.ico",
        "audience": "invented people",
        "site_state": "normal",
        "aliases": [],
        "styling": {KIND: "styling", "link_color": "#0077CC", "tag_foreground_color": "#3E6D8E"},
    }
