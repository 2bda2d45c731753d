"""Everything that Meta Kaggle tells about the people who were chosen, as tables of the engine in their order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from sourcer_kaggle.meta.choice import Choice, choose_people
from sourcer_kaggle.meta.engine import Engine
from sourcer_kaggle.meta.scan import Scanner

__all__ = ["KINDS", "MOST_DATASETS", "MOST_NOTEBOOKS", "MOST_RESULTS", "Loaded", "load_people"]

KINDS: Final = ("competition.result", "notebook.published", "dataset.published")
"""What Meta Kaggle tells about everybody."""

MOST_RESULTS: Final = 200
MOST_NOTEBOOKS: Final = 100
MOST_DATASETS: Final = 100
"""Of one person: the best ones. The API gives as many on one page."""

_USED: Final = {
    "competition.result": ("TeamMemberships", "Teams", "Competitions", "CompetitionTags", "Tags"),
    "notebook.published": ("Kernels", "KernelTags", "Tags", "KernelVersions", "KernelLanguages"),
    "dataset.published": ("Datasets", "DatasetVersions", "DatasetTags", "Tags"),
}
"""Which tables each kind needs to be told whole."""

_MEMBERS: Final = "SELECT DISTINCT UserId AS uid, TeamId AS team FROM source WHERE UserId IN (SELECT uid FROM person)"

# Of two rows with one id the same is taken each time.
_TEAMS: Final = """
SELECT DISTINCT ON (Id) * FROM source
WHERE Id IN (SELECT team FROM member) AND coalesce(NOT IsBenchmark, true) ORDER BY ALL
"""

_SIZES: Final = """
SELECT TeamId AS team, count(DISTINCT UserId) AS members FROM source
WHERE TeamId IN (SELECT team FROM member) GROUP BY TeamId
"""

# A team without any rank and medal has entered and shown nothing, or its competition goes on.
_RESULTS: Final = f"""
CREATE TABLE result AS
SELECT *, count(*) OVER (PARTITION BY position) AS found FROM (
    SELECT DISTINCT ON (person.position, competition.Id) person.position, team.Id AS team,
           competition.Id AS competition, Slug, Title, DeadlineDate, TotalTeams, CanQualifyTiers, Medal,
           PrivateLeaderboardRank, PublicLeaderboardRank, members
    FROM person JOIN member USING (uid) JOIN team ON team.Id = member.team
         JOIN competition ON competition.Id = team.CompetitionId LEFT JOIN team_size USING (team)
    WHERE coalesce(Medal, PrivateLeaderboardRank, PublicLeaderboardRank) IS NOT NULL AND coalesce(Slug, '') <> ''
    ORDER BY person.position, competition.Id, coalesce(Medal, 9), PrivateLeaderboardRank NULLS LAST, team.Id
)
QUALIFY row_number() OVER (
    PARTITION BY position ORDER BY coalesce(Medal, 9), PrivateLeaderboardRank / TotalTeams NULLS LAST, team
) <= {MOST_RESULTS}
ORDER BY position, team
"""  # noqa: S608  # our own number

_KERNELS: Final = """
SELECT person.position, person.uid, source.* FROM source JOIN person ON person.uid = AuthorUserId
WHERE source.Id IS NOT NULL AND coalesce(CurrentUrlSlug, '') <> ''
"""

_NOTEBOOKS: Final = f"""
CREATE TABLE notebook AS
SELECT *, count(*) OVER (PARTITION BY position) AS found
FROM (SELECT DISTINCT ON (Id) * FROM kernel ORDER BY ALL)
QUALIFY row_number() OVER (PARTITION BY position ORDER BY TotalVotes DESC NULLS LAST, Id) <= {MOST_NOTEBOOKS}
ORDER BY position, Id
"""  # noqa: S608  # our own number

_VERSIONS: Final = (
    "SELECT DISTINCT ON (Id) * FROM source WHERE Id IN (SELECT CurrentKernelVersionId FROM notebook) ORDER BY ALL"
)

# What an organisation owns stands at its own address, whoever made it.
_DATASETS: Final = f"""
SELECT *, count(*) OVER (PARTITION BY position) AS found FROM (
    SELECT DISTINCT ON (source.Id) person.position, person.uid, source.*
    FROM source JOIN person ON person.uid = OwnerUserId
    WHERE source.Id IS NOT NULL AND coalesce(OwnerOrganizationId, 0) <= 0 ORDER BY source.Id, COLUMNS(source.*)
)
QUALIFY row_number() OVER (PARTITION BY position ORDER BY TotalVotes DESC NULLS LAST, Id) <= {MOST_DATASETS}
"""  # noqa: S608  # our own number

_DATASET_VERSIONS: Final = (
    "SELECT DISTINCT ON (Id) * FROM source WHERE Id IN (SELECT CurrentDatasetVersionId FROM dataset) ORDER BY ALL"
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """The joined tables, and what they do not tell.

    Args:
        engine: Holds them.
        scanner: Knows what could not be read.
        unknown: Why a kind is not told whole, of anybody.
        newest_user: The highest user id: later accounts are not in this export.
    """

    engine: Engine
    scanner: Scanner
    unknown: dict[str, str] = field(default_factory=dict)
    newest_user: int = 0


def load_people(engine: Engine, scanner: Scanner, choice: Choice) -> Loaded:
    """Choose people and join all that is told about them. Blocks.

    Raises:
        SiteError: The tables cannot tell who is meant.
        EngineError: The engine was stopped, or the disk is full.
    """
    choose_people(engine, scanner, choice)
    scanner.make("tag", "Tags", "SELECT Id, min(coalesce(Name, Slug)) AS name FROM source GROUP BY Id")
    _load_results(engine, scanner)
    _load_notebooks(engine, scanner)
    _load_datasets(engine, scanner)
    _note_harm(engine)
    unknown = {kind: reason for kind in KINDS if (reason := _reason(scanner, kind))}
    newest = 0
    if choice.uids:
        scanner.make("newest", "Users", "SELECT max(Id) AS uid FROM source")
        newest = engine.value("SELECT uid FROM newest") or 0
    return Loaded(engine, scanner, unknown, newest)


def _load_results(engine: Engine, scanner: Scanner) -> None:
    scanner.make("member", "TeamMemberships", _MEMBERS)
    scanner.make("team", "Teams", _TEAMS)
    scanner.make("team_size", "TeamMemberships", _SIZES)
    scanner.make(
        "competition",
        "Competitions",
        "SELECT DISTINCT ON (Id) * FROM source WHERE Id IN (SELECT CompetitionId FROM team) ORDER BY ALL",
    )
    engine.run(_RESULTS)
    _load_tags(
        engine,
        scanner,
        "result_tag",
        table="CompetitionTags",
        of="CompetitionId",
        owner="SELECT competition FROM result",
    )


def _load_notebooks(engine: Engine, scanner: Scanner) -> None:
    scanner.make("kernel", "Kernels", _KERNELS)
    engine.run(_NOTEBOOKS)
    engine.run("DROP TABLE kernel")
    scanner.make("kernel_version", "KernelVersions", _VERSIONS)
    scanner.make("language", "KernelLanguages", "SELECT Id, min(Name) AS Name FROM source GROUP BY Id")
    _load_tags(engine, scanner, "notebook_tag", table="KernelTags", of="KernelId", owner="SELECT Id FROM notebook")


def _load_datasets(engine: Engine, scanner: Scanner) -> None:
    scanner.make("dataset", "Datasets", _DATASETS)
    scanner.make("dataset_version", "DatasetVersions", _DATASET_VERSIONS)
    _load_tags(engine, scanner, "dataset_tag", table="DatasetTags", of="DatasetId", owner="SELECT Id FROM dataset")


def _load_tags(engine: Engine, scanner: Scanner, name: str, *, table: str, of: str, owner: str) -> None:
    """A table of ids with the names of their tags. ``of`` is the column of the id, ``owner`` where ids come from."""
    ids = f"{name}_id"
    # Our own words make these statements.
    scanner.make(ids, table, f"SELECT DISTINCT {of} AS id, TagId FROM source WHERE {of} IN ({owner})")  # noqa: S608
    tags = "list(DISTINCT name ORDER BY name) AS tags"
    engine.run(f"CREATE TABLE {name} AS SELECT {ids}.id, {tags} FROM {ids} JOIN tag ON tag.Id = TagId GROUP BY 1")  # noqa: S608


# Rows that cannot be read belong to somebody: whoever's id, team, notebook or data set stands in them.
_HARM: Final = """
CREATE TABLE harm AS
SELECT DISTINCT uid, kind FROM (
    SELECT uid, unnest(CASE tab WHEN 'TeamMemberships' THEN ['competition.result']
                                WHEN 'Kernels' THEN ['notebook.published']
                                WHEN 'Datasets' THEN ['dataset.published']
                                WHEN 'UserAchievements' THEN ['profile'] ELSE [] END) AS kind
    FROM person JOIN rejected ON rejected.id = person.uid
    UNION ALL
    SELECT uid, 'competition.result' FROM member JOIN rejected ON rejected.id = member.team
    WHERE tab IN ('Teams', 'TeamMemberships')
    UNION ALL
    SELECT uid, 'competition.result' FROM member JOIN team ON team.Id = member.team
    JOIN rejected ON rejected.id = team.CompetitionId WHERE tab IN ('Competitions', 'CompetitionTags')
    UNION ALL
    SELECT uid, 'notebook.published' FROM notebook JOIN rejected ON rejected.id = notebook.Id WHERE tab = 'KernelTags'
    UNION ALL
    SELECT uid, 'notebook.published' FROM notebook JOIN rejected ON rejected.id = CurrentKernelVersionId
    WHERE tab = 'KernelVersions'
    UNION ALL
    SELECT uid, 'dataset.published' FROM dataset JOIN rejected ON rejected.id = dataset.Id WHERE tab = 'DatasetTags'
    UNION ALL
    SELECT uid, 'dataset.published' FROM dataset JOIN rejected ON rejected.id = CurrentDatasetVersionId
    WHERE tab = 'DatasetVersions'
)
"""


def _note_harm(engine: Engine) -> None:
    engine.run(_HARM)


def _reason(scanner: Scanner, kind: str) -> str:
    """Why a kind is not told whole; empty where it is."""
    return "; ".join(scanner.broken[table] for table in _USED[kind] if table in scanner.broken)
