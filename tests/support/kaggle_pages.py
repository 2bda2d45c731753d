"""Invented profile pages of all generations."""

from __future__ import annotations

import json
from html import escape
from typing import Any

from support.meta_kaggle import FIRST

__all__ = ["header_page", "new_page", "object_of_2014", "state", "state_page"]


def state(uid: int = FIRST, **more: Any) -> dict[str, Any]:
    """The state of a page until about 2022; zero medals are left out, as there."""
    return {
        "userId": uid,
        "displayName": "Ada  Example",
        "country": "Poland",
        "city": "Warsaw",
        "gitHubUserName": "ada-example",
        "twitterUserName": "@ada_example",
        "linkedInUrl": "https://www.linkedin.com/in/ada-example/",
        "websiteUrl": "ada.example.org",
        "occupation": "ML engineer",
        "organization": "Example Works",
        "bio": "I serve models.\nSee https://blog.example.org/ada.",
        "userJoinDate": "2015-03-04T05:06:07.123Z",
        "performanceTier": "GRANDMASTER",
        "userName": "ada-example",
        "competitionsSummary": {
            "tier": "GRANDMASTER",
            "rankCurrent": 17,
            "rankHighest": 9,
            "totalGoldMedals": 3,
            "highlights": [
                {
                    "title": "Predict Rain",
                    "date": "2023-04-05T23:59:00Z",
                    "medal": "GOLD",
                    "score": 10,
                    "scoreOutOf": 1000,
                    "url": "/competitions/predict-rain",
                }
            ],
        },
        "scriptsSummary": {"tier": "expert", "totalBronzeMedals": 1},
    } | more


def state_page(*states: Any) -> str:
    """A whole page with its state; a state given as text is written as it is, broken or not."""
    pushes = "".join(
        '<script class="kaggle-component">var Kaggle=window.Kaggle||{};Kaggle.State=Kaggle.State||[];'
        f"Kaggle.State.push({one if isinstance(one, str) else json.dumps(one)});performance && performance</script>"
        for one in ({"navigationType": "BOTH_NAV"}, *states)
    )
    return f"<!DOCTYPE html><html><head><title>x</title></head><body>{pushes}</body></html>"


def header_page(uid: int | None = FIRST, line: str = "ML engineer at Example Works · Warsaw, Masovia, Poland") -> str:
    """What a browser showed and saved in 2022."""
    image = "default-thumb.png" if uid is None else f"{uid}-kg.png"
    return (
        "<!-- saved from url=(0035)https://www.kaggle.com/ada-example -->"
        '<div class="profile__user-container-left"><div class="pageheader__avatar--profile"><a href="">'
        f'<img src="https://storage.googleapis.com/kaggle-avatars/images/{image}"/></a></div>'
        '<span class="profile__head-display-name">Ada Example</span>'
        f'<p class="profile__user-location">{line}</p><p class="profile__user-metadata">Joined <span '
        'aria-label="8 years ago" title="Wed Mar 04 2015 06:06:07 GMT+0100 (Central European Time)">8 years ago</span>'
        '<span> · last seen <span title="Sat Nov 30 2019 03:33:10 GMT+0000 (UTC)">x</span></span></p>'
        '<ul class="profile__social-links"><li class="profile__social-link"><a href="https://github.com/ada-example">'
        '<span class="fa fa-github"></span></a></li><li class="profile__social-link">'
        '<a class="profile__social-link--url" href="https://ada.example.org">ada.example.org</a></li>'
        '<li class="profile__social-link"><a href="javascript:alert(1)"><span class="fa fa-twitter"></span></a></li>'
        "</ul></div>"
    )


def new_page(tier: str = "Grandmaster", bio: str = "I serve models.", **tags: str) -> str:
    """Today's shell: Open Graph tags and nothing else."""
    known = {
        "og:type": "profile",
        "og:username": "ada-example",
        "og:title": f"Ada Example | {tier}",
        "og:description": bio,
        "og:url": "https://www.kaggle.com/ada-example",
        "twitter:image": f"https://www.kaggle.com/static/images/tiers/{tier}@192.png",
    } | tags
    metas = "".join(f'<meta property="{name}" content="{escape(value)}"/>' for name, value in known.items())
    return f"<html><head>{metas}</head><body><div id='root'></div></body></html>"


def object_of_2014(uid: int = FIRST, **more: Any) -> dict[str, Any]:
    """A profile object of 2014, whose tiers were others."""
    return {
        "id": uid,
        "slug": "ada-example",
        "name": "Ada Example",
        "country": "Poland",
        "city": None,
        "tier": 4,
        "registered": 1300558414867,
        "ranking": 33,
        "highestRanking": 2,
        "github": "https://github.com/ada-example",
        "twitter": "@ada_example",
        "linkedinUrl": None,
        "websiteUrl": "http://ada.example.org",
        "tagline": "Forests first.",
        "techniques": ["Random Forests", "GBM"],
        "tools": ["Python", "GBM"],
        "bio": None,
    } | more
