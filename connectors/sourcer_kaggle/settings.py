"""What a user sets for Kaggle, and what a brief asks of it."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from sourcer.connect import HttpAddress, Secret, SecretRef, Settings
from sourcer_kaggle.sites import is_login
from sourcer_kaggle.tiers import TIERS

__all__ = ["KaggleConfig", "KaggleDiscover"]

LONGEST_SKILL: Final = 100
LARGEST_UID: Final = 10**15


def _tier(value: str) -> str:
    tier = value.strip().upper()
    if tier not in TIERS:
        raise ValueError(f"{value!r} is not a tier of people; there are: {', '.join(reversed(TIERS))}")
    return tier


def _skill(value: str) -> str:
    skill = " ".join(value.split())
    if not any(mark.isalnum() for mark in skill) or len(skill) > LONGEST_SKILL:
        raise ValueError(
            f"{value!r} is nothing to search for: at most {LONGEST_SKILL} characters, and a letter or digit"
        )
    return skill


def _account(value: str) -> str:
    account = value.strip()
    uid = account.removeprefix("#")
    if is_login(account) or (uid != account and uid.isascii() and uid.isdecimal() and int(uid) < LARGEST_UID):
        return account
    raise ValueError(f"{value!r} can be no account: it is a user name, or # and the user's number")


class KaggleConfig(Settings):
    """The section ``[connectors.kaggle]``: Meta Kaggle where its folder is set, else saved pages, else the API."""

    token: Secret = Field(
        SecretRef(env="KAGGLE_API_TOKEN"), description="from kaggle.com/settings; only the API needs it"
    )
    api_url: HttpAddress = "https://api.kaggle.com/v1"
    meta_kaggle_dir: str = Field(
        "", description="a directory with the official Meta Kaggle CSV files: read instead of the API"
    )
    saved_pages_dir: str = Field("", description="profile pages saved by hand: read instead of the API")

    @field_validator("saved_pages_dir")
    @classmethod
    def _one_way(cls, value: str, info: ValidationInfo) -> str:
        if value and info.data.get("meta_kaggle_dir"):
            raise ValueError("set meta_kaggle_dir or saved_pages_dir, not both: one source at a time is read")
        return value


class KaggleDiscover(Settings):
    """The part ``kaggle`` of a brief's ``[discover]``: tiers, skills, named people."""

    tiers: tuple[Annotated[str, AfterValidator(_tier)], ...] = Field(
        (), description="people of these tiers, best first: GRANDMASTER, MASTER, EXPERT, CONTRIBUTOR, NOVICE"
    )
    skills: tuple[Annotated[str, AfterValidator(_skill)], ...] = Field(
        (), description="authors of public notebooks about these words"
    )
    accounts: tuple[Annotated[str, AfterValidator(_account)], ...] = Field(
        (), description="these very people: user name, or # and the number that never changes", validate_default=True
    )

    @field_validator("tiers", "skills")
    @classmethod
    def _once(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(value))

    @field_validator("accounts")
    @classmethod
    def _somebody(cls, value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        # Tiers and skills that are wrong are not in the data, and a complaint of their own.
        if not value and (info.data.get("tiers"), info.data.get("skills")) == ((), ()):
            raise ValueError("there is nobody to look for: name tiers, skills or accounts")
        return tuple(dict.fromkeys(value))

    @property
    def uids(self) -> tuple[int, ...]:
        """The people who are named by their number."""
        return tuple(int(account[1:]) for account in self.accounts if account.startswith("#"))

    @property
    def logins(self) -> tuple[str, ...]:
        """The people who are named by user name, in lower case."""
        return tuple(account.lower() for account in self.accounts if not account.startswith("#"))
