"""From a person's rows to what a connector yields: profile, evidence, and what is unknown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sourcer.connect import Done, Evidence, Item, Profile, Ref, Unknown
from sourcer_kaggle.meta.load import KINDS, MOST_DATASETS, MOST_NOTEBOOKS, MOST_RESULTS, Loaded
from sourcer_kaggle.meta.rows import Achievement, Dataset, Notebook, Person, Result, Rows
from sourcer_kaggle.meta.times import us_time
from sourcer_kaggle.observe import Work, competition_result, known, medal_flags, published, standing
from sourcer_kaggle.sites import SITE, profile_url
from sourcer_kaggle.texts import line
from sourcer_kaggle.tiers import tier_number

__all__ = ["NOT_TOLD", "person_items"]

NOT_TOLD: Final = {
    "notebook.imports": "Meta Kaggle holds no sources of notebooks",
    "model.published": "Meta Kaggle does not tell the titles of models",
}
"""What only the API tells."""

_CATEGORIES: Final = {
    "competitions": "competitions",
    "scripts": "notebooks",
    "kernels": "notebooks",
    "notebooks": "notebooks",
    "discussion": "discussion",
    "datasets": "datasets",
}
"""How the tables call the categories: scripts are notebooks."""

_COUNTRY_CODE: Final = 2


def person_items(loaded: Loaded, rows: Rows) -> Iterator[Item]:
    """Everything that Meta Kaggle tells about one person, closed by :class:`Done`."""
    ref = Ref(SITE, str(rows.person.uid), rows.person.login)
    yield ref
    yield _profile(ref, rows.person, rows.achievements)
    unknown = _unknowns(loaded, rows)
    pieces = {
        "competition.result": [_result(loaded, ref, result) for result in rows.results],
        "notebook.published": [_notebook(loaded, ref, notebook) for notebook in rows.notebooks],
        "dataset.published": [_dataset(loaded, ref, dataset) for dataset in rows.datasets],
    }
    for kind, found in pieces.items():
        yield from (evidence for evidence in found if evidence is not None)
        if None in found:
            unknown.setdefault(kind, "no address can be made for some of it")
    for what, reason in unknown.items():
        yield Unknown(ref, what, reason)
    yield Done(ref, KINDS)


def _profile(ref: Ref, person: Person, achievements: list[Achievement]) -> Profile:
    country = line(person.country)
    is_code = country is not None and len(country) == _COUNTRY_CODE and country.isascii() and country.isupper()
    measure: dict[str, float | None] = {"tier": person.tier}
    for one in achievements:
        measure |= _category(one)
    return Profile(
        ref,
        profile_url(ref.login),
        name=line(person.name),
        location=None if is_code else country,
        country=country if is_code else None,
        measure=known(measure),
        created_at=us_time(person.registered),
    )


def _category(one: Achievement) -> dict[str, float | None]:
    name = _CATEGORIES.get(one.category.strip().lower())
    if name is None:
        return {}
    return {
        f"{name}_tier": tier_number(one.tier),
        f"{name}_points": one.points,
        f"{name}_rank": one.rank,
        f"{name}_highest_rank": one.highest_rank,
        f"{name}_gold": one.gold,
        f"{name}_silver": one.silver,
        f"{name}_bronze": one.bronze,
    }


def _result(loaded: Loaded, ref: Ref, result: Result) -> Evidence | None:
    measure = standing(result.rank, result.teams)
    measure |= known({"public_rank": result.public_rank, "members": result.members})
    if loaded.scanner.has("Teams", "Medal"):
        measure |= medal_flags(result.medal)
    if result.counts is not None:
        measure["practice"] = int(not result.counts)
    return competition_result(
        ref,
        slug=result.slug,
        title=result.title,
        tags=result.tags or (),
        measure=measure,
        deadline=us_time(result.deadline),
    )


def _notebook(loaded: Loaded, ref: Ref, notebook: Notebook) -> Evidence | None:
    measure = known({"votes": notebook.votes})
    if loaded.scanner.has("Kernels", "Medal"):
        measure |= medal_flags(notebook.medal)
    if loaded.scanner.has("Kernels", "ForkParentKernelVersionId"):
        measure["fork"] = int(notebook.forked_from is not None)
    ran = us_time(notebook.evaluated) or us_time(notebook.made_public) or us_time(notebook.created)
    work = Work(notebook.number, notebook.slug, notebook.title, ran, measure, notebook.tags or (), notebook.language)
    return published(ref, "notebook", work)


def _dataset(loaded: Loaded, ref: Ref, dataset: Dataset) -> Evidence | None:
    if not dataset.slug:
        return None
    measure = known({"votes": dataset.votes, "downloads": dataset.downloads})
    if loaded.scanner.has("Datasets", "Medal"):
        measure |= medal_flags(dataset.medal)
    updated = us_time(dataset.updated) or us_time(dataset.created)
    return published(
        ref, "dataset", Work(dataset.number, dataset.slug, dataset.title, updated, measure, dataset.tags or ())
    )


def _unknowns(loaded: Loaded, rows: Rows) -> dict[str, str]:
    """What the tables do not tell about somebody, with all reasons."""
    found = {**NOT_TOLD, **loaded.unknown}
    for kind in rows.harmed:
        found.setdefault(kind, "a row of theirs cannot be read in Meta Kaggle")
    if any(dataset.slug is None for dataset in rows.datasets):
        found.setdefault("dataset.published", "a data set's current version is not in Meta Kaggle")
    for kind, pieces, most in (
        ("competition.result", rows.results, MOST_RESULTS),
        ("notebook.published", rows.notebooks, MOST_NOTEBOOKS),
        ("dataset.published", rows.datasets, MOST_DATASETS),
    ):
        # The note also keeps earlier evidence from being taken for vanished.
        if pieces and pieces[0].found > most:
            found.setdefault(kind, f"the {most} best of {pieces[0].found} are kept")
    return found
