"""Invented Meta Kaggle folders, with the marks of the real export: CRLF, American dates, holes."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal, TypeVar, cast

from sourcer.connect import AnswerError, Checkpoint, Evidence, Fetcher, Item, Profile, Ref, Unknown
from sourcer_kaggle import Kaggle
from sourcer_kaggle.settings import KaggleConfig, KaggleDiscover

Row = Mapping[str, object]
Tables = Mapping[str, Sequence[Row | str]]
Form = Literal["csv", "gz", "zip", "archive"]
_Item = TypeVar("_Item", bound=Item)

FIRST = 2_000_000_001
"""Ids of invented people begin here: nobody real has such a one."""


def user(uid: int, tier: object = 4, **columns: object) -> Row:
    return {
        "Id": uid,
        "UserName": f"person{uid}",
        "DisplayName": f"Person {uid}",
        "RegisterDate": "03/04/2015",
        "PerformanceTier": tier,
        "Country": "Poland",
    } | columns


def achievement(uid: int, category: str = "Competitions", **columns: object) -> Row:
    return {
        "Id": uid * 10 + len(category),
        "UserId": uid,
        "AchievementType": category,
        "Tier": 4,
        "TierAchievementDate": "05/06/2020",
        "Points": 1234,
        "CurrentRanking": "17.0",
        "HighestRanking": "9.0",
        "TotalGold": 3,
        "TotalSilver": 2,
        "TotalBronze": 1,
    } | columns


def competition(number: int, slug: str, **columns: object) -> Row:
    return {
        "Id": number,
        "Slug": slug,
        "Title": slug.replace("-", " ").title(),
        "Subtitle": "Two lines,\r\nand a comma",
        "EnabledDate": "01/01/2023 00:00:00",
        "DeadlineDate": "04/05/2023 23:59:00",
        "CanQualifyTiers": True,
        "TotalTeams": 1000,
    } | columns


def team(number: int, contest: int, **columns: object) -> Row:
    return {
        "Id": number,
        "CompetitionId": contest,
        "TeamLeaderId": "",
        "TeamName": f'The "{number}", again',
        "IsBenchmark": False,
        "Medal": "",
        "MedalAwardDate": "",
        "PublicLeaderboardRank": "12.0",
        "PrivateLeaderboardRank": "10.0",
    } | columns


def member(of: int, uid: int) -> Row:
    return {"Id": of * 7 + uid % 7, "TeamId": of, "UserId": uid, "RequestDate": "02/03/2023"}


def kernel(number: int, author: int, slug: str, **columns: object) -> Row:
    return {
        "Id": number,
        "AuthorUserId": author,
        "CurrentKernelVersionId": f"{number + 500_000}.0",
        "ForkParentKernelVersionId": "",
        "CreationDate": "06/07/2024 08:09:10",
        "EvaluationDate": "07/08/2024",
        "MadePublicDate": "06/09/2024",
        "CurrentUrlSlug": slug,
        "Medal": "",
        "TotalVotes": 12,
    } | columns


def version(of: int, title: str, language: int = 2) -> Row:
    return {"Id": of + 500_000, "ScriptId": of, "ScriptLanguageId": language, "Title": title, "TotalLines": 99}


def dataset(number: int, owner: int, **columns: object) -> Row:
    return {
        "Id": number,
        "OwnerUserId": owner,
        "OwnerOrganizationId": "",
        "CurrentDatasetVersionId": f"{number + 700_000}.0",
        "CreationDate": "08/09/2022 01:02:03",
        "TotalVotes": 5,
        "TotalDownloads": 80,
    } | columns


def dataset_version(of: int, slug: str, **columns: object) -> Row:
    return {
        "Id": of + 700_000,
        "DatasetId": of,
        "Slug": slug,
        "Title": slug.title(),
        "Description": 'Rows like\n1,2,3\n"quoted", and so on',
        "CreationDate": "09/10/2022 01:02:03",
    } | columns


TAGS: Sequence[Row] = (
    {"Id": 1, "ParentTagId": "", "Name": "time series", "Slug": "timeSeries"},
    {"Id": 2, "ParentTagId": "1.0", "Name": "NLP", "Slug": "nlp"},
    {"Id": 3, "ParentTagId": "", "Name": "tabular", "Slug": "tabular"},
)
LANGUAGES: Sequence[Row] = (
    {"Id": 1, "Name": "R", "DisplayName": "R"},
    {"Id": 2, "Name": "IPython Notebook HTML", "DisplayName": "Python"},
)


def small_world() -> dict[str, list[Row | str]]:
    """One Grandmaster with a piece of each kind, and a Master who has nothing."""
    return {
        "Users": [user(FIRST), user(FIRST + 1, 3)],
        "UserAchievements": [achievement(FIRST), achievement(FIRST, "Scripts", Tier=2, CurrentRanking="")],
        "Competitions": [competition(30, "predict-rain")],
        "CompetitionTags": [{"Id": 1, "CompetitionId": 30, "TagId": 1}, {"Id": 2, "CompetitionId": 30, "TagId": 3}],
        "Tags": list(TAGS),
        "Teams": [team(40, 30, Medal="1.0")],
        "TeamMemberships": [member(40, FIRST), member(40, FIRST + 900)],
        "Kernels": [kernel(50, FIRST, "serving-with-mlflow")],
        "KernelTags": [{"Id": 1, "KernelId": 50, "TagId": 2}],
        "KernelVersions": [version(50, "Serving with MLflow, fast")],
        "KernelLanguages": list(LANGUAGES),
        "Datasets": [dataset(60, FIRST)],
        "DatasetVersions": [dataset_version(60, "rain")],
        "DatasetTags": [{"Id": 1, "DatasetId": 60, "TagId": 1}],
    }


def table_csv(rows: Sequence[Row | str], end: str = "\r\n") -> bytes:
    """A table; a row given as text is written as it is, broken or not. All rows have the columns of the first."""
    out = io.StringIO(newline="")
    first = next((row for row in rows if not isinstance(row, str)), {})
    writer = csv.DictWriter(out, list(first), lineterminator=end)
    if first:
        writer.writeheader()
    for row in rows:
        if isinstance(row, str):
            out.write(f"{row}{end}")
        else:
            writer.writerow(row)
    return out.getvalue().encode()


def write_meta(folder: Path, tables: Tables, form: Form = "csv") -> Path:
    """Write a folder and give it back."""
    folder.mkdir(parents=True, exist_ok=True)
    if form == "archive":
        with zipfile.ZipFile(folder / "archive.zip", "w") as archive:
            for name, rows in tables.items():
                archive.writestr(f"{name}.csv", table_csv(rows))
        return folder
    for name, rows in tables.items():
        data = table_csv(rows)
        if form == "csv":
            (folder / f"{name}.csv").write_bytes(data)
        elif form == "gz":
            (folder / f"{name.lower()}.csv.gz").write_bytes(gzip.compress(data, mtime=0))
        else:
            with zipfile.ZipFile(folder / f"{name}.csv.zip", "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(f"{name}.csv", data)
    return folder


def connector(**config: object) -> Kaggle:
    """The connector on files. It gets no fetcher: whatever would make a request fails."""
    return Kaggle(KaggleConfig.model_validate(config), cast("Fetcher", None))


def wish(*tiers: str, skills: Sequence[str] = ()) -> KaggleDiscover:
    return KaggleDiscover(tiers=tiers or (() if skills else ("GRANDMASTER", "MASTER")), skills=tuple(skills))


async def discover(
    folder: Path, *tiers: str, skills: Sequence[str] = (), after: Checkpoint | None = None
) -> list[Item]:
    """Everything that a discovery yields; a damaged export fails the test."""
    kaggle = connector(meta_kaggle_dir=str(folder))
    return [item async for item in kaggle.discover(wish(*tiers, skills=skills), after)]


async def discover_damaged(folder: Path, *tiers: str) -> tuple[list[Item], str]:
    """What a discovery yields of a damaged export, and its complaint at the end."""
    items, complaint = await discover_complaining(connector(meta_kaggle_dir=str(folder)), wish(*tiers))
    return items, str(complaint)


async def discover_complaining(kaggle: Kaggle, wished: KaggleDiscover) -> tuple[list[Item], AnswerError]:
    """What a discovery yields, and its complaint at the end."""
    items: list[Item] = []
    try:
        async for item in kaggle.discover(wished, None):
            items.append(item)  # noqa: PERF401  # what came before the complaint counts
    except AnswerError as complaint:
        return items, complaint
    raise AssertionError("nobody complained")


def of_type(items: Iterable[Item], kind: type[_Item]) -> list[_Item]:
    return [item for item in items if isinstance(item, kind)]


def uids(items: Iterable[Item]) -> list[int]:
    """Who was found, in order, counted from the first invented id."""
    return [int(ref.uid) - FIRST for ref in of_type(items, Ref)]


def evidence(items: Iterable[Item], kind: str, uid: int = FIRST) -> list[Evidence]:
    return [piece for piece in of_type(items, Evidence) if piece.ref.uid == str(uid) and piece.kind == kind]


def profile(items: Iterable[Item], uid: int = FIRST) -> Profile:
    return next(found for found in of_type(items, Profile) if found.ref.uid == str(uid))


def unknowns(items: Iterable[Item], uid: int = FIRST) -> dict[str, str]:
    return {found.what: found.reason for found in of_type(items, Unknown) if found.ref.uid == str(uid)}
