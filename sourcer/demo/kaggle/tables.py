"""Writes the invented Kaggle as the official Meta Kaggle files: the people and works that the API shows, too.

With the marks of the real export: CRLF between rows and bare line feeds within texts, American dates, whole numbers as
``123.0`` where a column has holes, empty for null, and rows that point at users and competitions that are not there.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeAlias

from sourcer.demo.kaggle.model import TIERS, Category, Contest, Dataset, Kaggle, Kaggler, Notebook, Team

__all__ = ["write_meta_kaggle"]

Row: TypeAlias = Mapping[str, object]

_CATEGORIES: Final[Mapping[Category, str]] = {
    "competitions": "Competitions",
    "notebooks": "Scripts",
    "discussion": "Discussion",
    "datasets": "Datasets",
}
_LANGUAGES: Final = {"r": (1, "R", "R"), "python": (2, "IPython Notebook HTML", "Python")}
_SECTION_TEXT: Final = 'Rows like\n1,2,3\n"quoted", and so on'


def write_meta_kaggle(site: Kaggle, folder: Path) -> None:
    """Write the tables that tell about people; the folder is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    people = [one for one in site.people if not one.is_gone]
    contests = [one for one in site.contests if not one.is_hidden]
    tags = _tag_numbers(site)
    tables: dict[str, Iterable[Row]] = {
        "Users": map(_user, people),
        "UserAchievements": (row for one in people for row in _achievements(one)),
        "Competitions": map(_contest, contests),
        "CompetitionTags": _tagged("CompetitionId", ((one.id, one.tags) for one in site.contests), tags),
        "Tags": (_tag(number, name) for name, number in tags.items()),
        "Teams": map(_team, site.teams),
        "TeamMemberships": (row for one in site.teams for row in _members(one)),
        "Kernels": map(_kernel, site.notebooks),
        "KernelTags": _tagged("KernelId", ((one.id, one.tags) for one in site.notebooks), tags),
        "KernelVersions": (row for one in site.notebooks for row in _kernel_versions(one)),
        "KernelLanguages": (dict(zip(("Id", "Name", "DisplayName"), one, strict=True)) for one in _LANGUAGES.values()),
        "Datasets": [*map(_dataset, site.datasets), *_shared_datasets(site)],
        "DatasetVersions": map(_dataset_version, site.datasets),
        "DatasetTags": _tagged("DatasetId", ((one.id, one.tags) for one in site.datasets), tags),
    }
    for name, rows in tables.items():
        _write(folder / f"{name}.csv", list(rows))


def _write(path: Path, rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]) if rows else ["Id"], lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)


def _day(moment: datetime) -> str:
    return moment.strftime("%m/%d/%Y")


def _second(moment: datetime) -> str:
    return moment.strftime("%m/%d/%Y %H:%M:%S")


def _holey(value: int | None) -> str:
    """A whole number of a column that has holes: once it went through a column of fractions."""
    return "" if value is None else f"{value}.0"


def _user(person: Kaggler) -> Row:
    return {
        "Id": person.id,
        "UserName": person.login,
        "DisplayName": person.name or "",
        "RegisterDate": _day(person.joined_at),
        "PerformanceTier": TIERS[person.tier],
        "Country": person.country or "",
    }


def _achievements(person: Kaggler) -> Iterator[Row]:
    for place, (category, name) in enumerate(_CATEGORIES.items()):
        standing = person.standings.get(category)
        if standing is None:
            continue
        yield {
            "Id": person.id * 4 + place,
            "UserId": person.id,
            "AchievementType": name,
            "Tier": standing.tier,
            "TierAchievementDate": _day(person.joined_at) if standing.tier else "",
            "Points": standing.points,
            "CurrentRanking": _holey(standing.rank),
            "HighestRanking": _holey(standing.highest),
            "TotalGold": standing.gold,
            "TotalSilver": standing.silver,
            "TotalBronze": standing.bronze,
        }


def _contest(contest: Contest) -> Row:
    return {
        "Id": contest.id,
        "Slug": contest.slug,
        "Title": contest.title,
        "Subtitle": "Two lines,\nand a comma",
        "EnabledDate": _second(contest.deadline.replace(day=1)),
        "DeadlineDate": _second(contest.deadline),
        "CanQualifyTiers": contest.counts,
        "TotalTeams": contest.teams,
    }


