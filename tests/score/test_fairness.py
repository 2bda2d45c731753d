"""Nothing that stands for a protected trait moves a score, and briefs that ask for it are told so."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from pathlib import Path

import pytest

from sourcer.brief import load_brief
from sourcer.config import Config
from sourcer.score import Scorer, load_rules
from sourcer.score.fairness import concerns_of_brief, concerns_of_lexicon
from sourcer.skills import load_lexicon
from sourcer.store.reads import PersonFacts
from support.facts import a_brief, a_person, a_profile, evidence

DAY = date(2026, 6, 1)
LONG_AGO = datetime(2010, 1, 1, tzinfo=UTC)
NAMES = [f"{first} Meyer" for first in (
    "Ray", "Julia", "Jax", "Bert", "Gan", "Argo", "Comet", "Theano", "Arima", "Prefect", "Go", "Java", "Scala",
    "Rust", "Beam", "Feast", "Flower", "Delta", "Spark", "Helm", "Jenkins", "Presto", "Triton", "Tecton",
    "Pinecone", "Iceberg", "Snowflake", "Sacred", "Neptune", "Airflow", "Kafka",
)]  # fmt: skip
"""Names of tools, as people may be called."""

SHIPPED = sorted(Path(str(resources.files("sourcer"))).glob("*/brief*.toml")) + sorted(
    Path(str(resources.files("sourcer") / "briefs")).glob("*.toml")
)


def somebody(
    *,
    name: str = "Ada Example",
    login: str = "ada",
    place: str = "Kraków, Poland",
    country: str | None = "PL",
    says: str = "She",
    gap: int = 0,
    bio: str = "I'm {first}. {says} builds models with PyTorch and MLflow. Lives in {place}.",
) -> PersonFacts:
    """The same work by whoever: only name, handle, place, pronoun, and the years between old pieces differ."""
    bio = bio.format(first=name.split(maxsplit=1)[0], name=name, says=says, place=place)
    old = [
        evidence(
            number,
            "repo.owned",
            ("topic:mlflow", "language:python"),
            title=f"{login}/model-{number}",
            happened_at=LONG_AGO + timedelta(days=200 * number + (gap if number > 3 else 0)),
        )
        for number in range(1, 7)
    ]
    return a_person(
        *old,
        evidence(20, "pr.merged", ("topic:kubeflow",), title="acme/platform#7: faster pipelines"),
        evidence(21, "answer.accepted", ("tag:pytorch",), title="How to export a model?", measure={"score": 4}),
        evidence(22, "profile.text", (f"text:{bio}",), happened_at=None),
        profiles=[
            replace(
                a_profile(login=login, name=name, location=place, country=country, bio=bio), account_created_at=None
            )
        ],
    )


def score_of(person: PersonFacts) -> float:
    return Scorer(a_brief(must=["mlflow"]), load_lexicon(), load_rules(), DAY).score(person).score


@pytest.mark.parametrize(
    "name", ["Bartholomew Example", "Ai Example", "Kafka Example", "Лариса Приклад", "Dagster Example", *NAMES]
)
def test_a_name_moves_no_score(name: str) -> None:
    assert score_of(somebody(name=name)) == score_of(somebody()) > 0


@pytest.mark.parametrize(
    "bio",
    [
        "{name}, data scientist. Python and PyTorch",
        "Data engineer {name} | Python | Kubernetes",
        "Dr. {name}. Machine learning in Python",
        "My name is {name}, I build models with TensorFlow and SQL",
        "{name} here. Software engineer: data pipelines, Python",
    ],
)
@pytest.mark.parametrize("name", [*NAMES, "John R. Doe", "John C. Doe", "R. Kumar"])
def test_a_name_in_any_kind_of_bio_moves_no_score(name: str, bio: str) -> None:
    named, other = (score_of(somebody(name=each, bio=bio)) for each in (name, "Zoë Sample"))
    assert named == other


@pytest.mark.parametrize(("name", "must"), [("Jax Meyer", "jax"), ("Ray Meyer", "ray"), ("John R. Doe", "r")])
def test_a_name_meets_no_must(name: str, must: str) -> None:
    scorer = Scorer(a_brief(must=[must]), load_lexicon(), load_rules(), DAY)
    for bio in ("Hi, I'm {first}. Machine learning engineer, PyTorch", "{name}. Machine learning in Python"):
        named, other = (scorer.score(somebody(name=each, bio=bio)) for each in (name, "Ann Sample"))
        assert scorer.missing(named) == scorer.missing(other) == [must]
        assert named.score == other.score


@pytest.mark.parametrize("login", ["mlflow-girl", "pytorch", "x", "grandpa1950"])
def test_a_handle_moves_no_score(login: str) -> None:
    assert score_of(somebody(login=login)) == score_of(somebody())


@pytest.mark.parametrize(
    ("place", "country"),
    [
        ("Java, Indonesia", "ID"),
        ("Poland", "PL"),
        ("Milano", "IT"),
        ("Iron Mountain", "US"),
        ("Lagos", "NG"),
        ("Delta, Colorado 81416", "US"),
        ("", None),
    ],
)
def test_a_place_moves_no_score(place: str, country: str | None) -> None:
    assert score_of(somebody(place=place, country=country)) == score_of(somebody())


@pytest.mark.parametrize("says", ["He", "They", "Xe", "He/him", "Man who"])
def test_a_pronoun_moves_no_score(says: str) -> None:
    assert score_of(somebody(says=says)) == score_of(somebody())


@pytest.mark.parametrize("gap", [100, 700, 1500])
def test_a_gap_long_ago_moves_no_score(gap: int) -> None:
    assert score_of(somebody(gap=gap)) == score_of(somebody())


def test_a_picture_is_never_stored() -> None:
    facts = somebody()
    assert not any("avatar" in field or "photo" in field for field in facts.profiles[0].__dataclass_fields__)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_no_shipped_brief_stands_for_a_trait(path: Path) -> None:
    assert concerns_of_brief(load_brief(Config(), str(path))) == []


def test_there_are_shipped_briefs() -> None:
    assert len(SHIPPED) > 4


def test_no_word_of_the_lexicon_stands_for_a_trait() -> None:
    assert concerns_of_lexicon(load_lexicon()) == []


@pytest.mark.parametrize(
    ("text", "trait"),
    [
        ("class of 2015", "age (year of graduation)"),
        ("graduated in 2019", "age (year of graduation)"),
        ("Wellesley", "gender"),
        ("women's college", "gender"),
        ("Women who code", "gender"),
        ("she/her", "gender (pronouns)"),
        ("recent graduates", "age"),
        ("max 10 years of experience", "age"),
        ("under 30", "age"),
        ("native English speaker", "origin"),
        ("citizenship", "origin"),
        ("last name", "origin (names)"),
        ("zip code", "origin (where people live)"),
        ("94103", "origin (where people live)"),
        ("Stanford University", "schooling"),
        ("married", "family"),
        ("career gaps", "family and health (gaps)"),
        ("profile picture", "health and body"),
        ("church", "belief"),
    ],
)
def test_a_brief_that_asks_for_a_trait_is_told(text: str, trait: str) -> None:
    (concern,) = concerns_of_brief(a_brief(nice=[text]))
    assert (concern.where, concern.text, concern.trait) == ("[skills] nice", text, trait)
    assert concern.reason in str(concern)


@pytest.mark.parametrize(
    "text", ["mlflow", "image classification", "race condition", "python-3.x", "manim", "message queues"]
)
def test_ordinary_words_are_no_concern(text: str) -> None:
    assert concerns_of_brief(a_brief(nice=[text])) == []


def test_what_is_discovered_by_and_own_lexicons_are_looked_at_too(tmp_path: Path) -> None:
    brief = a_brief().model_copy(
        update={"discover": a_brief().discover.model_validate({"github": {"topics": ["pyladies"]}})}
    )
    assert [concern.where for concern in concerns_of_brief(brief)] == ["[discover] github.topics"]
    own = tmp_path / "own.toml"
    own.write_text('[skills.pytorch]\naliases = ["girls who code"]\n', encoding="utf-8")
    assert [concern.where for concern in concerns_of_lexicon(load_lexicon(own))] == ["[skills.pytorch] aliases"]
