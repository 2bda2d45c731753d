"""Writes the invented Stack Overflow as an official data dump: one XML file a table, one row a line.

The format is that of the real ones: all data in attributes, an absent attribute is null, HTML escaped, times in UTC
without a zone. Tags come in both of their spellings, and one of the files starts with a byte-order mark.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeAlias
from xml.sax.saxutils import escape

from sourcer.demo.model import Badge, Member, Post, World

__all__ = ["write_dump"]

Row: TypeAlias = Mapping[str, object]

_ESCAPES: Final = {'"': "&quot;", "\n": "&#xA;", "\r": "&#xD;", "\t": "&#x9;"}
_BOUNTY_CLOSE: Final = 9
_NEW_TAGS: Final = datetime(2024, 1, 1, tzinfo=UTC)


def write_dump(world: World, folder: Path) -> None:
    """Write the tables Users, Posts, Badges, Tags and Votes; the folder is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "Users.xml", "users", map(_user, world.members))
    _write(
        folder / "Posts.xml", "posts", map(_post, sorted(world.posts, key=lambda post: post.id)), encoding="utf-8-sig"
    )
    _write(folder / "Badges.xml", "badges", map(_badge, world.badges))
    _write(folder / "Tags.xml", "tags", _tags(world.posts))
    _write(folder / "Votes.xml", "votes", _bounties(world.posts))


def _write(path: Path, root: str, rows: Iterable[Row], encoding: str = "utf-8") -> None:
    with path.open("w", encoding=encoding, newline="\r\n") as file:
        file.write(f'<?xml version="1.0" encoding="utf-8"?>\n<{root}>\n')
        file.writelines(f"  <row {_attributes(row)} />\n" for row in rows)
        file.write(f"</{root}>")


def _attributes(row: Row) -> str:
    return " ".join(f'{name}="{escape(_text(value), _ESCAPES)}"' for name, value in row.items() if value is not None)


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03d}"
    return str(value)


def _user(member: Member) -> Row:
    return {
        "Id": member.id,
        "Reputation": member.reputation,
        "CreationDate": member.created_at,
        "DisplayName": member.name,
        "LastAccessDate": member.created_at,
        "WebsiteUrl": member.website,
        "Location": member.location,
        "AboutMe": member.about,
        "Views": member.views,
        "UpVotes": member.up_votes,
        "DownVotes": member.down_votes,
        "AccountId": member.network_id,
    }


def _post(post: Post) -> Row:
    return {
        "Id": post.id,
        "PostTypeId": 1 if post.is_question else 2,
        "AcceptedAnswerId": post.accepted_id,
        "ParentId": post.parent_id,
        "CreationDate": post.created_at,
        "Score": post.score,
        "ViewCount": post.views if post.is_question else None,
        "Body": post.body,
        "OwnerUserId": post.owner.id if post.owner is not None else None,
        "OwnerDisplayName": None if post.owner is not None else f"user{post.id % 100_000}",
        "LastActivityDate": post.created_at,
        "Title": post.title if post.is_question else None,
        "Tags": _spell(post) if post.is_question else None,
        "AnswerCount": post.answers if post.is_question else None,
        "CommentCount": 0,
        "ClosedDate": post.closed_at,
        "CommunityOwnedDate": post.community_at,
        "ContentLicense": post.licence,
    }


def _spell(post: Post) -> str:
    """Tags as ``|a|b|``, and as ``<a><b>`` in what was written before 2024."""
    if post.created_at >= _NEW_TAGS:
        return f"|{'|'.join(post.tags)}|"
    return "".join(f"<{tag}>" for tag in post.tags)


def _badge(badge: Badge) -> Row:
    return {
        "Id": badge.id,
        "UserId": badge.member.id,
        "Name": badge.name,
        "Date": badge.at,
        "Class": badge.grade,
        "TagBased": badge.is_tag,
    }


def _tags(posts: Iterable[Post]) -> list[Row]:
    counts = Counter(tag for post in posts for tag in post.tags)
    return [{"Id": number, "TagName": tag, "Count": counts[tag]} for number, tag in enumerate(sorted(counts), 1)]


def _bounties(posts: Iterable[Post]) -> list[Row]:
    """Of all votes only the bounties that were given for an answer, which name nobody."""
    given = [post for post in posts if post.bounty]
    return [
        {
            "Id": number,
            "PostId": post.id,
            "VoteTypeId": _BOUNTY_CLOSE,
            "CreationDate": post.created_at,
            "BountyAmount": post.bounty,
        }
        for number, post in enumerate(given, 1)
    ]
