"""Focus: shares of work on the subject count beside depth, what is proven loses little, what is unknown is neutral."""

from __future__ import annotations

import pytest

from sourcer.score import Score, Scorer, load_rules
from sourcer.score.focus import Focus
from sourcer.skills import load_lexicon
from sourcer.store.reads import StoredEvidence
from support.facts import SEEN, a_brief, a_person, evidence

RULES = load_rules().focus


def repositories(language: str, count: int, start: int = 100, name: str = "work") -> list[StoredEvidence]:
    terms = [f"language:{language}"] if language else []
    return [evidence(start + n, terms=terms, title=f"ada/{name}-{start + n}") for n in range(count)]


def scored(*found: StoredEvidence) -> Score:
    return Scorer(a_brief(), load_lexicon(), load_rules(), SEEN.date()).score(a_person(*found))


def balance(*found: StoredEvidence) -> float | None:
    return scored(*found).earned.focus.balance


def test_the_balance_is_the_share_on_the_subject_less_the_share_of_web_work() -> None:
    on, web, other = repositories("python", 6), repositories("php", 3, 200), repositories("c#", 1, 300)
    assert balance(*on, *web, *other) == pytest.approx((6 - 3) / (10 + RULES.prior))


def test_an_ml_word_puts_a_repository_on_the_subject_whatever_its_language() -> None:
    assert balance(*repositories("javascript", 5, name="pytorch-demo")) == pytest.approx(5 / (5 + RULES.prior))


def test_what_tells_nothing_does_not_count() -> None:
    on = repositories("python", 6)
    assert balance(*on) == balance(*on, *repositories("", 9, 200), *repositories("go", 9, 300))


def test_a_deep_look_moves_a_web_repository_onto_the_subject() -> None:
    web = repositories("javascript", 5)
    proof = evidence(1, "repo.dependency", ["pypi:mlflow"], title=f"{web[0].title}: requirements.txt")
    assert balance(*web) == pytest.approx(-5 / (5 + RULES.prior))
    assert balance(*web, proof) == pytest.approx((1 - 4) / (5 + RULES.prior))


def test_fewer_than_five_repositories_are_unknown_and_neutral() -> None:
    few, enough = scored(*repositories("python", 4)), scored(*repositories("python", 5))
    assert few.earned.focus.balance is None
    assert all("focus unknown 0.5" in item.rule for item in few.contributions)
    assert enough.earned.focus.balance is not None


def test_focus_cannot_lower_before_five_repositories_are_known_to_be_off_the_subject() -> None:
    hint = evidence(1, terms=["text:mlflow"], title="ada/a")
    assert scored(hint, *repositories("php", 4)).earned.focus.hint == RULES.unknown
    assert scored(hint, *repositories("php", 5)).earned.focus.hint < RULES.unknown


def test_a_hint_counts_as_far_as_the_rest_of_the_work_bears_it_out() -> None:
    hint = evidence(1, terms=["text:mlflow"], title="ada/a")
    alone, web, focused = (
        next(item.raw for item in scored(hint, *others).earnings if item.skill == "mlflow")
        for others in ([], repositories("javascript", 40), repositories("python", 40))
    )
    assert web < alone / 1000
    assert focused > 1.5 * alone


def test_a_proof_keeps_half_of_its_worth_among_any_other_work() -> None:
    proof = evidence(1, "repo.dependency", ["pypi:mlflow"], title="ada/a: requirements.txt")
    web, focused = (
        next(item.raw for item in scored(proof, *others).earnings if item.skill == "mlflow")
        for others in (repositories("javascript", 40), repositories("python", 40))
    )
    assert focused / 2 < web < focused


def test_repositories_of_one_day_count_as_a_few_of_them() -> None:
    bulk = [evidence(n, terms=["topic:mlflow"], title=f"ada/x{n}") for n in range(50)]
    few, many = scored(*bulk[:5]), scored(*bulk)
    assert sum(item.raw for item in many.earnings) == pytest.approx(
        sum(item.raw for item in few.earnings) * many.earned.focus.proven / few.earned.focus.proven
    )
    assert "burst 0.1" in many.contributions[0].rule


def test_signs_of_work_that_runs_raise_what_a_repository_proves() -> None:
    dependency = evidence(1, "repo.dependency", ["pypi:torch"], title="ada/a: requirements.txt")
    signs = [
        evidence(2, "repo.tree", ["file:Dockerfile", "file:tests/"], title="ada/a: files"),
        evidence(3, terms=["topic:pytorch"], title="ada/a", measure={"released": 1}),
    ]
    plain, running = (scored(*found).earnings for found in ([dependency], [dependency, *signs]))
    assert running[0].raw == pytest.approx(plain[0].raw * 1.3)
    assert "runs 1.3" in running[0].rule
    elsewhere = [evidence(2, "repo.tree", ["file:Dockerfile"], title="ada/b: files")]
    assert "runs" not in scored(dependency, *elsewhere).earnings[0].rule
    called = evidence(4, terms=["topic:docker", "text:tests, CI and Docker"], title="ada/a")
    assert "runs" not in scored(dependency, called).earnings[0].rule


def test_software_in_general_counts_a_fifth_where_a_repository_shows_no_machine_learning() -> None:
    container = evidence(1, "repo.file", ["file:Dockerfile"], title="ada/a: Dockerfile")
    model = evidence(2, "repo.dependency", ["pypi:torch"], title="ada/a: requirements.txt")
    apart, together = (
        next(item for item in scored(*found).earnings if item.skill == "docker")
        for found in ([container], [container, model])
    )
    assert apart.raw == pytest.approx(together.raw / 5)
    assert "off the subject 0.2" in apart.rule


def test_work_on_a_managed_platform_shows_the_life_cycle() -> None:
    proof = scored(evidence(1, "repo.dependency", ["pypi:sagemaker"], title="ada/a: requirements.txt"))
    assert {item.skill for item in proof.contributions} == {"sagemaker", "mlops"}
    assert any("platform 0.6" in item.rule for item in proof.contributions)
    said = scored(evidence(1, terms=["text:sagemaker"], title="ada/a"))
    assert {item.skill for item in said.contributions} == {"sagemaker"}


@pytest.mark.parametrize(
    ("hint", "words"),
    [
        (1.0, "counts in full"),
        (0.8, "counts for most of its worth"),
        (0.5, "counts half"),
        (0.25, "counts a little"),
        (0.05, "hardly counts"),
        (2.8e-14, "hardly counts at all"),
    ],
)
def test_a_factor_is_told_in_plain_words(hint: float, words: str) -> None:
    line = Focus(hint, 1.0, 0.8, 0.3, 40).in_words()
    assert line.startswith("Focus: 40 repositories tell what they are about; what only hints at a skill ")
    assert f") {words}, what proves one" in line
    assert line.endswith(" counts in full.")
    assert not any(digit in line.replace("40", "") for digit in "0123456789")


def test_few_repositories_are_counted_in_grammar() -> None:
    assert Focus(0.5, 0.75, 0.8, None, 1).in_words() == "Focus: unknown, only 1 repository tells what it is about."
    assert Focus(0.5, 0.75, 0.8, None, 3).in_words() == "Focus: unknown, only 3 repositories tell what they are about."
    assert Focus(0.5, 0.75, 0.8, None, 0).in_words() == ""
