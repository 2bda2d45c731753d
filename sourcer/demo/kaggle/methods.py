"""The methods of the API that the copy knows, by the path behind ``/v1/``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from sourcer.demo.kaggle.enums import KERNEL_SORTS, enum_name
from sourcer.demo.kaggle.model import Kaggle, Kaggler, Notebook
from sourcer.demo.kaggle.paging import BadRequest, page_of
from sourcer.demo.kaggle.search import list_entities, people_of
from sourcer.demo.kaggle.wire import dataset_row, kernel_row, lean, model_row

__all__ = ["METHODS", "Method", "Missing"]

Method: TypeAlias = Callable[[Kaggle, Mapping[str, Any]], dict[str, Any]]


class Missing(Exception):
    """There is no such thing: the API says so with the code 404 within an answer of status 200."""


_OF_USER: Final = {"DATASET_SELECTION_GROUP_PUBLIC": 0, "DATASET_SELECTION_GROUP_USER": 2}


def _find(site: Kaggle, login: Any) -> Kaggler:
    found = next((one for one in people_of(site) if one.login.lower() == str(login or "").lower()), None)
    if found is None:
        raise Missing("Not found")
    return found


def _list_kernels(site: Kaggle, body: Mapping[str, Any]) -> dict[str, Any]:
    found = _find(site, body["user"]).notebooks if body.get("user") else site.notebooks
    language, sought = body.get("language"), str(body.get("search") or "").lower()
    found = [one for one in found if language in (None, "all", one.language) and sought in one.title.lower()]
    return page_of(body, sorted(found, key=_kernel_order(body)), "kernels", kernel_row)


def _kernel_order(body: Mapping[str, Any]) -> Callable[[Notebook], Any]:
    sort = enum_name(body.get("sortBy"), KERNEL_SORTS)
    if sort == "DATE_RUN":
        return lambda one: (-one.ran_at.timestamp(), one.id)
    if sort == "DATE_CREATED":
        return lambda one: (-one.created_at.timestamp(), one.id)
    return lambda one: (-one.votes if sort == "VOTE_COUNT" else one.id % 97, one.id)


def _get_kernel(site: Kaggle, body: Mapping[str, Any]) -> dict[str, Any]:
    author = _find(site, body.get("userName"))
    notebook = next((one for one in author.notebooks if one.slug == body.get("kernelSlug")), None)
    if notebook is None or not notebook.source:
        raise Missing("Kernel not found")
    blob = {
        "source": notebook.source,
        "language": notebook.language,
        "kernelType": notebook.kind,
        "slug": notebook.slug,
    }
    return {"metadata": kernel_row(notebook), "blob": blob}


def _list_datasets(site: Kaggle, body: Mapping[str, Any]) -> dict[str, Any]:
    group = enum_name(body.get("group"), _OF_USER)
    found = _find(site, body.get("user")).datasets if group.endswith("USER") else site.datasets
    return page_of(body, sorted(found, key=lambda one: (-one.votes, one.id)), "datasets", dataset_row)


def _list_models(site: Kaggle, body: Mapping[str, Any]) -> dict[str, Any]:
    found = _find(site, body["owner"]).models if body.get("owner") else site.models
    answer = page_of(body, sorted(found, key=lambda one: (-one.votes, one.id)), "models", model_row)
    return answer | lean({"totalResults": len(found)})


def _introspect(_site: Kaggle, body: Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(body.get("token"), str):
        raise BadRequest("token is missing")
    return {"active": True, "username": "sourcer-demo", "scope": "resources.public:*"}


METHODS: Final[Mapping[str, Method]] = {
    "search.SearchApiService/ListEntities": list_entities,
    "kernels.KernelsApiService/ListKernels": _list_kernels,
    "kernels.KernelsApiService/GetKernel": _get_kernel,
    "datasets.DatasetApiService/ListDatasets": _list_datasets,
    "models.ModelApiService/ListModels": _list_models,
    "security.OAuthService/IntrospectToken": _introspect,
}
"""By service and name."""
