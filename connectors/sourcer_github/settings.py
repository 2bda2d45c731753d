"""What a user sets for GitHub, and what a brief asks of it."""

from __future__ import annotations

import re
from typing import Annotated, Final
from urllib.parse import urlsplit, urlunsplit

from pydantic import AfterValidator, Field, field_validator

from sourcer.connect import Secret, SecretRef, Settings

__all__ = ["GitHubConfig", "GitHubDiscover", "graphql_url"]

TOPIC: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,49}")


def _topic(value: str) -> str:
    topic = value.strip().lower()
    if not TOPIC.fullmatch(topic):
        raise ValueError(f"{value!r} is not a GitHub topic: letters, digits and hyphens, at most 50")
    return topic


class GitHubConfig(Settings):
    """The section ``[connectors.github]``."""

    token: Secret = Field(SecretRef(env="GITHUB_TOKEN"), description="a token without any scope is enough")
    api_url: str = Field("https://api.github.com", description="GitHub Enterprise: https://HOST/api/v3")

    @field_validator("api_url")
    @classmethod
    def _http(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{value!r} is not an http(s) address")
        return value.rstrip("/")


class GitHubDiscover(Settings):
    """The part ``github`` of a brief's ``[discover]``."""

    topics: tuple[Annotated[str, AfterValidator(_topic)], ...] = Field(
        min_length=1, description="owners of public repositories with one of these topics"
    )
    min_stars: int = Field(0, ge=0, description="leave out repositories with fewer stars")


def graphql_url(api_url: str) -> str:
    """Where the GraphQL endpoint of an API address is: Enterprise serves it beside ``/api/v3``, not below."""
    parts = urlsplit(api_url)
    path = parts.path.rstrip("/")
    path = f"{path.removesuffix('/v3')}/graphql" if path.endswith("/api/v3") else f"{path}/graphql"
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))
