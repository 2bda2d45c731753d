"""From GitHub's answers to profiles and evidence: raw terms and GitHub's own numbers, nothing interpreted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from sourcer.connect import Evidence, LinkClaim, Profile, Ref, parse_time
from sourcer_github.policy import SITE
from sourcer_github.wire.base import Actor, TopicNode
from sourcer_github.wire.finding import MergedNode, PullRequestNode
from sourcer_github.wire.people import DetailNode, RepositoryNode, UserNode

__all__ = ["bio_evidence", "profile_of", "pull_request_evidence", "ref_of", "repository_evidence"]

_GHOST: Final = "ghost"
"""Stands in for every deleted account."""
_MACHINES: Final = ("[bot]", "-bot", "-bots", "-robot")

_URL: Final = re.compile(r"https?://[^\s<>()\[\]{}\"'`|\\^]+", re.IGNORECASE)
_TRAILING: Final = ".,;:!?*"
_TWITTER: Final = re.compile(r"[A-Za-z0-9_]{1,15}")


def ref_of(actor: Actor | None) -> Ref | None:
    """The account of a person, or ``None``. Organisations and apps have other types; some bots are plain users."""
    if actor is None or actor.kind != "User" or actor.database_id is None or not actor.login:
        return None
    login = actor.login.lower()
    return None if login == _GHOST or login.endswith(_MACHINES) else Ref(SITE, str(actor.database_id), actor.login)


def profile_of(ref: Ref, user: UserNode) -> Profile:
    """What an account says about itself."""
    website = _web_address(user.website_url)
    measure: dict[str, float] = {}
    if user.followers is not None and user.followers.total_count is not None:
        measure["followers"] = user.followers.total_count
    if user.repositories is not None and user.repositories.total_count is not None:
        measure["repositories"] = user.repositories.total_count
    return Profile(
        ref,
        user.url,
        name=_line(user.name),
        location=_line(user.location),
        bio=(user.bio or "").strip() or None,
        company=_line(user.company),
        website=website,
        # An unticked box is the default and says nothing.
        open_to_work=user.is_hireable or None,
        links=tuple(dict.fromkeys(_links(user, website))),
        measure=measure,
        created_at=parse_time(user.created_at),
    )


def bio_evidence(ref: Ref, user: UserNode) -> Evidence | None:
    """The bio as evidence. It carries no date: GitHub does not say when it was written."""
    text = _line(user.bio)
    if text is None:
        return None
    return Evidence(ref, "profile.text", user.url, terms=(f"text:{text}",), title="Bio", key="bio")


def repository_evidence(ref: Ref, repository: RepositoryNode, detail: DetailNode | None) -> Evidence:
    """A repository of one's own, forks too: ``measure["fork"]`` tells. Dated by the last push.

    Without ``detail`` it has no topics and at most its main language.
    """
    measure: dict[str, float] = {
        "stars": repository.stargazer_count,
        "forks": repository.fork_count,
        "fork": int(repository.is_fork),
        "archived": int(repository.is_archived),
        "template": int(repository.is_template),
        "mirror": int(repository.is_mirror),
    }
    if detail is not None:
        measure["released"] = int(detail.latest_release is not None)
        if detail.languages is not None:
            measure["bytes"] = detail.languages.total_size
    return Evidence(
        ref,
        "repo.owned",
        repository.url,
        terms=tuple(dict.fromkeys(_terms(repository, detail))),
        measure=measure,
        title=repository.name_with_owner,
        happened_at=parse_time(repository.pushed_at),
        key=repository.key,
    )


def pull_request_evidence(ref: Ref, pull: PullRequestNode, repository: MergedNode) -> Evidence:
    """A change that a repository took from somebody. ``measure["stars"]`` are the repository's."""
    title = _line(pull.title)
    terms = [f"topic:{node.topic.name}" for node in _topics(repository)]
    if repository.primary_language is not None:
        terms.append(f"language:{repository.primary_language.name.lower()}")
    if title is not None:
        terms.append(f"text:{title}")
    return Evidence(
        ref,
        "pr.merged",
        pull.url,
        terms=tuple(dict.fromkeys(terms)),
        measure={
            "stars": repository.stargazer_count,
            "additions": pull.additions,
            "deletions": pull.deletions,
            "files": pull.changed_files,
        },
        title=title or "",
        happened_at=parse_time(pull.merged_at),
        key=pull.id,
    )


def _topics(one: DetailNode | MergedNode) -> tuple[TopicNode, ...]:
    return one.repository_topics.present if one.repository_topics is not None else ()


def _terms(repository: RepositoryNode, detail: DetailNode | None) -> Iterator[str]:
    if detail is not None:
        yield from (f"topic:{node.topic.name}" for node in _topics(detail))
    if repository.primary_language is not None:
        yield f"language:{repository.primary_language.name.lower()}"
    if detail is not None and detail.languages is not None:
        yield from (f"language:{edge.node.name.lower()}" for edge in detail.languages.edges or () if edge is not None)
    description = _line(repository.description)
    if description is not None:
        yield f"text:{description}"


def _links(user: UserNode, website: str | None) -> Iterator[LinkClaim]:
    if website is not None:
        yield LinkClaim(website, "website")
    for account in user.social_accounts.present if user.social_accounts is not None else ():
        url = _web_address(account.url)
        if url is not None:
            yield LinkClaim(url, "social")
    if user.twitter_username and _TWITTER.fullmatch(user.twitter_username):
        yield LinkClaim(f"https://x.com/{user.twitter_username}", "twitter")
    for found in _URL.findall(user.bio or ""):
        url = _web_address(found.rstrip(_TRAILING))
        if url is not None:
            yield LinkClaim(url, "bio")


def _web_address(text: str | None) -> str | None:
    """An http(s) address, its scheme filled in where the person left it out; ``None`` for what is none or a mailbox."""
    bare = (text or "").strip()
    if not bare or any(char.isspace() for char in bare):
        return None
    try:
        parts = urlsplit(bare if "://" in bare else f"https://{bare}")
        host = parts.hostname or ""
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or "." not in host or "@" in parts.netloc:
        return None
    return parts.geturl()


def _line(text: str | None) -> str | None:
    """One line without runs of white space, or ``None`` where nothing is said."""
    return " ".join((text or "").split()) or None
