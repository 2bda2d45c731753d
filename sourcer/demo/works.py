"""The well-known repositories of the world, read from ``works.toml``."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Final

from pydantic import BaseModel, ConfigDict

from sourcer.demo.build import Builder
from sourcer.demo.files import Subject, write_files
from sourcer.demo.model import TODAY, Account, Repository

__all__ = ["Work", "open_works", "read_works"]

_FOUNDED: Final = datetime(2018, 5, 2, 9, tzinfo=UTC)


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Work(_Strict):
    """A well-known repository, what is changed in it, and by which trades.

    ``named``: the demonstration's brief names it.
    """

    owner: str
    name: str
    about: str
    topics: tuple[str, ...]
    packages: tuple[str, ...]
    stars: int
    trades: tuple[str, ...]
    titles: tuple[str, ...]
    named: bool = False


class _Works(_Strict):
    work: tuple[Work, ...]


@cache
def read_works() -> tuple[Work, ...]:
    """All of them, in order."""
    text = files("sourcer.demo").joinpath("works.toml").read_text(encoding="utf-8")
    return _Works.model_validate(tomllib.loads(text)).work


def open_works(builder: Builder, *, named: bool) -> list[tuple[Work, Repository]]:
    """Open those that the brief names, or the others, each under its organisation."""
    owners: dict[str, Account] = {}
    opened = []
    for work in (one for one in read_works() if one.named is named):
        if work.owner not in owners:
            name = work.owner.replace("-", " ").title()
            owners[work.owner] = builder.account(
                work.owner, _FOUNDED, "Organization", name=name, bio="Tools for models at work."
            )
        opened.append((work, _open(builder, owners[work.owner], work)))
    return opened


def _open(builder: Builder, owner: Account, work: Work) -> Repository:
    return builder.repository(
        owner, work.name, _FOUNDED, TODAY - timedelta(hours=9), description=work.about, topics=work.topics,
        languages={"Python": 910_000, "TypeScript": 240_000}, stars=work.stars, forks=work.stars // 5,
        license="Apache-2.0",
        files=write_files(Subject(work.name, work.about, work.packages, work.name), ("readme", "pyproject", "ci")),
    )  # fmt: skip
