"""The traps of ranking people by what they show, each by its name, through the real lexicon, rules and scorer."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from importlib import resources

import pytest

from sourcer.brief import load_brief
from sourcer.config import Config
from sourcer.score import Score, Scorer, load_rules
from sourcer.skills import load_lexicon
from sourcer.store.reads import PersonFacts, StoredEvidence
from support.facts import a_brief, a_person, a_profile, evidence

DAY = date(2026, 6, 1)
LATELY = datetime(2026, 5, 1, tzinfo=UTC)


def scored(person: PersonFacts, brief: str = "mlops-engineer") -> Score:
    folder = resources.files("sourcer") / "briefs"
    loaded = load_brief(Config(), str(folder / f"{brief}.toml"))
    return Scorer(loaded, load_lexicon(), load_rules(), DAY).score(person)


def repositories(*titles: str, terms: tuple[str, ...] = ("language:python",), **measure: float) -> list[StoredEvidence]:
    """Repositories of one's own, a week apart."""
    return [
        evidence(
            100 + number,
            "repo.owned",
            terms,
            title=f"ada/{title}",
            measure=measure,
            happened_at=LATELY - timedelta(days=7 * number),
        )
        for number, title in enumerate(titles)
    ]


def works(count: int = 6, **measure: float) -> list[StoredEvidence]:
    """Plain work on MLflow, of which nothing is discounted."""
    titles = [f"serving-{number}" for number in range(count)]
    return repositories(*titles, terms=("language:python", "topic:mlflow"), **measure)


def a_contributor() -> PersonFacts:
    """Somebody whose changes MLflow and Kubeflow merged, with hardly a follower."""
    merged = [
        evidence(number, "pr.merged", (f"topic:{tool}", "language:python"), title=f"{tool}/{tool}#{number}")
        for number, tool in enumerate(["mlflow", "kubeflow", "mlflow", "kubeflow"], 1)
    ]
    return a_person(*merged, profiles=[a_profile(measure={"followers": 3})])


def a_web_developer(**measure: float) -> PersonFacts:
    """Somebody with many followers and much web work, and a bio that says so."""
    pages = repositories(*(f"site-{number}" for number in range(20)), terms=("language:javascript", "topic:react"))
    bio = evidence(1, "profile.text", ("text:Web developer. HTML, CSS, Google Docs.",), happened_at=None)
    return a_person(bio, *pages, profiles=[a_profile(measure=measure)])


def test_trap_a_web_developer_with_followers_is_below_a_contributor_to_mlflow() -> None:
    popular = scored(a_web_developer(followers=1200, stars=5000, reputation=90_000))
    assert popular.score == 0
    assert scored(a_contributor()).score > 15


def test_trap_followers_without_repositories_earn_nothing() -> None:
    famous = a_person(profiles=[a_profile(measure={"followers": 90_000, "reputation": 500_000})])
    assert scored(famous).score == 0
    quiet, loud = (a_person(*works(), profiles=[a_profile(measure={"followers": count})]) for count in (0, 90_000))
    assert scored(quiet).score == scored(loud).score


def test_trap_stars_alone_are_worth_next_to_nothing() -> None:
    plain, starred = (scored(a_person(*works(stars=stars))).score for stars in (0.0, 50_000.0))
    assert plain <= starred <= 1.15 * plain
    assert scored(a_person(*repositories("site", terms=("language:javascript",), stars=50_000.0))).score == 0


@pytest.mark.parametrize(
    "text", ["HTML and Google Docs", "Googling since 2009, XHTML", "a javanese gamelan player", "Django and MongoDB"]
)
def test_trap_substring_words_show_neither_ml_nor_go(text: str) -> None:
    person = a_person(evidence(1, "profile.text", (f"text:{text}",), happened_at=None))
    brief = a_brief(must=["ML", "Go"], nice=["Java", "R", "C"])
    scorer = Scorer(brief, load_lexicon(), load_rules(), DAY)
    score = scorer.score(person)
    assert score.score == 0
    assert scorer.missing(score) == ["ML", "Go"]


def test_trap_forks_of_famous_repositories_are_not_own_work() -> None:
    names = ["pytorch", "mlflow", "kubeflow", "transformers", "tensorflow", "airflow"]
    terms = ("language:python", "topic:mlflow", "topic:pytorch")
    six_forks = scored(a_person(*repositories(*names, terms=terms, fork=1.0)))
    one_own, six_own = (scored(a_person(*repositories(*names[:count], terms=terms))) for count in (1, 6))
    many_forks = scored(a_person(*repositories(*(f"{names[0]}-{n}" for n in range(60)), terms=terms, fork=1.0)))
    assert six_forks.score < 0.2 * one_own.score < 0.2 * six_own.score
    assert many_forks.score < 0.2 * one_own.score


@pytest.mark.parametrize("title", ["pytorch-clone", "mlflow-copy", "my-fork"])
def test_trap_clones_are_not_own_work(title: str) -> None:
    terms = ("language:python", "topic:mlflow")
    cloned = scored(a_person(*repositories(*(f"{title}-{number}" for number in range(6)), terms=terms)))
    assert cloned.score < 0.2 * scored(a_person(*works(1))).score


