"""The score: a sum that adds up, that only evidence moves, and that tells work from noise."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sourcer.brief import Brief
from sourcer.domain import DIMENSIONS
from sourcer.errors import UsageError
from sourcer.score import Score, Scorer, load_rules
from sourcer.skills import load_lexicon
from sourcer.store.columns import to_json
from sourcer.store.reads import PersonFacts, StoredEvidence
from support.facts import a_brief, a_person, a_profile, evidence

pytestmark = pytest.mark.slow

DAY = date(2026, 6, 1)
TERMS = (
    "topic:mlflow", "pypi:torch", "pypi:mlflow", "tag:machine-learning", "tag:java", "language:python", "topic:react",
    "language:javascript", "language:c#", "language:go", "language:c++", "pypi:sagemaker",
    "file:.github/workflows/ci.yml", "file:Dockerfile", "text:PyTorch, MLflow and Kubernetes",
    "text:Go to the beach", "topic:awesome",
    "topic:ray",
)  # fmt: skip
TITLES = (
    *(f"ada/work-{number}" for number in range(9)), "ada/work-1: setup.py", "", "ada/mlflow-demo",
    "ada/awesome-mlops", "How to train with PyTorch?", "ada/titanic",
)  # fmt: skip
KINDS = (
    *["repo.owned"] * 6, "repo.dependency", "repo.file", "pr.merged", "pr.reviewed", "answer.given", "answer.accepted",
    "question.asked", "tag.score", "badge.tag", "competition.result", "notebook.published", "profile.text",
    "talk.given",
)  # fmt: skip
MEASURES = st.dictionaries(
    st.sampled_from(
        ["stars", "score", "fork", "archived", "template", "community_wiki", "class", "votes", "accepted", "released"]
    ),
    st.integers(-3, 500),
    max_size=3,
)
DATES = (
    st.none()
    | st.sampled_from([datetime(2026, 5, 1, hour, tzinfo=UTC) for hour in (1, 2)])
    | st.datetimes(datetime(2009, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
)


@st.composite
def pieces(draw: st.DrawFn) -> list[StoredEvidence]:
    """Up to two dozen pieces of evidence of any kind."""
    return [
        evidence(
            number,
            draw(st.sampled_from(KINDS)),
            draw(st.lists(st.sampled_from(TERMS), max_size=4, unique=True)),
            title=draw(st.sampled_from(TITLES)),
            measure=draw(MEASURES),
            happened_at=draw(DATES),
        )
        for number in range(1, draw(st.integers(1, 24)) + 1)
    ]


BRIEFS = st.sampled_from(
    [
        a_brief(),
        a_brief(must=["pytorch | tensorflow", "mlflow"], nice=["docker"]),
        a_brief(must=["python"], weights={"coding": 0.0, "lifecycle": 3.0}),
    ]
)


def scored(*found: StoredEvidence, brief: Brief | None = None, day: date = DAY) -> Score:
    return scorer(brief, day).score(a_person(*found))


def scorer(brief: Brief | None = None, day: date = DAY) -> Scorer:
    return Scorer(brief or a_brief(), load_lexicon(), load_rules(), day)


def rule(score: Score) -> str:
    return score.strongest()[0].rule


@given(pieces(), BRIEFS)
def test_points_add_up_to_the_score(found: list[StoredEvidence], brief: Brief) -> None:
    score = scored(*found, brief=brief)
    assert abs(sum(item.points for item in score.contributions) - score.score) <= 1e-9
    assert 0 <= score.score <= 100
    assert set(score.dimensions) == set(DIMENSIONS)
    seen = dict.fromkeys(brief.skills.must, 0.0)
    for entry, item in product(seen, score.earnings):
        seen[entry] += item.raw * (item.skill in load_lexicon().alternatives(entry))
    musts = math.prod(load_rules().musts.factor(raw) for raw in seen.values())
    weighted = musts * math.fsum(brief.weights.shares()[name] * value for name, value in score.dimensions.items())
    assert score.score == pytest.approx(weighted, abs=1e-6)
    assert all(item.points > 0 for item in score.contributions)


@given(pieces(), BRIEFS, st.data())
def test_removing_evidence_that_earned_never_raises_the_score(
    found: list[StoredEvidence], brief: Brief, data: st.DataObject
) -> None:
    whole = scored(*found, brief=brief)
    # What earns nothing may be the work off the subject that focus counts.
    earned = {item.evidence.id for item in whole.contributions}
    left_out = data.draw(st.sampled_from([piece for piece in found if piece.id in earned] or found))
    fewer = [piece for piece in found if piece is not left_out]
    # Each of the points is rounded to nine places.
    assert not earned or scored(*fewer, brief=brief).score <= whole.score + 1e-6


@given(pieces(), BRIEFS, st.randoms(use_true_random=False))
def test_order_never_matters(found: list[StoredEvidence], brief: Brief, random: object) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = scored(*found, brief=brief), scored(*shuffled, brief=brief)
    assert one.score == other.score
    assert one.strongest() == other.strongest()
    assert one.dimensions == other.dimensions


@given(pieces(), BRIEFS)
def test_sums_straight_from_rows_give_the_very_score(found: list[StoredEvidence], brief: Brief) -> None:
    one = scorer(brief)
    rows = [
        (piece.kind, piece.title, to_json(piece.terms), to_json(dict(piece.measure)), _day(piece)) for piece in found
    ]
    whole = one.score(a_person(*found))
    sums = one.summer.sums([one.earner.reader.gister.text(rows)])
    assert one.weighed(one.screened(sums)) == (0 if one.excludes(whole) else whole.score)


def _day(piece: StoredEvidence) -> str | None:
    return piece.happened_at.date().isoformat() if piece.happened_at else None


@settings(max_examples=50)
@given(pieces(), st.text(max_size=20), st.text(max_size=20), st.integers(0, 10**6))
def test_only_evidence_moves_the_score(found: list[StoredEvidence], name: str, place: str, followers: int) -> None:
    plain = a_person(*found)
    said = a_profile(login=name, name=f"{name} PyTorch", location=place, bio="MLflow", measure={"followers": followers})
    other = PersonFacts(99, [said], plain.evidence)
    assert scorer().score(plain).score == scorer().score(other).score


def test_a_handle_in_a_repository_name_earns_nothing() -> None:
    renamed = [evidence(1, terms=["topic:mlflow"], title=title) for title in ("ada/tool", "pytorch-guru/tool")]
    assert scored(renamed[0]).score == scored(renamed[1]).score
    assert scored(evidence(1, terms=[], title="pytorch/pytorch")).score == 0
    assert scored(evidence(1, terms=[], title="ada/pytorch-tool")).score > 0


def test_no_evidence_is_no_score() -> None:
    score = scored()
    assert (score.score, score.contributions, score.fullness) == (0, [], {})
    assert set(score.dimensions.values()) == {0.0}


def test_what_happened_after_the_day_is_left_out() -> None:
    end = datetime(2026, 6, 2, tzinfo=UTC)
    assert scored(evidence(1, happened_at=end - timedelta(seconds=1))).score > 0
    assert scored(evidence(1, happened_at=end)).score == 0


def test_work_ages_by_its_half_life_and_counts_a_little_for_ever() -> None:
    def raw(years: float, kind: str) -> float:
        moment = datetime(2026, 6, 2, tzinfo=UTC) - timedelta(days=365.25 * years)
        return scored(evidence(1, kind, happened_at=moment)).earnings[0].raw

    assert raw(2, "repo.owned") == pytest.approx(raw(0.0001, "repo.owned") / 2, rel=1e-3)
    assert raw(3, "answer.given") == pytest.approx(raw(0.0001, "answer.given") / 2, rel=1e-3)
    assert raw(40, "repo.owned") == raw(30, "repo.owned") > 0


def test_an_unknown_date_is_neither_new_nor_old() -> None:
    new, undated, old = (
        scored(evidence(1, happened_at=moment)).score
        for moment in (datetime(2026, 6, 1, tzinfo=UTC), None, datetime(2012, 1, 1, tzinfo=UTC))
    )
    assert old < undated < new


def test_stars_earn_next_to_nothing() -> None:
    few, many = (scored(evidence(1, measure={"stars": stars})).score for stars in (0, 100_000))
    assert few < many < 1.15 * few


def test_a_fork_of_a_famous_repository_earns_next_to_nothing() -> None:
    own, fork = (scored(evidence(1, measure={"stars": 9_000, "fork": fork})) for fork in (0, 1))
    assert fork.earnings[0].raw == pytest.approx(own.earnings[0].raw / 50)
    assert "fork 0.02" in rule(fork)


def test_many_copies_count_as_the_best_of_them() -> None:
    forks = [evidence(number, title=f"ada/work-{number}", measure={"fork": 1}) for number in range(1, 9)]
    assert scored(*forks).score == pytest.approx(scored(forks[0]).score)
    assert "burst 0.12" in rule(scored(*forks))


def test_a_must_that_is_not_seen_takes_a_quarter_of_the_score() -> None:
    piece = evidence(1, "repo.dependency", ("pypi:mlflow",))
    seen, lacking = (scored(piece, brief=a_brief(must=must)) for must in (["mlflow"], ["mlflow", "pytorch"]))
    assert lacking.score == pytest.approx(seen.score * 0.75)
    assert "musts 0.75" in rule(lacking)
    assert "musts 0.99" in rule(seen)


def test_a_list_of_hundreds_of_packages_shares_what_it_is_worth() -> None:
    few, many = (
        scored(evidence(1, "repo.dependency", ("pypi:mlflow", *(f"pypi:p{i}" for i in range(count)))))
        for count in (39, 399)
    )
    assert many.earnings[0].raw == pytest.approx(few.earnings[0].raw / 10)


@pytest.mark.parametrize(
    "name",
    [
        "awesome-mlops", "mlflow-tutorial", "pytorch-course", "100-days-of-ml", "titanic", "MNIST-pytorch",
        "hello-world", "my-dotfiles", "deep-learning-nanodegree", "homework3", "mlops-zoomcamp", "react-clone",
        "learn-pytorch",
    ],
)  # fmt: skip
def test_course_work_lists_and_clones_are_discounted(name: str) -> None:
    real, copied = (scored(evidence(1, title=f"ada/{title}")).earnings[0].raw for title in ("churn-service", name))
    assert copied <= 0.35 * real


@pytest.mark.parametrize("name", ["linkage-engine", "course-recommender-api", "learning-rate-finder", "recopying"])
def test_the_patterns_hold_for_whole_words(name: str) -> None:
    factors = scored(evidence(1, title=f"ada/{name}")).earnings[0].factors
    hit = [factor for factor, _ in factors if factor not in ("size", "age", "focus unknown")]
    assert hit == (["course work"] if name.startswith("course") else [])


def test_a_discount_is_about_the_work_not_the_owner() -> None:
    assert "list of links" not in rule(scored(evidence(1, title="awesome-dev/churn-service")))
    assert "course work" in rule(scored(evidence(1, terms=["topic:mlflow", "topic:tutorial"], title="ada/x")))


def test_a_bio_that_repeats_the_briefs_words_does_not_win() -> None:
    words = (
        "text:PyTorch, TensorFlow, MLflow, Kubeflow, Airflow, Kubernetes, Docker, SageMaker, MLOps, machine learning"
    )
    brief = a_brief(must=["pytorch | tensorflow"], nice=["mlflow", "kubeflow"])
    talk = scored(evidence(1, "profile.text", [words]), brief=brief)
    work = scored(evidence(1, "repo.dependency", ["pypi:mlflow"], title="ada/x: requirements.txt"), brief=brief)
    assert 0 < talk.score < work.score / 3
    assert math.fsum(item.raw for item in talk.earnings) <= load_rules().of("profile.text").base


def test_a_famous_web_developer_is_below_a_contributor() -> None:
    web = [
        evidence(
            n, terms=["language:javascript", "topic:react", "topic:docker"], title=f"ada/app{n}", measure={"stars": 900}
        )
        for n in range(30)
    ]
    bio = evidence(99, "profile.text", ["text:HTML, CSS and Google Docs. I go everywhere."])
    ml = [evidence(n, "pr.merged", ["topic:mlflow", "topic:mlops"], title=f"Fix {n}") for n in range(3)]
    assert scored(*web, bio).score < scored(*ml).score


def test_a_voted_down_answer_earns_nothing() -> None:
    tags = ["tag:pytorch"]
    assert scored(evidence(1, "answer.given", tags, measure={"score": -1})).contributions == []
    none, some, more = (scored(evidence(1, "answer.given", tags, measure={"score": n})).score for n in (0, 5, 500))
    assert 0 < none < some < more < 3.5 * none


def test_an_accepted_answer_is_worth_more_and_a_question_hardly_anything() -> None:
    accepted, given_, asked = (
        scored(evidence(1, kind, ["tag:pytorch"], measure={"score": 3})).score
        for kind in ("answer.accepted", "answer.given", "question.asked")
    )
    assert asked < given_ / 5 < accepted / 5


def test_answers_and_reviews_show_communication_where_the_subject_is_ml() -> None:
    answer = scored(evidence(1, "answer.accepted", ["tag:pytorch"]))
    assert {item.skill for item in answer.contributions} == {"pytorch", "answers"}
    assert answer.dimensions["communication"] > 0
    assert scored(evidence(1, "answer.accepted", ["tag:java"])).dimensions["communication"] == 0
    assert scored(evidence(1, "pr.reviewed", ["topic:kubeflow"])).dimensions["communication"] > 0
    java = a_brief(must=["java"])
    assert scored(evidence(1, "answer.accepted", ["tag:java"]), brief=java).dimensions["communication"] > 0


def test_a_must_weighs_more_than_a_nice_to_have() -> None:
    briefs = a_brief(), a_brief(nice=["mlflow"]), a_brief(must=["mlflow"])
    plain, nice, must = (scored(evidence(1), brief=brief) for brief in briefs)
    assert plain.score < nice.score < must.score
    assert rule(must).endswith("· must")
    assert rule(nice).endswith("· nice")


def test_a_dimension_without_weight_earns_nothing_but_is_seen() -> None:
    brief = a_brief(must=["mlflow"], weights={"lifecycle": 0.0})
    one = scorer(brief)
    score = one.score(a_person(evidence(1)))
    assert score.contributions == []
    assert score.dimensions["lifecycle"] > 0
    assert one.missing(score) == []


def test_missing_musts_are_shown_as_the_brief_writes_them() -> None:
    one = scorer(a_brief(must=["PyTorch | tensorflow", "kubeflow"]))
    assert one.missing(one.score(a_person(evidence(1, terms=["pypi:tensorflow"])))) == ["kubeflow"]
    assert one.missing(one.score(a_person())) == ["PyTorch | tensorflow", "kubeflow"]


def test_only_more_than_a_word_excludes() -> None:
    one = scorer(a_brief(exclude=["java"]))
    assert one.excludes(one.score(a_person(evidence(1, terms=["language:java"]))))
    assert not one.excludes(one.score(a_person(evidence(1, "profile.text", ["text:Java developer"]))))


def test_unknown_skills_of_a_brief_are_refused() -> None:
    for brief in (a_brief(must=["mlfow"]), a_brief(nice=["mlfow"]), a_brief(exclude=["mlflow | mlfow"])):
        with pytest.raises(UsageError, match="did you mean mlflow"):
            scorer(brief)


def test_kinds_of_other_connectors_count_modestly() -> None:
    own, foreign = (scored(evidence(1, kind)).score for kind in ("repo.dependency", "talk.given"))
    assert 0 < foreign < own


def test_saturation_many_small_things_do_not_outweigh_variety() -> None:
    many = scored(*(evidence(n, terms=["language:python"], title=f"ada/x{n}") for n in range(500)))
    varied = scored(
        *(
            evidence(n, "repo.dependency", [f"pypi:{name}"])
            for n, name in enumerate(["mlflow", "torch", "kfp", "feast"])
        )
    )
    assert many.score < varied.score


def test_the_rule_names_its_factors() -> None:
    answer = evidence(
        1, "answer.accepted", ["tag:pytorch"], measure={"score": 5, "community_wiki": 1}, happened_at=None
    )
    assert {item.rule for item in scored(answer).contributions} == {
        "answer.accepted · tag 0.9 · size 1.2 · undated 0.5 · community wiki 0.3 · focus unknown 0.75",
        "answer.accepted · kind 0.9 · size 1.2 · undated 0.5 · community wiki 0.3 · focus unknown 0.75",
    }


def test_two_accounts_of_one_person_add_up() -> None:
    one = evidence(1, "answer.accepted", ["tag:pytorch"])
    other = replace(one, id=2, site="ai")
    assert scored(one).score < scored(one, other).score
