"""What a score is made of, in sentences that a recruiter understands."""

from __future__ import annotations

import math
from datetime import date

import pytest

from sourcer.score import Scorer, load_rules
from sourcer.score.rules import read_data
from sourcer.score.sentences import Sentence, sentences_of
from sourcer.skills import load_lexicon
from sourcer.store.facts import StoredEvidence
from support.facts import a_brief, a_person, evidence

SCORER = Scorer(a_brief(must=["mlflow"]), load_lexicon(), load_rules(), date(2026, 6, 1))


def told(*pieces: StoredEvidence) -> list[Sentence]:
    return sentences_of(SCORER, SCORER.score(a_person(*pieces)).strongest())


def test_all_pieces_of_a_repository_make_one_sentence_with_each_skill_once() -> None:
    (one,) = told(
        evidence(1, "repo.owned", ["topic:mlflow"], title="ada/tool", measure={"stars": 1200}),
        evidence(2, "repo.dependency", ["pypi:mlflow", "pypi:torch"], title="ada/tool: requirements.txt"),
        evidence(3, "repo.file", ["file:Dockerfile"], title="ada/tool: Dockerfile"),
    )
    assert one.text.startswith("The repository “ada/tool” is built with ")
    assert "PyTorch" in one.text
    assert "has files for Docker" in one.text
    assert one.text.count("MLflow") == 1
    assert "1,200 stars" in one.text
    assert set(one.evidence) == {1, 2, 3}


def test_changes_that_one_repository_took_make_one_sentence() -> None:
    pulls = [
        evidence(n, "pr.merged", ["topic:mlflow"], title=f"Change {n}", url=f"https://github.com/a/b/pull/{n}")
        for n in (1, 2)
    ]
    other = evidence(3, "pr.merged", ["topic:mlflow"], title="Other", url="https://github.com/c/d/pull/3")
    texts = [one.text for one in told(*pulls, other)]
    assert [text.partition(":")[0] for text in texts] == [
        "a/b took over 2 changes, such as “Change 1”", "c/d took over a change, “Other”",
    ]  # fmt: skip


def test_an_answer_names_its_licence_and_numbers() -> None:
    piece = evidence(1, "answer.accepted", ["tag:mlflow"], title="How?", measure={"score": 40}, licence="CC BY-SA 4.0")
    (one,) = told(piece)
    assert one.text.startswith("Answered “How?”, and the answer was accepted: MLflow (in ")
    assert one.text.endswith(", score 40, CC BY-SA 4.0).")
    assert one.url == piece.url


@pytest.mark.parametrize("kind", [*load_rules().kinds, "talk.given"])
def test_every_kind_has_words(kind: str) -> None:
    (one,) = told(evidence(1, kind, ["topic:mlflow", "tag:mlflow", "text:mlflow"], title="Thing"))
    assert "{" not in one.text
    assert "MLflow" in one.text
    assert one.text.endswith(".")


def test_the_strongest_is_first_and_points_add_up() -> None:
    score = SCORER.score(a_person(*(evidence(n, "repo.owned", ["topic:mlflow"], title=f"a/r{n}") for n in range(9))))
    found = sentences_of(SCORER, score.strongest())
    assert [one.points for one in found] == sorted((one.points for one in found), reverse=True)
    assert math.isclose(math.fsum(one.points for one in found), score.score, abs_tol=1e-9)


def test_every_measure_that_is_told_has_words() -> None:
    import tomllib

    words = tomllib.loads(read_data("wording.toml"))
    assert {name for kind in words["kinds"].values() for name in kind.get("tells", ())} <= set(words["measures"])
