"""The things of the invented Kaggle as its API writes them: JSON of protocol buffers, what is default left out.

Source of names, of what is optional and of what an enum is called: the official package ``kagglesdk`` 0.1.37.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final

from sourcer.demo.kaggle.model import SITE_KAGGLE, Category, Dataset, Kaggler, Model, Notebook

__all__ = [
    "dataset_document",
    "dataset_row",
    "kernel_document",
    "kernel_row",
    "lean",
    "model_document",
    "model_row",
    "time_text",
    "user_document",
]

_STATIC: Final = "https://storage.googleapis.com/kaggle-avatars"
_RANKINGS: Final[Mapping[str, Category]] = {"competition": "competitions", "kernel": "notebooks", "dataset": "datasets"}


def lean(fields: Mapping[str, Any], optional: Mapping[str, Any] = MappingProxyType({})) -> dict[str, Any]:
    """A message: ``fields`` without their defaults (0, false, empty), ``optional`` ones wherever they are set."""
    return {name: value for name, value in fields.items() if value} | {
        name: value for name, value in optional.items() if value is not None
    }


def time_text(moment: datetime) -> str:
    """A time, with the seven digits behind the second that the site's servers keep; whole seconds have none."""
    text = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    # Some times of a world are of a finer clock than others.
    digits = (moment.second * 7_654_321) % 10_000_000
    return f"{text}.{digits:07d}Z" if digits else f"{text}Z"


def _owner(person: Kaggler) -> dict[str, Any]:
    return lean(
        # NOVICE is the default.
        {"id": person.id, "tier": "" if person.tier == "NOVICE" else person.tier},
        {
            "displayName": person.name,
            "thumbnailUrl": f"{_STATIC}/thumbnails/default-thumb.png",
            "url": f"/{person.login}",
            "userName": person.login,
            "progressionOptOut": person.has_opted_out or None,
        },
    )


def user_document(person: Kaggler) -> dict[str, Any]:
    """A person as a search shows them."""
    shown: dict[str, Any] = {
        "userLocation": person.place,
        "occupationOrganizationName": person.organization,
    }
    for name, category in _RANKINGS.items():
        standing = person.standings.get(category)
        if standing is not None:
            shown |= {f"{name}Ranking": standing.rank, f"{name}Points": standing.points}
    return lean(
        {
            "id": person.id,
            "documentType": "USER",
            "title": person.name,
            "imageUrl": f"{_STATIC}/images/default-thumb.png",
            "createTime": time_text(person.joined_at),
        },
        {
            "slug": person.login,
            "ownerUser": _owner(person),
            "userDocument": lean({"grandmasterTierLevel": person.grandmaster_level}, shown),
        },
    )


def kernel_document(notebook: Notebook) -> dict[str, Any]:
    """A notebook as a search shows it."""
    times = (notebook.created_at, notebook.ran_at)
    return _document("KERNEL", notebook, notebook.author, times, {"kernelDocument": {}})


def dataset_document(dataset: Dataset) -> dict[str, Any]:
    """A data set as a search shows it."""
    times = (dataset.created_at, dataset.updated_at)
    return _document("DATASET", dataset, dataset.owner, times, {"datasetDocument": {"fileCount": 1}})


def model_document(model: Model) -> dict[str, Any]:
    """A model as a search shows it."""
    times = (model.published_at, model.updated_at)
    return _document("MODEL", model, model.owner, times, {"modelDocument": {"instanceCount": 1}})


def _document(
    kind: str,
    work: Notebook | Dataset | Model,
    owner: Kaggler,
    times: tuple[datetime, datetime],
    shown: Mapping[str, Any],
) -> dict[str, Any]:
    is_person = owner.tier != "ORGANIZATION"
    card = {"id": owner.id, "name": owner.name, "slug": owner.login}
    return lean(
        {"id": work.id, "documentType": kind, "title": work.title, "createTime": time_text(times[0])},
        {
            "updateTime": time_text(times[1]),
            "votes": work.votes,
            "slug": work.slug,
            **({"ownerUser": _owner(owner)} if is_person else {"ownerOrganization": card}),
            **shown,
        },
    )


def kernel_row(notebook: Notebook) -> dict[str, Any]:
    """A notebook in ``ListKernels``: ``author`` is the display name, the user name stands in ``ref``."""
    return lean(
        {
            "id": notebook.id,
            "ref": f"{notebook.author.login}/{notebook.slug}",
            "title": notebook.title,
            "author": notebook.author.name or "",
            "slug": notebook.slug,
            "lastRunTime": time_text(notebook.ran_at),
            "categoryIds": list(notebook.tags),
            "totalVotes": notebook.votes,
        },
        {"language": notebook.language, "kernelType": notebook.kind, "isPrivate": False},
    )


def dataset_row(dataset: Dataset) -> dict[str, Any]:
    """A data set in ``ListDatasets``."""
    return lean(
        {
            "id": dataset.id,
            "ref": f"{dataset.owner.login}/{dataset.slug}",
            "lastUpdated": time_text(dataset.updated_at),
            "downloadCount": dataset.downloads,
            "voteCount": dataset.votes,
            "viewCount": dataset.downloads * 5,
            "tags": _tags(dataset.tags),
        },
        {
            "title": dataset.title,
            "creatorName": dataset.owner.name,
            "ownerName": dataset.owner.name,
            "ownerRef": dataset.owner.login,
            "url": f"{SITE_KAGGLE}/datasets/{dataset.owner.login}/{dataset.slug}",
            "licenseName": "CC0: Public Domain",
            "usabilityRating": 0.9375,
        },
    )


def model_row(model: Model) -> dict[str, Any]:
    """A model in ``ListModels``."""
    instance = lean(
        {"id": model.id + 1, "slug": "default", "framework": f"MODEL_FRAMEWORK_{model.framework}", "versionNumber": 1}
    )
    return lean(
        {
            "id": model.id,
            "ref": f"{model.owner.login}/{model.slug}",
            "title": model.title,
            "author": model.owner.name or "",
            "slug": model.slug,
            "instances": [instance],
            "tags": _tags(model.tags),
            "publishTime": time_text(model.published_at),
            "updateTime": time_text(model.updated_at),
        },
        {"voteCount": model.votes},
    )


def _tags(tags: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{"ref": tag, "name": tag, "fullPath": f"subject > {tag}"} for tag in tags]