@pytest.mark.parametrize(
    "title",
    [
        "titanic-survival", "mnist-digits", "100-days-of-ml-code", "iris-classifier", "mlops-zoomcamp", "mlops-course",
        "machine-learning-tutorial", "learning-mlflow", "house-prices-kaggle", "cats-vs-dogs", "100DaysOfMLCode",
        "MNISTClassifier", "PyTorchTutorial", "MLZoomcamp", "catsvsdogs", "cifar100", "digit-recognizer", "coursera-ml",
        "cs231n", "leetcode", "ML-For-Beginners", "learn-mlflow",
    ],
)  # fmt: skip
def test_trap_tutorial_clones_earn_less_than_own_work(title: str) -> None:
    terms = ("language:python", "topic:mlflow")
    copied = scored(a_person(*repositories(title, terms=terms)))
    assert copied.score < 0.7 * scored(a_person(*works(1))).score


@pytest.mark.parametrize(
    "description", ["Udacity nanodegree, project 3", "100 days of ML code", "My homework of week four"]
)
def test_trap_course_work_says_so_in_its_description(description: str) -> None:
    terms = ("language:python", "topic:mlflow")
    done = scored(a_person(*repositories("project", terms=(*terms, f"text:{description}"))))
    assert done.score < 0.7 * scored(a_person(*repositories("project", terms=terms))).score


@pytest.mark.parametrize(
    "title",
    [
        "scikit-learn-serving", "imbalanced-learn", "metric-learn", "kubernetes-resources-exporter", "mirror-maker",
        "copy-on-write-store", "model-backup-operator", "config-operator", "irish-speech", "classification-service",
    ],
)  # fmt: skip
def test_ordinary_names_are_neither_course_work_nor_copies(title: str) -> None:
    terms = ("language:python", "topic:mlflow")
    earned = scored(a_person(*repositories(title, terms=terms))).contributions
    assert not any(word in item.rule for item in earned for word in ("course", "textbook", "clone", "list", "settings"))


def test_trap_changes_of_lists_and_of_course_work_are_no_work_on_the_subject() -> None:
    def changes(count: int, *topics: str, days: int = 7) -> float:
        terms = ("topic:mlops", "topic:mlflow", *topics)
        return scored(
            a_person(
                *(
                    evidence(
                        number, "pr.merged", terms, title="Add one", happened_at=LATELY - timedelta(days=days * number)
                    )
                    for number in range(1, count + 1)
                )
            )
        ).score

    assert changes(5, "topic:awesome-list") < 0.2 * changes(1)
    assert changes(1, "topic:tutorial") < 0.7 * changes(1)
    assert changes(50, days=0) < min(1.1 * changes(6, days=0), changes(50))


def test_trap_textbook_and_copied_notebooks_earn_less_than_own_ones() -> None:
    def notebooks(title: str, count: int = 20, days: int = 7, **measure: float) -> float:
        return scored(
            a_person(
                *(
                    evidence(
                        number, "notebook.published", ("tag:classification", "import:sklearn"), title=title,
                        measure={"votes": 1, **measure}, happened_at=LATELY - timedelta(days=days * number),
                    )
                    for number in range(1, count + 1)
                )
            ),
            "data-scientist",
        ).score  # fmt: skip

    own = notebooks("Churn of a bank")
    assert notebooks("Titanic: a first look") < 0.9 * own
    assert notebooks("Churn of a bank", days=0) < 0.9 * own
    assert notebooks("Churn of a bank", count=60, fork=1) < notebooks("Churn of a bank", count=1)


def test_trap_topics_without_work_stay_below_changes_that_others_merged() -> None:
    words = ("mlops", "mlflow", "kubeflow", "pytorch", "tensorflow", "kubernetes", "docker", "airflow", "spark", "dvc")
    stuffed = a_person(*repositories("stuff", terms=tuple(f"topic:{word}" for word in words)))
    told = a_person(*repositories("stuff", terms=(f"text:{' '.join(words)}",)))
    assert scored(told).score < scored(stuffed).score < 0.8 * scored(a_contributor()).score


def test_trap_who_runs_containers_alone_stays_below_a_contributor_to_mlflow() -> None:
    terms = ("language:go", "topic:kubernetes", "topic:docker", "topic:terraform")
    answers = [
        evidence(
            number, "answer.accepted", ("tag:docker",), title="How?", measure={"score": 5},
            happened_at=LATELY - timedelta(days=7 * number),
        )
        for number in range(1, 51)
    ]  # fmt: skip
    infrastructure = repositories(*(f"infra-{number}" for number in range(30)), terms=terms)
    assert scored(a_person(*infrastructure, *answers)).score < scored(a_contributor()).score


def test_answers_on_tests_show_no_communication() -> None:
    tested = a_person(evidence(1, "answer.accepted", ("tag:junit",), title="How?", measure={"score": 5}))
    assert {item.skill for item in scored(tested).contributions} == {"testing"}


