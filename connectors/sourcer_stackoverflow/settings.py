"""The connector's section of ``sourcer.toml`` and its part of a brief's ``[discover]``."""

from __future__ import annotations

from pydantic import Field, field_validator

from sourcer.connect import Secret, SecretRef, Settings
from sourcer_stackoverflow.sites import site_name

__all__ = ["StackOverflowConfig", "StackOverflowDiscover"]


class StackOverflowConfig(Settings):
    """``[connectors.stackoverflow]``."""

    key: Secret = Field(SecretRef(env="STACKEXCHANGE_KEY"), description="optional")
    api_url: str = "https://api.stackexchange.com/2.3"
    sites: tuple[str, ...] = ("stackoverflow",)
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
        return tuple(site_name(text) for text in value)


class StackOverflowDiscover(Settings):
    """``stackoverflow.tags = [...]`` in a brief: people who answered questions with at least one of these tags."""

    tags: tuple[str, ...] = Field(min_length=1, description="as the site spells them")
    min_score: int = Field(0, ge=0, description="least sum of the positive scores of a person's answers in these tags")

    @field_validator("tags")
    @classmethod
    def _as_the_site_spells(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        tags = tuple(dict.fromkeys(tag.strip().lower() for tag in value))
        if not all(tags):
            raise ValueError("a tag is empty")
        return tags