def _tag_numbers(site: Kaggle) -> dict[str, int]:
    works: list[Any] = [*site.contests, *site.notebooks, *site.datasets]
    return {name: number for number, name in enumerate(sorted({tag for one in works for tag in one.tags}), start=11)}


def _tag(number: int, name: str) -> Row:
    return {"Id": number, "ParentTagId": _holey(None if number % 3 else 11), "Name": name, "Slug": name.title()}


def _tagged(
    of: str, works: Iterable[tuple[int, tuple[str, ...]]], tags: Mapping[str, int]
) -> Iterator[dict[str, object]]:
    pairs = ((work, tag) for work, names in works for tag in names)
    return ({"Id": number, of: work, "TagId": tags[tag]} for number, (work, tag) in enumerate(pairs, start=1))


def _team(team: Team) -> Row:
    return {
        "Id": team.id,
        "CompetitionId": team.contest.id,
        "TeamLeaderId": _holey(team.members[0].id),
        "TeamName": team.name,
        "IsBenchmark": False,
        "Medal": _holey(team.medal),
        "MedalAwardDate": _day(team.contest.deadline) if team.medal else "",
        "PublicLeaderboardRank": _holey(team.public_rank),
        "PrivateLeaderboardRank": _holey(team.rank),
    }


def _members(team: Team) -> Iterator[Row]:
    for place, member in enumerate(team.members):
        yield {
            "Id": team.id * 4 + place,
            "TeamId": team.id,
            "UserId": member.id,
            "RequestDate": _day(team.contest.deadline) if place else "",
        }


def _kernel(notebook: Notebook) -> Row:
    return {
        "Id": notebook.id,
        "AuthorUserId": notebook.author.id,
        "CurrentKernelVersionId": _holey(notebook.id * 2 + 1),
        "ForkParentKernelVersionId": _holey(notebook.forked_from),
        "CreationDate": _second(notebook.created_at),
        "EvaluationDate": _day(notebook.ran_at),
        "MadePublicDate": _day(notebook.created_at),
        "CurrentUrlSlug": notebook.slug,
        "Medal": _holey(notebook.medal),
        "MedalAwardDate": _day(notebook.ran_at) if notebook.medal else "",
        "TotalViews": notebook.votes * 31,
        "TotalVotes": notebook.votes,
    }


def _kernel_versions(notebook: Notebook) -> Iterator[Row]:
    for place, title in enumerate((f"Draft of {notebook.title}", notebook.title)):
        yield {
            "Id": notebook.id * 2 + place,
            "ScriptId": notebook.id,
            "ScriptLanguageId": _LANGUAGES[notebook.language][0],
            "AuthorUserId": notebook.author.id,
            "Title": title,
            "TotalLines": 40,
        }


def _dataset(dataset: Dataset) -> Row:
    is_person = dataset.owner.tier != "ORGANIZATION"
    return {
        "Id": dataset.id,
        "CreatorUserId": dataset.owner.id,
        "OwnerUserId": _holey(dataset.owner.id if is_person else None),
        "OwnerOrganizationId": _holey(None if is_person else dataset.owner.id),
        "CurrentDatasetVersionId": _holey(dataset.id + 1),
        "CreationDate": _second(dataset.created_at),
        "TotalViews": dataset.downloads * 5,
        "TotalDownloads": dataset.downloads,
        "TotalVotes": dataset.votes,
    }


def _shared_datasets(site: Kaggle) -> Iterator[Row]:
    """What an organisation owns and a person made: the API shows it as the organisation's alone."""
    groups = [one for one in site.people if one.tier == "ORGANIZATION"]
    for number, (group, dataset) in enumerate(zip(groups, site.datasets, strict=False)):
        more = {"Id": site.datasets[-1].id + 100_000 + number, "OwnerOrganizationId": _holey(group.id)}
        yield {**_dataset(dataset), **more}


def _dataset_version(dataset: Dataset) -> Row:
    return {
        "Id": dataset.id + 1,
        "DatasetId": dataset.id,
        "Slug": dataset.slug,
        "Title": dataset.title,
        "Description": _SECTION_TEXT,
        "CreationDate": _second(dataset.updated_at),
    }
