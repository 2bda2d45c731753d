"""The labelled people of ``ranking.py``: read from two tables, stored as the GitHub connector would, by other scorers.

The tables are those of ``shared/data/truth/github_city_profiles``: people.csv.gz and repos.csv.gz.
"""

from __future__ import annotations

import csv
import gzip
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np

from sourcer.brief import Brief
from sourcer.connect import Done, Item, Ref
from sourcer.skills import Lexicon
from sourcer.store.database import Database
from sourcer.store.runs import start_run
from sourcer.store.units import Unit, commit_unit
from sourcer_github.observe import bio_evidence, profile_of, repository_evidence
from sourcer_github.wire.people import RepositoryNode, UserNode

Values = np.ndarray[Any, np.dtype[np.float64]]

SEEN: Final = datetime(2024, 11, 1, tzinfo=UTC)
"""After the last repository of the tables was made."""

ML_WORDS: Final = re.compile(
    r"machine|learning|deep|neural|nets?|nn|cnn|rnn|lstm|gan|ml|ai|nlp|cv|vision|tensorflow|pytorch|torch|keras|sklearn|"
    r"kaggle|data|bert|gpt|llm|bayes\w*|regression|classifi\w+|segmentation|detection|recognition|reinforcement|mlops|mlflow"
)
WEB: Final = frozenset({"JavaScript", "TypeScript", "HTML", "CSS", "SCSS", "PHP", "Vue", "Ruby", "CoffeeScript"})
QUERY: Final = ("machine", "learning", "mlops")


@dataclass
class Labelled:
    """One person of the tables; ``repositories`` are name, language, stars and the month they were made in."""

    row: Mapping[str, str]
    repositories: list[tuple[str, str, int, str]] = field(default_factory=list)

    @property
    def is_ml(self) -> bool:
        """The label."""
        return self.row["musae_ml_target"] == "1"

    @property
    def bio(self) -> str:
        """What they say about themselves, names masked."""
        return self.row["bio_masked"]

    def share(self, *languages: str) -> float:
        """The share of repositories in these languages."""
        return sum(one[1] in languages for one in self.repositories) / max(1, len(self.repositories))

    def ml_words(self) -> float:
        """The share of repositories with an ML word in the name."""
        hits = sum(any(ML_WORDS.fullmatch(word) for word in words(one[0])) for one in self.repositories)
        return hits / max(1, len(self.repositories))


def words(text: str) -> list[str]:
    """The words of a text or a repository's name, folded."""
    return re.findall(r"[a-z]+|[0-9]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", text).lower())


def read_people(folder: Path) -> list[Labelled]:
    """Everybody with a label, in the order of the table.

    Raises:
        SystemExit: The tables are not there.
    """
    if not (folder / "people.csv.gz").is_file():
        raise SystemExit(f"{folder}: no people.csv.gz there; --data names the folder")
    people = {row["person"]: Labelled(row) for row in _rows(folder / "people.csv.gz") if row["musae_ml_target"]}
    for row in _rows(folder / "repos.csv.gz"):
        if row["person"] in people:
            one = (row["repo"], row["language"], int(row["stars"] or 0), row["created_month"])
            people[row["person"]].repositories.append(one)
    return list(people.values())


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def store(database: Database, brief: Brief, people: Sequence[Labelled], *, bios: bool, dated: bool) -> None:
    """Store people as the connector's own builders make them of an answer; account ``n`` is the person at ``n - 1``.

    Args:
        database: An empty one.
        brief: For which they are found.
        people: Whom.
        bios: Whether what they say about themselves is stored, too.
        dated: Whether the month in which a repository was made stands for its last push, which the tables lack.
    """
    with database.write() as connection:
        run = start_run(
            connection, brief=brief.name, purpose="", config_digest="", versions={}, now=SEEN, connectors=("github",)
        )
    for number, person in enumerate(people, 1):
        unit = Unit(
            chain=run.chain, run_id=run.id, brief=brief.name, connector="github", connector_version="1", seen_at=SEEN,
            phase="discover", items=list(_items(number, person, bios=bios, dated=dated)),
        )  # fmt: skip
        with database.write() as connection:
            commit_unit(connection, unit)


