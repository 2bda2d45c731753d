"""The rows of the joined tables, by person."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from sourcer_kaggle.meta.engine import Engine

__all__ = ["Achievement", "Dataset", "Notebook", "Person", "Result", "Rows", "people_after"]


class Person(NamedTuple):
    """Who was chosen, with the place in the order."""

    position: int
    uid: int
    login: str
    name: str | None
    registered: str | None
    country: str | None
    tier: int | None
    standing: int | None


class Achievement(NamedTuple):
    """Tier, points and medals in one category."""

    category: str
    tier: int | None
    points: int | None
    rank: int | None
    highest_rank: int | None
    gold: int | None
    silver: int | None
    bronze: int | None


class Result(NamedTuple):
    """A team's place in a competition. ``found`` counts all results of the person."""

    team: int
    slug: str
    title: str | None
    deadline: str | None
    teams: int | None
    counts: bool | None
    medal: int | None
    rank: int | None
    public_rank: int | None
    members: int | None
    found: int
    tags: list[str] | None


class Notebook(NamedTuple):
    """A notebook. ``found`` counts all notebooks of the person."""

    number: int
    slug: str
    votes: int | None
    medal: int | None
    forked_from: int | None
    evaluated: str | None
    made_public: str | None
    created: str | None
    title: str | None
    language: str | None
    found: int
    tags: list[str] | None


class Dataset(NamedTuple):
    """A data set. ``slug`` is ``None`` where no version of it is told. ``found`` counts all of the person."""

    number: int
    slug: str | None
    title: str | None
    votes: int | None
    downloads: int | None
    medal: int | None
    updated: str | None
    created: str | None
    found: int
    tags: list[str] | None


@dataclass(slots=True)
class Rows:
    """Everything that the tables tell about one person."""

    person: Person
    achievements: list[Achievement] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    notebooks: list[Notebook] = field(default_factory=list)
    datasets: list[Dataset] = field(default_factory=list)
    harmed: list[str] = field(default_factory=list)


_PEOPLE: Final = """
SELECT position, uid, login, name, registered, country, tier, standing FROM person
WHERE position > ? AND position <= ? ORDER BY position
"""

_ACHIEVEMENTS: Final = """
SELECT position, AchievementType, max(achievement.Tier), max(Points), min(CurrentRanking), min(HighestRanking),
       max(TotalGold), max(TotalSilver), max(TotalBronze)
FROM person JOIN achievement ON achievement.UserId = uid
WHERE position > ? AND position <= ? AND AchievementType IS NOT NULL GROUP BY ALL ORDER BY ALL
"""

_RESULTS: Final = """
SELECT position, team, Slug, Title, DeadlineDate, TotalTeams, CanQualifyTiers, Medal, PrivateLeaderboardRank,
       PublicLeaderboardRank, members, found, tags
FROM result LEFT JOIN result_tag ON result_tag.id = competition
WHERE position > ? AND position <= ? ORDER BY position, team
"""

_NOTEBOOKS: Final = """
SELECT position, notebook.Id, CurrentUrlSlug, TotalVotes, Medal, ForkParentKernelVersionId, EvaluationDate,
       MadePublicDate, CreationDate, Title, language.Name, found, tags
FROM notebook LEFT JOIN notebook_tag ON notebook_tag.id = notebook.Id
     LEFT JOIN kernel_version ON kernel_version.Id = CurrentKernelVersionId
     LEFT JOIN language ON language.Id = ScriptLanguageId
WHERE position > ? AND position <= ? ORDER BY position, notebook.Id
"""

_DATASETS: Final = """
SELECT position, dataset.Id, Slug, Title, TotalVotes, TotalDownloads, Medal, dataset_version.CreationDate,
       dataset.CreationDate, found, tags
FROM dataset LEFT JOIN dataset_tag ON dataset_tag.id = dataset.Id
     LEFT JOIN dataset_version ON dataset_version.Id = CurrentDatasetVersionId
WHERE position > ? AND position <= ? ORDER BY position, dataset.Id
"""

_HARMED: Final = """
SELECT position, kind FROM harm JOIN person USING (uid) WHERE position > ? AND position <= ? ORDER BY ALL
"""


def people_after(engine: Engine, position: int, most: int) -> list[Rows]:
    """The next people in order, with everything about them. Blocks."""
    span = (position, position + most)
    people = [Rows(Person._make(row)) for row in engine.rows(_PEOPLE, span)]
    of = {rows.person.position: rows for rows in people}
    for place, *values in engine.rows(_ACHIEVEMENTS, span):
        of[place].achievements.append(Achievement._make(values))
    for place, *values in engine.rows(_RESULTS, span):
        of[place].results.append(Result._make(values))
    for place, *values in engine.rows(_NOTEBOOKS, span):
        of[place].notebooks.append(Notebook._make(values))
    for place, *values in engine.rows(_DATASETS, span):
        of[place].datasets.append(Dataset._make(values))
    for place, kind in engine.rows(_HARMED, span):
        of[place].harmed.append(kind)
    return people
