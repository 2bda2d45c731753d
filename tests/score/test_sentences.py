"""What a score is made of, in sentences that a recruiter understands."""

from __future__ import annotations

import math
from datetime import date

import pytest

from sourcer.score import Scorer, load_rules
from sourcer.score.rules import read_data
from sourcer.score.sentences import ATTRIBUTED, Sentence, sentences_of, why
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
    tells = {tell for kind in words["kinds"].values() for tell in kind.get("tells", ())}
    assert {name for tell in tells for name in tell.split(" of ")} <= set(words["measures"])


def test_mlops_that_a_platform_stands_for_is_not_said_to_be_built_with() -> None:
    (one,) = told(evidence(1, "repo.dependency", ["pypi:google-cloud-aiplatform"], title="ada/tool: requirements.txt"))
    assert one.text.startswith("The repository “ada/tool” is built with Vertex AI (")
    (both,) = told(
        evidence(1, "repo.dependency", ["pypi:google-cloud-aiplatform"], title="ada/tool: requirements.txt"),
        evidence(2, "repo.owned", ["topic:mlops"], title="ada/tool"),
    )
    assert "is about MLOps" in both.text


def test_a_name_that_holds_an_and_does_not_read_as_two() -> None:
    (one,) = told(evidence(1, "repo.file", ["text:kserve", "text:docker", "text:mlflow"], title="ada/tool: files"))
    assert "KServe & Seldon" in one.text
    assert one.text.count(" and ") == 1


@pytest.mark.parametrize("kind", ["pr.merged", "pr.reviewed"])
def test_the_stars_of_a_repository_are_not_those_of_a_change(kind: str) -> None:
    pull = "https://github.com/a/b/pull/1"
    (one,) = told(evidence(1, kind, ["topic:mlflow"], title="Fix", url=pull, measure={"stars": 14200}))
    assert one.text.endswith(", a repository of 14,200 stars).")


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        ({"rank": 3, "teams": 5000}, "rank 3 of 5,000 teams"),
        ({"gold": 1, "rank": 3, "teams": 5000}, "gold medal, rank 3 of 5,000 teams"),
        ({"rank": 3}, "rank 3"),
        ({"teams": 5000}, "5,000 teams"),
    ],
)
def test_a_rank_is_one_of_its_teams(measure: dict[str, float], words: str) -> None:
    (one,) = told(evidence(1, "competition.result", ["text:mlflow"], title="Forecasts", measure=measure))
    assert one.text.endswith(f"(ended in May 2026, {words}).")


def test_a_notebook_makes_one_sentence() -> None:
    url = "https://kaggle.example.org/code/ada/sales"
    (one,) = told(
        evidence(1, "notebook.published", ["tag:nlp"], title="Sales: a look", url=url, measure={"votes": 64}),
        evidence(2, "notebook.imports", ["import:torch"], title="Sales: a look", url=url),
    )
    assert one.text.startswith("Published the notebook “Sales: a look”, which ")
    assert "imports PyTorch" in one.text
    assert "is about " in one.text
    assert one.text.endswith("64 votes).")
    other = evidence(3, "notebook.imports", ["import:torch"], title="Sales: a look", url=f"{url}-2")
    assert len(told(evidence(2, "notebook.imports", ["import:torch"], title="Sales: a look", url=url), other)) == 2


def test_a_long_title_is_cut() -> None:
    (one,) = told(evidence(1, "answer.given", ["tag:mlflow"], title="How can I " + "log metrics and " * 50))
    quoted = one.text.partition("“")[2].partition("”")[0]
    assert len(quoted) <= 80
    assert quoted.endswith("…")


def line(*pieces: StoredEvidence) -> str:
    return why(SCORER, SCORER.score(a_person(*pieces)))


def test_the_one_line_begins_with_what_the_strongest_sentences_begin_with() -> None:
    pieces = [
        evidence(1, "repo.dependency", ["pypi:mlflow", "pypi:torch"], title="ada/tool: requirements.txt"),
        evidence(2, "repo.file", ["file:Dockerfile"], title="ada/tool: Dockerfile"),
        evidence(3, "pr.merged", ["topic:mlflow"], title="Fix it", url="https://github.com/a/b/pull/1"),
        *(evidence(n, "repo.owned", ["topic:pytorch"], title=f"ada/r{n}") for n in range(4, 12)),
    ]
    first, second, *rest = told(*pieces)
    shown = line(*pieces)
    begin, _, end = first.text.partition(" and has files for ")
    assert shown.startswith(f"{begin} {end[end.index('(') :]}")
    assert second.text in shown
    assert shown.endswith((f" And {len(rest)} more.", f" And {len(rest) - 1} more."))
    assert len(shown) < 350


def test_the_one_line_of_one_thing_is_its_sentence() -> None:
    piece = evidence(1, "tag.score", ["tag:mlflow"], title="mlflow", measure={"score": 40})
    assert line(piece) == told(piece)[0].text
    assert line() == ""


def test_the_one_line_stays_short_and_printable_whatever_titles_hold() -> None:
    odd = evidence(1, "talk.given", ["topic:mlflow"], title="a\nb\u2028c\x07 \u202ed " + "x" * 5000)
    shown = line(odd, *(evidence(n, "talk.given", ["topic:mlflow"], title="y " * 900) for n in range(2, 9)))
    assert shown.isprintable()
    assert len(shown) < 350


def test_a_text_under_a_licence_is_only_quoted_where_an_export_names_its_author() -> None:
    repository = [
        evidence(n, "repo.file", [term], title="ada/tool: file")
        for n, term in enumerate(
            ("text:mlflow", "text:pytorch", "text:dvc", "text:airflow", "text:kubeflow", "text:ray")
        )
    ]
    answer = evidence(50, "answer.given", ["tag:mlops"], title="How?", measure={"score": 0}, licence="CC BY-SA 4.0")
    score = SCORER.score(a_person(*repository, answer))
    attributed = score.strongest_evidence(ATTRIBUTED)
    assert ("How?" in why(SCORER, score)) == (50 in attributed)
    assert "How?" in line(answer)
