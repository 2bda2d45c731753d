"""Where Kaggle shows people and their work."""

from __future__ import annotations

import re
from typing import Final

from sourcer.connect import ProfileUrl

__all__ = [
    "PROFILE_URLS",
    "SITE",
    "competition_url",
    "dataset_url",
    "is_login",
    "model_url",
    "notebook_url",
    "profile_url",
    "whole_url",
]

SITE: Final = "kaggle"

_WEB: Final = "https://www.kaggle.com"

_RESERVED: Final = (
    "account",
    "admin",
    "api",
    "benchmarks",
    "c",
    "code",
    "competitions",
    "contact",
    "cookies",
    "courses",
    "d",
    "datasets",
    "discussion",
    "discussions",
    "docs",
    "general",
    "host",
    "k",
    "kernels",
    "learn",
    "m",
    "models",
    "notebooks",
    "oauth",
    "organizations",
    "privacy",
    "progression",
    "rankings",
    "search",
    "settings",
    "signin",
    "signup",
    "static",
    "terms",
    "users",
    "work",
)
"""First parts of a path that are pages of Kaggle itself, never people."""

_TABS: Final = (
    "account|activity|badges|code|competitions|datasets|discussion|followers|following|kernels|models|notebooks|overview"
    "|scripts|writeups"
)
_LOGIN: Final = r"[A-Za-z0-9_-]{1,40}"
_HOST: Final = r"https?://(?:www\.)?kaggle\.com"
_PERSON: Final = rf"(?!(?:{'|'.join(_RESERVED)})(?:/|$))(?P<login>{_LOGIN})"
_SLUG: Final = re.compile(r"[A-Za-z0-9._-]{1,200}")

PROFILE_URLS: Final = (
    ProfileUrl(SITE, rf"{_HOST}/users/(?P<uid>[0-9]{{1,15}})(?:/[^/]*)?"),
    ProfileUrl(SITE, rf"{_HOST}/{_PERSON}(?:/(?:{_TABS}))?"),
)
"""How a profile's address is written: by number in old links, by user name today, with or without one of its tabs."""


def is_login(text: str) -> bool:
    """Whether this can be the user name of a person: no page of Kaggle itself has its address."""
    return re.fullmatch(_PERSON, text, re.IGNORECASE) is not None


def profile_url(login: str) -> str:
    """The address of a person."""
    return f"{_WEB}/{login}"


def notebook_url(login: str, slug: str) -> str | None:
    """The address of a notebook, or ``None`` where its slug cannot be part of one."""
    return f"{_WEB}/code/{login}/{slug}" if _SLUG.fullmatch(slug) else None


def dataset_url(login: str, slug: str) -> str | None:
    """The address of a data set."""
    return f"{_WEB}/datasets/{login}/{slug}" if _SLUG.fullmatch(slug) else None


def model_url(login: str, slug: str) -> str | None:
    """The address of a model."""
    return f"{_WEB}/models/{login}/{slug}" if _SLUG.fullmatch(slug) else None


def competition_url(slug: str) -> str | None:
    """The address of a competition's leaderboard, where anybody can look a place up."""
    return f"{_WEB}/competitions/{slug}/leaderboard" if _SLUG.fullmatch(slug) else None


def whole_url(path: str) -> str | None:
    """An address within Kaggle that a page gives without its host: ``/code/ada/first``."""
    return f"{_WEB}{path}" if re.fullmatch(r"/[A-Za-z0-9._/-]{1,300}", path) and "//" not in path else None
