"""Work that runs is told apart from notebooks, competitions and papers."""

from __future__ import annotations

import pytest

from sourcer.score import Scorer, load_rules
from sourcer.score.production import Work, work_of
from sourcer.skills import load_lexicon
from sourcer.store.reads import StoredEvidence
from support.facts import SEEN, a_brief, a_person, evidence


def work(*found: StoredEvidence) -> Work:
    scorer = Scorer(a_brief(), load_lexicon(), load_rules(), SEEN.date())
    return work_of(scorer, scorer.score(a_person(*found)))


def test_what_lies_in_repositories_is_production() -> None:
    found = work(
        evidence(1, "repo.tree", ["file:Dockerfile", "file:tests/", "file:.github/workflows/"], title="ada/a: files"),
        evidence(2, "repo.dependency", ["pypi:mlflow"], title="ada/a: requirements.txt"),
        evidence(3, "repo.tree", ["file:tests/"], title="ada/b: files"),
        evidence(4, terms=["topic:pytorch"], title="ada/a", measure={"released": 1}),
    )
    assert found.signs == {"tests": 2, "container": 1, "CI": 1, "tracking": 1, "release": 1}
    assert found.production > 0 == found.exploration
    assert found.in_words().startswith("Signs of work that runs, by repositories: tests in 2, CI in 1")


def test_what_people_say_is_no_sign() -> None:
    said = work(evidence(1, terms=["topic:docker", "text:tests, CI, Kubernetes"], title="ada/a"))
    assert (said.signs, said.production, said.in_words()) == ({}, 0, "")


@pytest.mark.parametrize(
    "piece",
    [
        evidence(1, "notebook.published", ["tag:pytorch"]),
        evidence(1, "competition.result", ["tag:nlp"], measure={"percentile": 90}),
        evidence(1, terms=["language:jupyter notebook"], title="ada/a"),
        evidence(1, terms=["topic:arxiv"], title="ada/a"),
    ],
)
def test_notebooks_competitions_and_papers_are_exploration(piece: StoredEvidence) -> None:
    found = work(piece)
    assert found.exploration > 0 == found.production
    assert found.explored == 1


def test_changes_that_others_merged_are_production_where_the_subject_is_ml() -> None:
    assert work(evidence(1, "pr.merged", ["topic:mlops"])).merged == 1
    assert work(evidence(1, "pr.merged", ["topic:docker"])).merged == 0
