"""Pieces of work as evidence: one shape, whichever way they came, so that all ways agree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

from sourcer.connect import Evidence, Ref
from sourcer_kaggle.sites import competition_url, dataset_url, model_url, notebook_url
from sourcer_kaggle.texts import line, terms_of

__all__ = [
    "MEDALS",
    "Work",
    "competition_result",
    "day_of",
    "known",
    "medal_flags",
    "published",
    "standing",
]

MEDALS: Final = {"GOLD": 1, "SILVER": 2, "BRONZE": 3}
"""Kaggle's numbers of its medals."""

_KINDS: Final = {
    "notebook": ("notebook.published", notebook_url),
    "dataset": ("dataset.published", dataset_url),
    "model": ("model.published", model_url),
}


@dataclass(frozen=True, slots=True)
class Work:
    """A notebook, data set or model that somebody published.

    Args:
        number: Kaggle's id of it.
        slug: Its part of the address.
        title: As Kaggle shows it; empty where it is not told.
        happened_at: When it was last run or brought up to date.
        measure: What is known of Kaggle's own numbers.
        tags: As Kaggle spells them.
        language: As Kaggle names it.
    """

    number: int
    slug: str
    title: str | None
    happened_at: datetime | None
    measure: Mapping[str, float]
    tags: Iterable[str | None] = ()
    language: str | None = None


def published(ref: Ref, what: Literal["notebook", "dataset", "model"], work: Work) -> Evidence | None:
    """A published piece of work as evidence, or ``None`` where no address can be made for it.

    It is dated by the day: Meta Kaggle tells no more, and both ways shall say the same.
    """
    kind, address = _KINDS[what]
    url = address(ref.login, work.slug)
    if url is None:
        return None
    # The slug is Kaggle's own short form of the title.
    title = line(work.title) or line(work.slug.replace("-", " "))
    return Evidence(
        ref,
        kind,
        url,
        terms=terms_of(title, work.tags, work.language),
        measure=work.measure,
        title=title or "",
        happened_at=day_of(work.happened_at),
        key=str(work.number),
    )


def competition_result(
    ref: Ref,
    *,
    slug: str,
    title: str | None,
    tags: Iterable[str | None],
    measure: Mapping[str, float],
    deadline: datetime | None,
) -> Evidence | None:
    """A place in a competition as evidence, dated by its deadline. Nobody has two places in one competition."""
    url = competition_url(slug)
    if url is None:
        return None
    name = line(title) or line(slug.replace("-", " "))
    return Evidence(
        ref,
        "competition.result",
        url,
        terms=terms_of(name, tags),
        measure=measure,
        title=name or "",
        happened_at=deadline,
        key=slug.lower(),
    )


def medal_flags(medal: int | None) -> dict[str, float]:
    """Which medal was won, 0 or 1 each; for a source that tells medals, ``None`` is none."""
    return {name.lower(): int(medal == number) for name, number in MEDALS.items()}


def standing(rank: int | None, teams: int | None) -> dict[str, float]:
    """Rank, number of teams, and percentile: the share of the teams that finished behind, in percent."""
    measure = known({"rank": rank if rank and rank > 0 else None, "teams": teams if teams and teams > 0 else None})
    if rank and teams and 0 < rank <= teams:
        measure["percentile"] = round(100 * (teams - rank) / teams, 4)
    return measure


def known(measure: Mapping[str, float | None]) -> dict[str, float]:
    """The numbers that are known."""
    return {unit: value for unit, value in measure.items() if value is not None}


def day_of(moment: datetime | None) -> datetime | None:
    """The day of a time, UTC."""
    if moment is None:
        return None
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
