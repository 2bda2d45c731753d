"""What a user sets for GitHub, and what a brief asks of it."""

from __future__ import annotations

import re
from typing import Annotated, Final
from urllib.parse import urlsplit, urlunsplit

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from sourcer.connect import Secret, SecretRef, Settings

__all__ = ["GitHubConfig", "GitHubDiscover", "graphql_url"]

TOPIC: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,49}")
REPOSITORY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,38}/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}")


def _topic(value: str) -> str:
    topic = value.strip().lower()
    if not TOPIC.fullmatch(topic):
        raise ValueError(f"{value!r} is not a GitHub topic: letters, digits and hyphens, at most 50")
    return topic


def _repository(value: str) -> str:
    name = value.strip()
    if not REPOSITORY.fullmatch(name):
        raise ValueError(f"{value!r} is not a GitHub repository: write owner/name, for example mlflow/mlflow")
    return name


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
    """The part ``github`` of a brief's ``[discover]``: topics, repositories or both."""

    topics: tuple[Annotated[str, AfterValidator(_topic)], ...] = Field(
        (), description="owners of public repositories with one of these topics"
    )
    min_stars: int = Field(0, ge=0, description="leave out repositories of a topic with fewer stars")
    repositories: tuple[Annotated[str, AfterValidator(_repository)], ...] = Field(
        (), description="people whose pull requests these repositories, owner/name, have merged", validate_default=True
    )

    @field_validator("repositories")
    @classmethod
    def _somewhere(cls, value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        # Topics that are wrong are not in the data, and a complaint of their own.
        if not value and info.data.get("topics") == ():
            raise ValueError("there is nowhere to look: name topics, repositories or both")
        return value


def graphql_url(api_url: str) -> str:
    """Where the GraphQL endpoint of an API address is: Enterprise serves it beside ``/api/v3``, not below."""
    parts = urlsplit(api_url)
    path = parts.path.rstrip("/")
    path = f"{path.removesuffix('/v3')}/graphql" if path.endswith("/api/v3") else f"{path}/graphql"
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))
