"""Writes profile pages of the invented Kaggle as somebody would have saved them: old ones with state, new shells."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any, Final

from sourcer.demo.kaggle.model import Category, Kaggle, Kaggler
from sourcer.demo.kaggle.wire import time_text

__all__ = ["write_saved_pages"]

_SUMMARIES: Final[Mapping[Category, str]] = {
    "competitions": "competitionsSummary",
    "notebooks": "scriptsSummary",
    "discussion": "discussionsSummary",
    "datasets": "datasetsSummary",
}
_NAMES: Final = ("NOVICE", "CONTRIBUTOR", "EXPERT", "MASTER", "GRANDMASTER")


def write_saved_pages(site: Kaggle, folder: Path) -> None:
    """Write a page of everybody who shows something else than the API tells, and the shells of some others.

    Shells do not tell a user's number: it stands in the file's name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for place, person in enumerate(one for one in site.people if not one.is_gone):
        if person.shown:
            (folder / f"{person.login}.html").write_text(_old_page(person), encoding="utf-8")
        elif place % 5 == 0:
            (folder / f"{person.login}.{person.id}.html").write_text(_shell(person), encoding="utf-8")


def _old_page(person: Kaggler) -> str:
    state = {
        "userId": person.id,
        "userName": person.login,
        "displayName": person.name or "",
        "country": person.country,
        "organization": person.organization,
        "userJoinDate": time_text(person.joined_at),
        # Pages of some years write tiers in small letters.
        "performanceTier": person.tier.lower() if person.id % 2 else person.tier,
        **person.shown,
        **{name: _summary(person, category) for category, name in _SUMMARIES.items() if category in person.standings},
    }
    pushes = "".join(f"Kaggle.State.push({json.dumps(one)});" for one in ({"navigationType": "BOTH_NAV"}, state))
    return (
        f"<!DOCTYPE html>\n<html><head><title>{escape(person.name or person.login)} | Kaggle</title></head><body>"
        '<div data-component-name="ProfileContainerReact"></div><script class="kaggle-component" nonce="x">'
        "var Kaggle=window.Kaggle||{};Kaggle.State=Kaggle.State||[];"
        f'{pushes}performance && performance.mark && performance.mark("bootstrap");</script></body></html>\n'
    )


def _summary(person: Kaggler, category: Category) -> dict[str, Any]:
    standing = person.standings[category]
    told = {
        "rankCurrent": standing.rank,
        "rankHighest": standing.highest,
        "totalGoldMedals": standing.gold,
        "totalSilverMedals": standing.silver,
        "totalBronzeMedals": standing.bronze,
    }
    # Medals that nobody has are left out.
    return {"tier": _NAMES[standing.tier], **{name: value for name, value in told.items() if value}}


def _shell(person: Kaggler) -> str:
    tier = person.tier.title()
    tags = {
        "og:type": "profile",
        "og:username": person.login,
        "og:title": f"{person.name or person.login} | {tier}",
        "og:url": person.url,
        "twitter:image": f"https://www.kaggle.com/static/images/tiers/{tier}@192.png",
    }
    metas = "".join(f'<meta property="{name}" content="{escape(value)}"/>' for name, value in tags.items())
    return f'<!DOCTYPE html>\n<html><head>{metas}</head><body><div id="root"></div></body></html>\n'
