"""Profiles as JSON: the state that pages carried until about 2022, and the objects of 2014."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from sourcer.connect import LinkClaim, links_in, parse_time
from sourcer_kaggle.observe import MEDALS, known
from sourcer_kaggle.pages.profile import Highlight, Saved, login_of, number, text, user_id
from sourcer_kaggle.texts import line, web_url
from sourcer_kaggle.tiers import read_tier, tier_number

__all__ = ["read_object"]

_SUMMARIES: Final = {
    "competitionsSummary": "competitions",
    "scriptsSummary": "notebooks",
    "discussionsSummary": "discussion",
    "datasetsSummary": "datasets",
}
_MEDALS: Final = {"totalGoldMedals": "gold", "totalSilverMedals": "silver", "totalBronzeMedals": "bronze"}
_COMPETITION: Final = re.compile(r"/(?:competitions|c)/([A-Za-z0-9._-]{1,200})")
_MOST_HIGHLIGHTS: Final = 50
_MOST_WORDS: Final = 100
_HANDLE: Final = re.compile(r"@?([A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,98}[A-Za-z0-9_])?)")


def read_object(value: Any) -> Saved | None:
    """A profile of either generation, or ``None`` where this is none."""
    if not isinstance(value, Mapping):
        return None
    if user_id(value.get("userId")) and login_of(value.get("userName")):
        return _state(value)
    if user_id(value.get("id")) and login_of(value.get("slug")) and "tier" in value:
        return _of_2014(value)
    return None


def _state(state: Mapping[str, Any]) -> Saved:
    occupation, organization = line(text(state.get("occupation"))), line(text(state.get("organization")))
    said = " at ".join(filter(None, (occupation, organization)))
    texts = {"bio": text(state.get("bio")), "occupation": said or None}
    website = web_url(text(state.get("websiteUrl")))
    return Saved(
        formats=("state",),
        uid=user_id(state.get("userId")),
        login=login_of(state.get("userName")),
        name=line(text(state.get("displayName"))),
        location=_place(state),
        company=organization,
        website=website,
        texts={what: said for what, said in texts.items() if said},
        links=tuple(_links(state, website, github="gitHubUserName", twitter="twitterUserName", linkedin="linkedInUrl")),
        tier=read_tier(state.get("performanceTier")),
        measure=dict(_measures(state)),
        created_at=parse_time(text(state.get("userJoinDate"))),
        highlights=tuple(_highlights(state.get("competitionsSummary"))),
    )


def _place(value: Mapping[str, Any]) -> str | None:
    return ", ".join(found for key in ("city", "region", "country") if (found := line(text(value.get(key))))) or None


def _measures(state: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    for key, name in _SUMMARIES.items():
        summary = state.get(key)
        if not isinstance(summary, Mapping):
            continue
        tier = tier_number(read_tier(summary.get("tier", "NOVICE")))
        told = {
            "tier": tier,
            "rank": number(summary.get("rankCurrent")) or None,
            "highest_rank": number(summary.get("rankHighest")) or None,
            # Where a summary is told, a count that is left out is none.
            **{medal: number(summary.get(field, 0)) for field, medal in _MEDALS.items()},
        }
        yield from ((f"{name}_{unit}", count) for unit, count in known(told).items())


def _highlights(summary: Any) -> Iterator[Highlight]:
    highlights = summary.get("highlights") if isinstance(summary, Mapping) else None
    for one in highlights[:_MOST_HIGHLIGHTS] if isinstance(highlights, list) else ():
        if not isinstance(one, Mapping):
            continue
        path = _COMPETITION.fullmatch(text(one.get("url")) or "")
        if path is not None:
            yield Highlight(
                slug=path[1],
                title=line(text(one.get("title"))),
                deadline=parse_time(text(one.get("date"))),
                rank=number(one.get("score")) or None,
                teams=number(one.get("scoreOutOf")) or None,
                medal=MEDALS.get((text(one.get("medal")) or "").upper()),
            )


def _of_2014(value: Mapping[str, Any]) -> Saved:
    skills = [word for key in ("skills", "techniques", "tools") for word in _words(value.get(key))]
    texts = {
        "bio": text(value.get("bio")),
        "tagline": text(value.get("tagline")),
        "skills": ", ".join(dict.fromkeys(skills)) or None,
    }
    website = web_url(text(value.get("websiteUrl")))
    ranks = {
        "competitions_rank": number(value.get("ranking")) or None,
        "competitions_highest_rank": number(value.get("highestRanking")) or None,
    }
    return Saved(
        formats=("object",),
        uid=user_id(value.get("id")),
        login=login_of(value.get("slug")),
        name=line(text(value.get("name"))),
        location=_place(value),
        website=website,
        texts={what: said for what, said in texts.items() if said},
        links=tuple(_links(value, website, github="github", twitter="twitter", linkedin="linkedinUrl")),
        # The tiers of 2014 were others: their 4 is no Grandmaster.
        measure=known(ranks),
        created_at=_milliseconds(value.get("registered")),
    )


def _words(value: Any) -> list[str]:
    words = value[:_MOST_WORDS] if isinstance(value, list) else []
    return [word for one in words if (word := line(text(one), 200))]


def _milliseconds(value: Any) -> datetime | None:
    count = number(value)
    try:
        return None if count is None else datetime.fromtimestamp(count / 1000, UTC).replace(microsecond=0)
    except (ValueError, OverflowError, OSError):
        return None


def _links(
    value: Mapping[str, Any], website: str | None, *, github: str, twitter: str, linkedin: str
) -> Iterator[LinkClaim]:
    if website:
        yield LinkClaim(website, "website")
    for key, where, home in ((github, "github", "https://github.com"), (twitter, "twitter", "https://x.com")):
        if url := _account(text(value.get(key)), home):
            yield LinkClaim(url, where)
    if url := web_url(text(value.get(linkedin))):
        yield LinkClaim(url, "linkedin")
    for url in links_in(text(value.get("bio"))):
        yield LinkClaim(url, "bio")


def _account(written: str | None, home: str) -> str | None:
    """The address of an account that was given by name, with or without ``@``, or by address."""
    bare = (written or "").strip()
    handle = _HANDLE.fullmatch(bare)
    if handle is not None and "." not in handle[1]:
        return f"{home}/{handle[1]}"
    return web_url(bare) if "/" in bare else None
