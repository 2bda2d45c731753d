"""Well-known repositories of an invented organisation, and who has sent them pull requests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final

from sourcer.demo.build import Builder, moment
from sourcer.demo.files import Subject, write_files
from sourcer.demo.model import TODAY, Account, Person, Repository

__all__ = ["plant_pull_requests"]

_OWNER: Final = "kettlewright"
_FOUNDED: Final = datetime(2018, 5, 2, 9, tzinfo=UTC)
_YEARS: Final = timedelta(days=5 * 365)
_LATELY: Final = timedelta(days=300)


@dataclass(frozen=True, slots=True)
class _Work:
    """One of the repositories, and what is changed in it."""

    name: str
    about: str
    topics: tuple[str, ...]
    packages: tuple[str, ...]
    stars: int
    titles: tuple[str, ...]


_WORKS: Final = (
    _Work(
        "trackline",
        "Track experiments, register models, serve them: works with MLflow clients",
        ("mlops", "mlflow", "model-registry", "experiment-tracking", "machine-learning"),
        ("mlflow", "fastapi", "sqlalchemy"),
        14_200,
        (
            "Keep the stage of a model when its version is copied",
            "Serve two versions of a model side by side",
            "Retry artifact uploads that time out",
            "Fix the search for runs with a null metric",
            "Speed up the listing of registered models",
            "Add PyTorch Lightning autologging",
        ),
    ),
    _Work(
        "flowmill",
        "Pipelines of training and deployment steps on Kubernetes, compiled to Kubeflow",
        ("mlops", "kubeflow", "kubernetes", "pipelines", "machine-learning"),
        ("kfp", "kubernetes", "pydantic"),
        6_900,
        (
            "Cache steps by the digest of their inputs",
            "Pass node selectors and tolerations to Kubernetes",
            "Compile nested conditions for Kubeflow Pipelines",
            "Stream the logs of a failed step",
            "Check the types of artifacts between steps",
            "Restart a pipeline from the step that failed",
        ),
    ),
)


def plant_pull_requests(builder: Builder, rng: Random) -> None:
    """Open the repositories, and let MLOps people, an outsider, bots and accounts deleted since work on them."""
    owner = builder.account(_OWNER, _FOUNDED, "Organization", name="Kettlewright", bio="Tools for models at work.")
    repositories = [_open(builder, owner, work) for work in _WORKS]
    for person, account in _people(builder, "mlops"):
        span = _LATELY if "merged_elsewhere" in person.traps else _YEARS
        for _ in range(rng.randint(1, 2 * person.level) if person.level > 1 else 0):
            at = rng.randrange(len(_WORKS))
            _merge(builder, rng, repositories[at], account, rng.choice(_WORKS[at].titles), span=span)
    for account in (one for one in builder.world.accounts if one.is_deleted):
        _merge(builder, rng, repositories[0], account, "Log the environment of a run")
    outsider = next(one for person, one in _people(builder, "frontend") if not person.traps)
    builder.mark("outside_contributor", outsider)
    _merge(builder, rng, repositories[0], outsider, "Fix a typo in the contributing guide", span=_LATELY)
    for bot in _bots(builder):
        for repository in repositories:
            _merge(builder, rng, repository, bot, "Bump the packages of the documentation")
    asked = TODAY - timedelta(days=3)
    builder.pull_request(repositories[1], outsider, "Would a dark theme be welcome?", asked)


def _open(builder: Builder, owner: Account, work: _Work) -> Repository:
    return builder.repository(
        owner, work.name, _FOUNDED, TODAY - timedelta(hours=9), description=work.about, topics=work.topics,
        languages={"Python": 910_000, "TypeScript": 240_000}, stars=work.stars, forks=work.stars // 5,
        license="Apache-2.0",
        files=write_files(Subject(work.name, work.about, work.packages, work.name), ("readme", "pyproject", "ci")),
    )  # fmt: skip


def _people(builder: Builder, trade: str) -> Iterator[tuple[Person, Account]]:
    for person in builder.world.people:
        if person.trade == trade and person.github is not None and not person.github.is_deleted:
            yield person, person.github


def _bots(builder: Builder) -> Iterator[Account]:
    """Apps, and those that are users by the look of it."""
    named = {key.removeprefix("github:") for trap in ("bot", "bot_as_user") for key in builder.world.traps[trap]}
    yield from (account for account in builder.world.accounts if account.login in named)


def _merge(
    builder: Builder, rng: Random, repository: Repository, author: Account, title: str, *, span: timedelta = _YEARS
) -> None:
    """A pull request of the last ``span``, merged within weeks; some are talked about once more much later."""
    created = moment(rng, max(author.created_at, repository.created_at, TODAY - span), TODAY - timedelta(days=30))
    merged = moment(rng, created, created + timedelta(days=20))
    updated = moment(rng, merged, TODAY) if rng.random() < 0.1 else merged  # noqa: PLR2004  # a share
    builder.pull_request(
        repository, author, title, created,
        merged_at=merged, updated_at=updated, additions=rng.randint(1, 400), deletions=rng.randint(0, 150),
        changed_files=rng.randint(1, 12),
    )  # fmt: skip
