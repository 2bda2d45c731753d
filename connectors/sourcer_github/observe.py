"""From GitHub's answers to profiles and evidence: raw terms and GitHub's own numbers, nothing interpreted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from sourcer.connect import Evidence, LinkClaim, Profile, Ref, links_in, parse_time
from sourcer_github.policy import SITE
from sourcer_github.wire.base import Actor, Connection, Named, TopicNode
from sourcer_github.wire.finding import PullRequestNode, RepositoryFacts, ReviewNode
from sourcer_github.wire.people import RepositoryNode, UserNode

__all__ = [
    "RepositoryAbout",
    "bio_evidence",
    "names_of",
    "profile_of",
    "pull_request_evidence",
    "ref_of",
    "repository_evidence",
    "review_evidence",
]

_GHOST: Final = "ghost"
"""Stands in for every deleted account."""
_MACHINE: Final = re.compile(r".*(?:\[bot\]|[-_](?:ro)?bots?|(?<!tal)(?<!ab)(?<!ca)(?<!tur)bot)")
"""How apps and most machines that are plain users end; people are called Talbot, Abbot and Cabot."""

_TWITTER: Final = re.compile(r"[A-Za-z0-9_]{1,15}")


@dataclass(frozen=True, slots=True)
class RepositoryAbout:
    """What somebody's work for a repository is told by.

    Args:
        name_with_owner: ``owner/name``.
        stars: That it has.
        language: Its main one.
        topics: That it names.
    """

    name_with_owner: str
    stars: int
    language: str | None = None
    topics: tuple[str, ...] = ()

    @classmethod
    def of(cls, facts: RepositoryFacts, topics: Sequence[str] | None = None) -> RepositoryAbout:
        """From an answer; the topics stand there, unless they were asked for apart."""
        named = names_of(facts.repository_topics) if topics is None else tuple(topics)
        return cls(facts.name_with_owner, facts.stargazer_count, _name(facts.primary_language), named)

    @property
    def owner(self) -> str:
        """Whose it is: a login."""
        return self.name_with_owner.partition("/")[0]

    @property
    def name(self) -> str:
        """What its owner calls it."""
        return self.name_with_owner.partition("/")[2]

    def terms(self, *texts: str | None) -> tuple[str, ...]:
        """Its topics and language, and texts, such as its name or the title of what was done there."""
        found = [f"topic:{topic}" for topic in self.topics]
        found += [f"language:{self.language.lower()}"] if self.language else []
        found += [f"text:{text}" for text in texts if text]
        return tuple(dict.fromkeys(found))


def names_of(topics: Connection[TopicNode] | None) -> tuple[str, ...]:
    """The topics of a repository."""
    return tuple(node.topic.name for node in topics.present) if topics is not None else ()


def ref_of(actor: Actor | None) -> Ref | None:
    """The account of a person, or ``None``. Organisations and apps have other types; some bots are plain users."""
    if actor is None or actor.kind != "User" or actor.database_id is None or not actor.login:
        return None
    login = actor.login.lower()
    is_machine = login == _GHOST or _MACHINE.fullmatch(login) is not None
    return None if is_machine else Ref(SITE, str(actor.database_id), actor.login)


def profile_of(ref: Ref, user: UserNode, years: Iterable[int] = (), readme: Iterable[str] = ()) -> Profile:
    """What an account says about itself.

    Args:
        ref: Whose it is.
        user: What GitHub says.
        years: In which the account contributed to something; none where that is not known.
        readme: Where the README on the profile leads.
    """
    website = _web_address(user.website_url)
    totals = {"followers": user.followers, "repositories": user.repositories}
    measure: dict[str, float] = {
        name: page.total_count for name, page in totals.items() if page is not None and page.total_count is not None
    }
    if active := set(years):
        measure |= {"contribution_years": len(active), "since_year": min(active)}
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
        links=tuple(dict.fromkeys((*_links(user, website), *(LinkClaim(url, "readme") for url in readme)))),
        measure=measure,
        created_at=parse_time(user.created_at),
    )


def bio_evidence(ref: Ref, user: UserNode) -> Evidence | None:
    """The bio as evidence. It carries no date: GitHub does not say when it was written."""
    text = _line(user.bio)
    if text is None:
        return None
    return Evidence(ref, "profile.text", user.url, terms=(f"text:{text}",), title="Bio", key="bio")


def repository_evidence(
    ref: Ref, repository: RepositoryNode, topics: Sequence[str] = (), *, whole: bool = True
) -> Evidence:
    """A repository of one's own, forks too: ``measure["fork"]`` tells. Dated by the last push.

    Where the listing did not come ``whole``, a release that is missing may be one that was not told.
    """
    measure: dict[str, float] = {
        "stars": repository.stargazer_count,
        "forks": repository.fork_count,
        "fork": int(repository.is_fork),
        "archived": int(repository.is_archived),
        "template": int(repository.is_template),
        "mirror": int(repository.is_mirror),
    }
    if whole or repository.latest_release is not None:
        measure["released"] = int(repository.latest_release is not None)
    created = parse_time(repository.created_at)
    if created is not None:
        measure["created_year"] = created.year
    about = RepositoryAbout.of(repository, topics)
    return Evidence(
        ref,
        "repo.owned",
        repository.url,
        terms=about.terms(about.name, _line(repository.description)),
        measure=measure,
        title=repository.name_with_owner,
        happened_at=parse_time(repository.pushed_at),
        key=repository.key,
    )


def pull_request_evidence(ref: Ref, pull: PullRequestNode, repository: RepositoryAbout) -> Evidence:
    """A change that a repository took from somebody, dated by the merge. ``measure["stars"]`` are the repository's.

    It is the same piece whether it was seen at the repository or at the person.
    """
    title = _line(pull.title)
    return Evidence(
        ref,
        "pr.merged",
        pull.url,
        terms=repository.terms(title),
        measure={
            "stars": repository.stars,
            "additions": pull.additions,
            "deletions": pull.deletions,
            "files": pull.changed_files,
        },
        title=title or "",
        happened_at=parse_time(pull.merged_at),
        key=pull.id,
    )


def review_evidence(ref: Ref, review: ReviewNode, title: str, repository: RepositoryAbout) -> Evidence:
    """A review of somebody else's pull request, whose ``title`` it has. ``measure["approved"]`` is how it ended.

    It is the same piece whether it was seen at the repository or at the person.
    """
    line = _line(title)
    return Evidence(
        ref,
        "pr.reviewed",
        review.url,
        terms=repository.terms(line),
        measure={"stars": repository.stars, "approved": int(review.state == "APPROVED")},
        title=line or "",
        happened_at=parse_time(review.submitted_at),
        key=review.id,
    )


def _name(named: Named | None) -> str | None:
    return named.name if named is not None else None


def _links(user: UserNode, website: str | None) -> Iterator[LinkClaim]:
    if website is not None:
        yield LinkClaim(website, "website")
    for account in user.social_accounts.present if user.social_accounts is not None else ():
        url = _web_address(account.url)
        if url is not None:
            yield LinkClaim(url, "social")
    if user.twitter_username and _TWITTER.fullmatch(user.twitter_username):
        yield LinkClaim(f"https://x.com/{user.twitter_username}", "twitter")
    for found in links_in(user.bio):
        url = _web_address(found)
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
