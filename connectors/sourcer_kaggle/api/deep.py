"""The deep look: what a person published, and what the best of their notebooks imports.

At most four requests: three lists, and one source. A source that did not change since the last look is not asked again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from pydantic import BaseModel

from sourcer.connect import AnswerError, Done, Evidence, Focus, Item, Json, Ref, Unknown, Visit
from sourcer_kaggle.api.client import Client
from sourcer_kaggle.api.imports import MOST_CHARACTERS, imports_of
from sourcer_kaggle.api.observe import dataset_evidence, imports_evidence, model_evidence, notebook_evidence, slug_of
from sourcer_kaggle.api.wire import Dataset, Kernel, KernelAnswer, Model, items_of, read

__all__ = ["REQUESTS_EACH", "SOURCES_EACH", "look_deep"]

SOURCES_EACH: Final = 1
REQUESTS_EACH: Final = 3 + SOURCES_EACH

LISTED: Final = 100
"""Of each list, the ones with the most votes: one page."""

_AT_ONCE: Final = 20
"""As many a list gives that does not heed how many it was asked for."""

_LISTS: Final = ("notebook.published", "dataset.published", "model.published")
_KERNELS: Final = "kernels.KernelsApiService/ListKernels"
_SOURCE: Final = "kernels.KernelsApiService/GetKernel"
_DATASETS: Final = "datasets.DatasetApiService/ListDatasets"
_MODELS: Final = "models.ModelApiService/ListModels"

_Listed = TypeVar("_Listed", bound=BaseModel)


@dataclass(slots=True)
class _Look:
    """One person's look on the way."""

    client: Client
    ref: Ref
    memory: Mapping[str, Json]
    unknown: dict[str, str] = field(default_factory=dict)
    sources: dict[str, Json] = field(default_factory=dict)

    async def listed(
        self, kind: str, method: str, body: dict[str, Json], name: str, model: type[_Listed]
    ) -> list[_Listed]:
        """The elements of one list; what is missing of it is noted as unknown."""
        try:
            answer = await self.client.call(method, body, name)
        except AnswerError as fault:
            self.unknown[kind] = _reason(fault)
            return []
        found = list(items_of(model, answer, name))
        if any(one is None for one in found):
            self.unknown[kind] = "Kaggle's list holds something that cannot be read"
        if answer.get("nextPageToken"):
            self.unknown[kind] = f"the {len(found)} with the most votes were read, there are more"
        elif len(found) in (_AT_ONCE, LISTED):
            # A list that is asked for by the number of a page may tell no token.
            self.unknown.setdefault(kind, f"the {len(found)} with the most votes were read, there may be more")
        return [one for one in found if one is not None]


async def look_deep(client: Client, visits: Sequence[Visit], focus: Focus) -> AsyncIterator[Item]:
    """Look at what people published; each is closed with :class:`Done`."""
    for visit in visits:
        if not visit.ref.login:
            yield Unknown(visit.ref, "*", "no cheap look has told the user name")
            yield Done(visit.ref)
            continue
        stored = (visit.state or {}).get("sources")
        look = _Look(client, visit.ref, stored if isinstance(stored, Mapping) else {})
        async for item in _items(look, focus):
            yield item


async def _items(look: _Look, focus: Focus) -> AsyncIterator[Item]:
    kernels = await _kernels(look)
    evidence = [(kernel, found) for kernel in kernels if (found := notebook_evidence(look.ref, kernel)) is not None]
    for _, notebook in evidence:
        yield notebook
    for found in await _datasets_and_models(look):
        yield found
    own = sorted(evidence, key=lambda one: _rank(one[1], focus))
    for kernel, _ in own[:SOURCES_EACH]:
        imports = await _imports(look, kernel)
        if imports is not None:
            yield imports
    for what, reason in look.unknown.items():
        yield Unknown(look.ref, what, reason)
    scope = [kind for kind in _LISTS if kind not in look.unknown]
    # Imports of notebooks that were not read this time must not be marked vanished.
    if len(own) <= SOURCES_EACH and not {"notebook.published", "notebook.imports"} & look.unknown.keys():
        scope.append("notebook.imports")
    yield Done(look.ref, tuple(scope), {"sources": look.sources})


def _rank(notebook: Evidence, focus: Focus) -> tuple[float, float, int]:
    return -focus(notebook.terms), -notebook.measure.get("votes", 0), int(notebook.key)


async def _kernels(look: _Look) -> list[Kernel]:
    body = {"user": look.ref.login, "sortBy": "VOTE_COUNT", "pageSize": LISTED}
    return await look.listed("notebook.published", _KERNELS, body, "kernels", Kernel)


async def _datasets_and_models(look: _Look) -> list[Evidence]:
    found: list[Evidence | None] = []
    body: dict[str, Json] = {
        "group": "DATASET_SELECTION_GROUP_USER",
        "sortBy": "DATASET_SORT_BY_VOTES",
        "user": look.ref.login,
        "pageSize": LISTED,
    }
    datasets = await look.listed("dataset.published", _DATASETS, body, "datasets", Dataset)
    found += _each(datasets, look.ref, dataset_evidence)
    body = {"owner": look.ref.login, "sortBy": "LIST_MODELS_ORDER_BY_VOTE_COUNT", "pageSize": LISTED}
    found += _each(await look.listed("model.published", _MODELS, body, "models", Model), look.ref, model_evidence)
    return [one for one in found if one is not None]


def _each(listed: list[_Listed], ref: Ref, observe: Callable[[Ref, _Listed], Evidence | None]) -> list[Evidence | None]:
    return [observe(ref, one) for one in listed]


async def _imports(look: _Look, kernel: Kernel) -> Evidence | None:
    ran = kernel.last_run_time.isoformat() if kernel.last_run_time else ""
    modules = _remembered(look.memory.get(str(kernel.id)), ran)
    if modules is None:
        modules = await _read_source(look, kernel)
    if modules is None:
        return None
    look.sources[str(kernel.id)] = {"ran": ran, "imports": list(modules)}
    return imports_evidence(look.ref, kernel, modules)


def _remembered(stored: Any, ran: str) -> tuple[str, ...] | None:
    """What the source imported at an earlier look, where it was not run since."""
    if not isinstance(stored, Mapping) or not ran or stored.get("ran") != ran:
        return None
    modules = stored.get("imports")
    return tuple(str(module) for module in modules) if isinstance(modules, list) else None


async def _read_source(look: _Look, kernel: Kernel) -> tuple[str, ...] | None:
    body = {"userName": look.ref.login, "kernelSlug": slug_of(kernel.ref, look.ref.login)}
    try:
        answer = read(KernelAnswer, await look.client.call(_SOURCE, body, "blob"))
    except AnswerError as fault:
        look.unknown["notebook.imports"] = f"the source of a notebook: {_reason(fault)}"
        return None
    blob = answer.blob if answer is not None else None
    if blob is None or blob.source is None or len(blob.source) > MOST_CHARACTERS:
        look.unknown["notebook.imports"] = "the source of a notebook is missing or too long"
        return None
    return imports_of(blob.source, blob.language or kernel.language)


def _reason(fault: AnswerError) -> str:
    """Why something is unknown, in words that are the same each time."""
    return f"Kaggle answered {fault.status}" if fault.status else f"Kaggle gave no usable answer ({fault.kind})"