def _items(number: int, person: Labelled, *, bios: bool, dated: bool) -> Iterator[Item]:
    login = f"x{number}q"
    ref = Ref("github", str(number), login)
    user = UserNode(id=f"U{number}", login=login, url=f"https://github.example.org/{login}", bio=person.bio or None)
    yield ref
    yield profile_of(ref, user)
    if bios and (told := bio_evidence(ref, user)) is not None:
        yield told
    for place, (name, language, stars, month) in enumerate(person.repositories):
        node = RepositoryNode.model_validate({
            "id": f"R{number}-{place}", "nameWithOwner": f"{login}/{name}", "stargazerCount": stars,
            "url": f"https://github.example.org/{login}/{place}", "createdAt": f"{month}-01T00:00:00Z",
            "primaryLanguage": {"name": language} if language else None,
            "pushedAt": f"{month}-01T00:00:00Z" if dated else None,
        })  # fmt: skip
        yield repository_evidence(ref, node, whole=False)
    yield Done(ref, ("repo.owned", "profile.text"))


def baselines(people: Sequence[Labelled], lexicon: Lexicon) -> dict[str, Values]:
    """What simpler scorers say, by their names; those that read bios say so."""
    python = _each(people, lambda one: one.share("Python", "Jupyter Notebook"))
    named = _each(people, Labelled.ml_words)
    web = _each(people, lambda one: one.share(*WEB))
    bio = _each(people, lambda one: _bio(one, lexicon))
    followers = _each(people, lambda one: float(one.row["followers"]))
    repositories = _each(people, lambda one: float(one.row["public_repos"]))
    return {
        "followers": followers,
        "stars": _each(people, lambda one: sum(repo[2] for repo in one.repositories)),
        "published ranker: activity (followers and repositories)": np.log1p(followers) + np.log1p(repositories),
        "published ranker: relevance (query words anywhere)": _each(people, _anywhere),
        "keyword in bio": bio,
        "BM25 over bio and repository names": bm25(people),
        "share of repositories with an ML word": named,
        "share of Python and Jupyter": python,
        "untuned blend: the last two, bio, less web": named + python + 0.3 * bio - web,
    }


def features(people: Sequence[Labelled], lexicon: Lexicon) -> Values:
    """What the fitted baseline, a logistic regression, sees of each person."""
    columns = [
        _each(people, Labelled.ml_words),
        _each(people, lambda one: _bio(one, lexicon)),
        _each(people, lambda one: math.log1p(float(one.row["followers"]))),
        _each(people, lambda one: math.log1p(len(one.repositories))),
    ]
    languages = Counter(repo[1] for one in people for repo in one.repositories if repo[1])
    columns += [_each(people, lambda one, name=name: one.share(name)) for name, _ in languages.most_common(20)]
    return np.column_stack(columns)


def bm25(people: Sequence[Labelled]) -> Values:
    """Okapi BM25 of the query over bio and repository names, with the usual 1.2 and 0.75."""
    texts = [Counter(words(" ".join((one.bio, *(repo[0] for repo in one.repositories))))) for one in people]
    lengths = [sum(text.values()) for text in texts]
    mean = sum(lengths) / len(lengths)
    scores = np.zeros(len(texts))
    for word in QUERY:
        holding = sum(word in text for text in texts)
        rarity = math.log(1 + (len(texts) - holding + 0.5) / (holding + 0.5))
        for place, text in enumerate(texts):
            norm = text[word] + 1.2 * (0.25 + 0.75 * lengths[place] / mean)
            scores[place] += rarity * text[word] * 2.2 / norm
    return scores


def _each(people: Sequence[Labelled], value: Any) -> Values:
    return np.array([value(one) for one in people], dtype=np.float64)


def _bio(person: Labelled, lexicon: Lexicon) -> float:
    found = lexicon.skills_of((f"text:{person.bio}",))
    return float(any(lexicon.skills[skill].relevance >= 0.6 for skill in found))


def _anywhere(person: Labelled) -> float:
    """How many of the query's letters groups stand anywhere, also within words: "ML" in "HTML", "go" in "Google"."""
    text = " ".join(
        (person.bio, *(one[0] for one in person.repositories[:100]), *(one[1] for one in person.repositories))
    )
    return sum(word in text.lower() for word in ("ml", "machine learning", "mlops", "python", "pytorch", "tensorflow"))
