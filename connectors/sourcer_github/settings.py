"""What a user sets for GitHub, and what a brief asks of it."""

from __future__ import annotations

import re
from typing import Annotated, Final, Self
from urllib.parse import urlsplit, urlunsplit

from pydantic import AfterValidator, Field, ValidationInfo, field_validator, model_validator

from sourcer.connect import HttpAddress, Secret, SecretRef, Settings

__all__ = ["GitHubConfig", "GitHubDiscover", "graphql_url"]

TOPIC: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,49}")
REPOSITORY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,38}/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}")
LOGIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,38}(?:\[bot\])?")
NUMBER: Final = re.compile(r"#[1-9][0-9]{0,18}")
APP: Final = ("app_id", "installation_id", "private_key_file")
"""What makes an installation of a GitHub App."""
LONGEST: Final = 80
"""Of what is looked for in a profile: GitHub takes 256 characters for a whole search."""


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


def _words(value: str) -> str:
    """What goes into the text of a search: nothing in it may end its quotes or be another qualifier."""
    text = " ".join(value.split())
    fits = text[:1].isalnum() and len(text) <= LONGEST and text.isprintable()
    if not fits or any(char in '":\\<>' for char in text):
        raise ValueError(f"{value!r} cannot be searched for: write plain words, as they stand in profiles")
    return text


def _login(value: str) -> str:
    if not LOGIN.fullmatch(value):
        raise ValueError(f"{value!r} is not the login of an account on GitHub")
    return value


def _account(value: str) -> str:
    if not LOGIN.fullmatch(value) and not NUMBER.fullmatch(value):
        raise ValueError(f"{value!r} is not an account on GitHub: write its login, or # and its number")
    return value


def _once(values: tuple[str, ...]) -> tuple[str, ...]:
    """Each once, whatever its case, in the order in which they came."""
    first: dict[str, str] = {}
    for value in values:
        first.setdefault(value.lower(), value)
    return tuple(first.values())


class GitHubConfig(Settings):
    """The section ``[connectors.github]``."""

    token: Secret = Field(SecretRef(env="GITHUB_TOKEN"), description="a token without any scope is enough")
    app_id: str = Field("", description="or a GitHub App: its number or client id, together with the next two")
    installation_id: str = Field("", description="the number of the App's installation")
    private_key_file: str = Field("", description="the App's private key, a .pem file", validate_default=True)
    anonymous: bool = Field(False, description="without a token: REST only, 60 requests an hour")
    api_url: HttpAddress = Field("https://api.github.com", description="GitHub Enterprise: https://HOST/api/v3")

    @field_validator("app_id", "installation_id", mode="before")
    @classmethod
    def _number(cls, value: object) -> object:
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else value

    @field_validator("installation_id")
    @classmethod
    def _digits(cls, value: str) -> str:
        if value and not value.isdecimal():
            raise ValueError(f"{value!r} is not the number of an installation: its address on GitHub ends in it")
        return value

    @field_validator("private_key_file")
    @classmethod
    def _one_way_to_ask(cls, value: str, info: ValidationInfo) -> str:
        # A part that is wrong is not in the data, and a complaint of its own.
        if not {"token", *APP[:2]} <= info.data.keys():
            return value
        parts = dict(zip(APP, (info.data["app_id"], info.data["installation_id"], value), strict=True))
        missing = [name for name, given in parts.items() if not given]
        if missing and len(missing) < len(parts):
            raise ValueError(f"{', '.join(APP)} belong together: {', '.join(missing)} is missing")
        token: SecretRef = info.data["token"]
        if not missing and token.reveal() is not None:
            raise ValueError(f'there is also a token in {token.source}: keep the App or the token (token = "" is none)')
        return value


_Words = Annotated[str, AfterValidator(_words)]
_Logins = Annotated[tuple[Annotated[str, AfterValidator(_login)], ...], AfterValidator(_once)]
_Accounts = Annotated[tuple[Annotated[str, AfterValidator(_account)], ...], AfterValidator(_once)]


class GitHubDiscover(Settings):
    """The part ``github`` of a brief's ``[discover]``: where to look for people, at least one place."""

    topics: tuple[Annotated[str, AfterValidator(_topic)], ...] = Field(
        (),
        description="owners of public repositories with one of these topics; of organisations' repositories, "
        "the people whose pull requests they merged lately",
    )
    min_stars: int = Field(0, ge=0, description="leave out repositories of a topic with fewer stars")
    languages: tuple[_Words, ...] = Field(
        (), description="people most of whose repositories are in one of these languages; together with locations"
    )
    locations: tuple[_Words, ...] = Field(
        (), description="people who say that they live there, for example Poland; together with languages"
    )
    min_followers: int = Field(0, ge=0, description="leave out people of a language or location with fewer followers")
    repositories: tuple[Annotated[str, AfterValidator(_repository)], ...] = Field(
        (), description="people whose pull requests these repositories, owner/name, have merged, and who reviewed them"
    )
    organizations: _Logins = Field((), description="public members of these organisations, by login")
    accounts: _Accounts = Field((), description="these very people: login, or # and the number that never changes")

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        sources = (self.topics, self.languages, self.locations, self.repositories, self.organizations, self.accounts)
        if not any(sources):
            raise ValueError(
                "there is nowhere to look: name topics, languages, locations, repositories, organizations or accounts"
            )
        return self


def graphql_url(api_url: str) -> str:
    """Where the GraphQL endpoint of an API address is: Enterprise serves it beside ``/api/v3``, not below."""
    parts = urlsplit(api_url)
    path = parts.path.rstrip("/")
    path = f"{path.removesuffix('/v3')}/graphql" if path.endswith("/api/v3") else f"{path}/graphql"
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))
