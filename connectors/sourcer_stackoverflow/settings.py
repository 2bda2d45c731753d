"""The connector's section of ``sourcer.toml`` and its part of a brief's ``[discover]``."""

from __future__ import annotations

import re
from typing import Annotated, Final

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from sourcer.connect import HttpAddress, Secret, SecretRef, Settings
from sourcer_stackoverflow.sites import site_name

__all__ = ["StackOverflowConfig", "StackOverflowDiscover"]

_ACCOUNT: Final = re.compile(r"(?:(?P<site>[^:#]+):)?#?(?P<uid>[0-9]{1,10})")


def _account(value: str) -> str:
    found = _ACCOUNT.fullmatch(value.strip())
    if found is None:
        raise ValueError(f"{value!r} is no account of Stack Exchange: write its number, #123 or SITE:#123")
    uid = int(found["uid"])
    return f"{site_name(found['site'])}:#{uid}" if found["site"] else f"#{uid}"


class StackOverflowConfig(Settings):
    """``[connectors.stackoverflow]``."""

    key: Secret = Field(SecretRef(env="STACKEXCHANGE_KEY"), description="optional")
    api_url: HttpAddress = "https://api.stackexchange.com/2.3"
    sites: tuple[str, ...] = Field(("stackoverflow",), min_length=1)
    dump_dir: str = Field(
        "", description="a directory with one site's official data dump (XML, .gz, .7z): read instead of the API"
    )
    dump_site: str = Field("stackoverflow", description="whose dump it is")

    @field_validator("dump_site")
    @classmethod
    def _api_name(cls, value: str) -> str:
        return site_name(value)

    @field_validator("sites")
    @classmethod
    def _api_names(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(site_name(text) for text in value))


class StackOverflowDiscover(Settings):
    """The part ``stackoverflow`` of a brief's ``[discover]``: who answered in one of the tags, or was named."""

    tags: tuple[str, ...] = Field((), description="as the site spells them")
    min_score: int = Field(0, ge=0, description="least sum of the positive scores of a person's answers in these tags")
    accounts: tuple[Annotated[str, AfterValidator(_account)], ...] = Field(
        (), description="people to look at: #123 on the first site, SITE:#123 on another", validate_default=True
    )

    @field_validator("tags")
    @classmethod
    def _as_the_site_spells(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        tags = tuple(dict.fromkeys(tag.strip().lower() for tag in value))
        if not all(tags):
            raise ValueError("a tag is empty")
        return tags

    @field_validator("accounts")
    @classmethod
    def _somebody(cls, value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        # Tags that are wrong are not in the data, and a complaint of their own.
        if not value and info.data.get("tags") == ():
            raise ValueError("there is nobody to look for: name tags, accounts or both")
        return tuple(dict.fromkeys(value))

    def named(self, sites: tuple[str, ...]) -> tuple[tuple[str, int], ...]:
        """The named accounts as site and user id; those without a site are of the first."""
        parts = (account.rpartition("#") for account in self.accounts)
        return tuple((site.removesuffix(":") or sites[0], int(uid)) for site, _, uid in parts)
