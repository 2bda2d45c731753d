"""The tables of Meta Kaggle and the columns that are read. What is not needed may be missing: then it is unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

__all__ = ["ACCOUNTS", "TABLES", "Column", "Table"]

Column = Literal["number", "text", "flag"]


@dataclass(frozen=True, slots=True)
class Table:
    """One table.

    Args:
        name: Its file's name without ``.csv``.
        needed: Columns without which it is worth nothing.
        wanted: Columns that newer or older exports may lack.
    """

    name: str
    needed: Mapping[str, Column]
    wanted: Mapping[str, Column] = field(default_factory=dict)

    @property
    def columns(self) -> dict[str, Column]:
        """All columns that are read, with what they hold."""
        return {**self.needed, **self.wanted}


ACCOUNTS: Final = Table(
    "Users",
    {"Id": "number", "UserName": "text"},
    {
        "DisplayName": "text",
        "RegisterDate": "text",
        "PerformanceTier": "number",
        "Country": "text",
        # Not in the exports so far; should it come, it is honoured.
        "ProgressionOptOut": "flag",
    },
)
"""The one table without which there is nobody."""

_OTHERS: Final = (
    Table(
        "UserAchievements",
        {"UserId": "number", "AchievementType": "text"},
        {
            "Tier": "number",
            "Points": "number",
            "CurrentRanking": "number",
            "HighestRanking": "number",
            "TotalGold": "number",
            "TotalSilver": "number",
            "TotalBronze": "number",
        },
    ),
    Table(
        "Competitions",
        {"Id": "number", "Slug": "text"},
        {"Title": "text", "DeadlineDate": "text", "TotalTeams": "number", "CanQualifyTiers": "flag"},
    ),
    Table("CompetitionTags", {"CompetitionId": "number", "TagId": "number"}),
    Table("Tags", {"Id": "number"}, {"Name": "text", "Slug": "text"}),
    Table(
        "Teams",
        {"Id": "number", "CompetitionId": "number"},
        {
            "IsBenchmark": "flag",
            "Medal": "number",
            "PublicLeaderboardRank": "number",
            "PrivateLeaderboardRank": "number",
        },
    ),
    Table("TeamMemberships", {"TeamId": "number", "UserId": "number"}),
    Table(
        "Kernels",
        {"Id": "number", "AuthorUserId": "number", "CurrentUrlSlug": "text"},
        {
            "CurrentKernelVersionId": "number",
            "ForkParentKernelVersionId": "number",
            "CreationDate": "text",
            "EvaluationDate": "text",
            "MadePublicDate": "text",
            "Medal": "number",
            "TotalVotes": "number",
        },
    ),
    Table("KernelTags", {"KernelId": "number", "TagId": "number"}),
    Table("KernelVersions", {"Id": "number"}, {"Title": "text", "ScriptLanguageId": "number"}),
    Table("KernelLanguages", {"Id": "number", "Name": "text"}),
    Table(
        "Datasets",
        {"Id": "number", "OwnerUserId": "number", "CurrentDatasetVersionId": "number"},
        {
            "OwnerOrganizationId": "number",
            "CreationDate": "text",
            "TotalVotes": "number",
            "TotalDownloads": "number",
            "Medal": "number",
        },
    ),
    Table("DatasetVersions", {"Id": "number", "Slug": "text"}, {"Title": "text", "CreationDate": "text"}),
    Table("DatasetTags", {"DatasetId": "number", "TagId": "number"}),
)

TABLES: Final = {table.name: table for table in (ACCOUNTS, *_OTHERS)}
"""By name."""