def test_trap_forks_say_nothing_of_what_own_work_is_about() -> None:
    models = ("language:python", "topic:machine-learning")
    pages = ("language:javascript", "topic:react")
    web = repositories(*(f"site-{number}" for number in range(21)), terms=pages)
    own = repositories(*(f"model-{number}" for number in range(8)), terms=models)

    def forks(count: int, terms: tuple[str, ...]) -> list[StoredEvidence]:
        return repositories(*(f"fork-{number}" for number in range(count)), terms=terms, fork=1.0)

    few, many = (scored(a_person(*web, *forks(count, models))).score for count in (60, 300))
    assert few == many < 0.2 * scored(a_person(*own)).score
    assert scored(a_person(*own, *forks(20, pages))).score == scored(a_person(*own)).score


@pytest.mark.parametrize(
    "title", ["awesome-mlops", "Awesome-Machine-Learning", "curated-mlops-resources", "AwesomeMLOps"]
)
def test_trap_awesome_lists_are_lists_of_links(title: str) -> None:
    terms = ("language:python", "topic:mlops", "topic:mlflow")
    listed = scored(a_person(*repositories(title, f"{title}-2", terms=terms, stars=60_000.0)))
    assert listed.score < 0.2 * scored(a_person(*works(1))).score


def test_trap_a_bulk_upload_of_one_day_is_not_years_of_work() -> None:
    spread = works(30)
    upload = [
        evidence(500 + number, "repo.owned", piece.terms, title=piece.title, happened_at=LATELY)
        for number, piece in enumerate(spread)
    ]
    few, many = (scored(a_person(*upload[:count])).score for count in (8, 30))
    assert scored(a_person(*upload)).score < 0.8 * scored(a_person(*spread)).score
    assert many < 1.2 * few


def test_trap_flower_of_celery_is_not_flower_of_federated_learning() -> None:
    brief = a_brief(must=["flower"])
    scorer = Scorer(brief, load_lexicon(), load_rules(), DAY)
    celery = a_person(
        *repositories("flower", "celery-flower", terms=("language:python", "topic:celery", "topic:flower")),
        evidence(1, "answer.accepted", ("tag:celery", "tag:flower", "tag:python"), title="Flower shows no workers"),
        evidence(2, "profile.text", ("text:I run Celery with Flower",), happened_at=None),
    )
    federated = a_person(*repositories("flower", terms=("language:python", "topic:flower", "topic:federated-learning")))
    assert scorer.missing(scorer.score(celery)) == ["flower"]
    assert scorer.missing(scorer.score(federated)) == []


@pytest.mark.parametrize(
    ("terms", "title"),
    [
        (("tag:c", "tag:pointers"), "Segmentation fault when freeing a list"),
        (("tag:html", "tag:css", "tag:image"), "How to centre an image?"),
        (("tag:jquery", "tag:text"), "Replace the text of a span"),
        (("tag:haskell", "tag:evaluation", "tag:directed-acyclic-graphs"), "Lazy evaluation of a graph"),
    ],
)
def test_trap_answers_about_other_work_are_no_machine_learning(terms: tuple[str, ...], title: str) -> None:
    answers = [evidence(number, "answer.accepted", terms, title=title, measure={"score": 9}) for number in range(1, 11)]
    lexicon = load_lexicon()
    found = lexicon.skills_of(terms, title)
    assert all(lexicon.skills[skill].relevance < 0.3 for skill in found)
    assert scored(a_person(*answers), "ml-engineer").score < scored(a_person(*works(1)), "ml-engineer").score


def test_trap_a_game_is_no_tensorflow() -> None:
    brief = a_brief(must=["tensorflow"])
    scorer = Scorer(brief, load_lexicon(), load_rules(), DAY)
    plugins = a_person(*repositories(*(f"tf2-plugin-{number}" for number in range(6)), terms=("language:c++",)))
    assert scorer.missing(scorer.score(plugins)) == ["tensorflow"]


def test_trap_a_bio_that_repeats_the_brief_stays_below_one_repository() -> None:
    words = "MLflow Kubeflow PyTorch TensorFlow Kubernetes Docker MLOps Airflow Terraform SageMaker " * 20
    stuffed = a_person(*(evidence(number, "profile.text", (f"text:{words}",), happened_at=None) for number in (1,)))
    assert 0 < scored(stuffed).score < scored(a_person(*works(1))).score


def test_trap_a_keyword_in_the_own_handle_earns_nothing() -> None:
    def named_after(owner: str) -> PersonFacts:
        # As the connector stores them: a repository's name is a text, too.
        pieces = [
            evidence(number, "repo.owned", ("language:javascript", f"text:{name}"), title=f"{owner}/{name}")
            for number, name in enumerate([owner, f"{owner}.github.io", "site"])
        ]
        return a_person(*pieces, profiles=[a_profile(login=owner)])

    assert scored(named_after("ada")).score == scored(named_after("mlflow-pytorch-kubeflow")).score == 0
    plain = repositories("mlflow-serving", terms=("language:python", "text:mlflow-serving"))
    assert scored(a_person(*plain)).score > 0
