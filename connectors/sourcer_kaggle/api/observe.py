"""From the API's answers to profiles and evidence, in the shapes that all ways share."""

from __future__ import annotations

from typing import Any, Final

from sourcer.connect import Evidence, Profile, Ref
from sourcer_kaggle.api.wire import Dataset, Document, Kernel, Model, Owner
from sourcer_kaggle.observe import Work, day_of, known, published
from sourcer_kaggle.sites import SITE, is_login, notebook_url, profile_url
from sourcer_kaggle.texts import line
from sourcer_kaggle.tiers import is_person, tier_number

__all__ = [
    "dataset_evidence",
    "found_notebook",
    "imports_evidence",
    "is_nobody",
    "model_evidence",
    "notebook_evidence",
    "profile_of",
    "ref_of",
    "slug_of",
]

_FRAMEWORKS: Final = {
    "TENSOR_FLOW_1": "tensorflow",
    "TENSOR_FLOW_2": "tensorflow",
    "TF_LITE": "tensorflow-lite",
    "TF_JS": "tensorflow-js",
    "PY_TORCH": "pytorch",
    "JAX": "jax",
    "FLAX": "flax",
    "PAX": "pax",
    "MAX_TEXT": "maxtext",
    "GEMMA_CPP": "gemma-cpp",
    "GGML": "ggml",
    "GGUF": "gguf",
    "CORAL": "coral",
    "SCIKIT_LEARN": "scikit-learn",
    "MXNET": "mxnet",
    "ONNX": "onnx",
    "KERAS": "keras",
    "TRANSFORMERS": "transformers",
    "TENSOR_RT_LLM": "tensorrt-llm",
    "TRITON": "triton",
    "VLLM": "vllm",
}
"""Frameworks of models, by the enum's names, as people write them."""

_FRAMEWORK_NUMBERS: Final = {
    1: "TENSOR_FLOW_1",
    2: "TENSOR_FLOW_2",
    3: "TF_LITE",
    4: "TF_JS",
    5: "PY_TORCH",
    6: "JAX",
    7: "CORAL",
    8: "SCIKIT_LEARN",
    9: "MXNET",
    10: "ONNX",
    11: "KERAS",
    14: "FLAX",
    15: "PAX",
    16: "TRANSFORMERS",
    17: "MAX_TEXT",
    18: "GEMMA_CPP",
    19: "GGML",
    20: "TENSOR_RT_LLM",
    21: "GGUF",
    22: "TRITON",
    23: "VLLM",
}


def is_nobody(owner: Owner) -> bool:
    """Whether this is no candidate: staff, an organisation, or somebody who opted out of progression."""
    return owner.progression_opt_out or not is_person(owner.tier)


def ref_of(owner: Owner | None) -> Ref | None:
    """The account of a candidate, or ``None`` where the owner is nobody or cannot be read."""
    if owner is None or not owner.id or owner.id < 0 or not is_login(owner.user_name or "") or is_nobody(owner):
        return None
    return Ref(SITE, str(owner.id), owner.user_name or "")


def profile_of(ref: Ref, document: Document) -> Profile:
    """What a search tells about a person."""
    owner, user = document.owner_user, document.user_document
    measure: dict[str, float | None] = {"tier": tier_number(owner.tier) if owner else None}
    if user is not None:
        measure |= {
            "competitions_rank": user.competition_ranking or None,
            "competitions_points": user.competition_points,
            "notebooks_rank": user.kernel_ranking or None,
            "notebooks_points": user.kernel_points,
            "datasets_rank": user.dataset_ranking or None,
            "datasets_points": user.dataset_points,
        }
    return Profile(
        ref,
        profile_url(ref.login),
        name=line(owner.display_name if owner else None) or line(document.title),
        location=line(user.user_location) if user else None,
        company=line(user.occupation_organization_name) if user else None,
        measure=known(measure),
        created_at=document.create_time,
    )


def slug_of(written: str | None, login: str) -> str | None:
    """The slug in ``login/slug`` where it is this person's own; collaborators' work is listed too."""
    owner, bar, slug = (written or "").partition("/")
    return slug if bar and slug and owner.lower() == login.lower() else None


def found_notebook(ref: Ref, document: Document) -> Evidence | None:
    """A notebook that a search found, as far as the search tells."""
    slug = (document.slug or "").rpartition("/")[2]
    if not document.id or not slug or document.is_private:
        return None
    ran = document.update_time or document.create_time
    return published(ref, "notebook", Work(document.id, slug, document.title, ran, known({"votes": document.votes})))


def notebook_evidence(ref: Ref, kernel: Kernel) -> Evidence | None:
    """A notebook of a list; ``None`` where it is private or not their own."""
    slug = slug_of(kernel.ref, ref.login)
    if not kernel.id or slug is None or kernel.is_private:
        return None
    measure = known({"votes": kernel.total_votes})
    work = Work(kernel.id, slug, kernel.title, kernel.last_run_time, measure, kernel.category_ids, kernel.language)
    return published(ref, "notebook", work)


def imports_evidence(ref: Ref, kernel: Kernel, modules: tuple[str, ...]) -> Evidence | None:
    """What the source of a notebook imports."""
    slug = slug_of(kernel.ref, ref.login)
    url = notebook_url(ref.login, slug) if slug else None
    if url is None or not modules:
        return None
    return Evidence(
        ref,
        "notebook.imports",
        url,
        terms=tuple(f"import:{module}" for module in modules),
        measure=known({"votes": kernel.total_votes}),
        title=line(kernel.title) or "",
        happened_at=day_of(kernel.last_run_time),
        key=str(kernel.id),
    )


def dataset_evidence(ref: Ref, dataset: Dataset) -> Evidence | None:
    """A data set of a list; ``None`` where it is private or not their own."""
    slug = slug_of(dataset.ref, ref.login)
    if not dataset.id or slug is None or dataset.is_private:
        return None
    measure = known({"votes": dataset.vote_count, "downloads": dataset.download_count})
    tags = [tag.spelled for tag in dataset.tags]
    return published(ref, "dataset", Work(dataset.id, slug, dataset.title, dataset.last_updated, measure, tags))


def model_evidence(ref: Ref, model: Model) -> Evidence | None:
    """A model of a list, its frameworks among its tags; ``None`` where it is private or not their own."""
    slug = slug_of(model.ref, ref.login)
    if not model.id or slug is None or model.is_private:
        return None
    tags = [tag.spelled for tag in model.tags]
    tags += [framework for one in model.instances if (framework := _framework(one.framework))]
    changed = model.update_time or model.publish_time
    return published(ref, "model", Work(model.id, slug, model.title, changed, known({"votes": model.vote_count}), tags))


def _framework(value: Any) -> str | None:
    name = _FRAMEWORK_NUMBERS.get(value) if isinstance(value, int) else value
    return _FRAMEWORKS.get(name.upper().removeprefix("MODEL_FRAMEWORK_")) if isinstance(name, str) else None
