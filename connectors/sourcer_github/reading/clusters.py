"""YAML that is known by its content: resources of a cluster or a cloud, charts, containers that run together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from sourcer_github.reading.conda import read_environment
from sourcer_github.reading.images import image_term, images_in
from sourcer_github.reading.plain_yaml import Documents, is_template, load_yaml, walk
from sourcer_github.reading.shape import Reading, dependencies, file_terms, table, tables

__all__ = ["chart_term", "read_chart", "read_compose", "read_conda", "read_images", "read_kustomization", "read_yaml"]

_NAME: Final = re.compile(r"[A-Za-z][\w.-]*")
_GROUP: Final = re.compile(r"[a-z0-9][a-z0-9.-]*")
_VERSION: Final = re.compile(r"v\d\w*")
_CLOUD_TYPE: Final = re.compile(r"(?:AWS|Alexa|Custom)(?:::\w+){1,3}")
_SCHEMA: Final = re.compile(r"https?://(?P<host>[\w.-]+)/(?:[^\s?#]*/)?(?P<name>[\w.-]+?)(?:\.schema)?\.json")
_KUBEFLOW: Final = "pipelines.kubeflow.org"

_API: Final = re.compile(r"^[ ]{0,4}apiVersion:[ \t]*[\"']?(?P<api>[\w./-]+)", re.MULTILINE)
_KIND: Final = re.compile(r"^[ ]{0,4}kind:[ \t]*[\"']?(?P<kind>\w+)", re.MULTILINE)
_IMAGE: Final = re.compile(
    r"^[ \t-]*(?:image|repository):[ \t]*(?P<image>\"[^\"\n]*\"|'[^'\n]*'|[^\s#]+)", re.MULTILINE
)
_SEPARATOR: Final = re.compile(r"^---.*$", re.MULTILINE)


def read_yaml(text: str) -> Reading | None:
    """Resources, charts, images or packages, whatever the file holds; ``None`` where it is of another sort."""
    if is_template(text):
        return _read_template(text)
    documents = load_yaml(text)
    environment = read_environment(documents)
    return _of_documents(documents) or (environment if environment and environment.terms else None)


def read_conda(text: str) -> Reading | None:
    """A file that is called as conda's are: packages, or else what it may hold; broken where nothing can be read."""
    documents = load_yaml(text)
    found = read_environment(documents) or _of_documents(documents)
    return found or (dependencies((), broken=True) if documents.broken else None)


def read_compose(text: str) -> Reading:
    """The images of the services that run together."""
    documents = load_yaml(text)
    services = sum(len(table(part, "services")) for part in documents.tables())
    terms = [term for part in documents.parts for term in images_in(part)]
    return file_terms(terms, {"services": services}, broken=documents.broken)


def read_images(text: str) -> Reading | None:
    """The images that a build server's configuration runs its steps in; ``None`` where it names none."""
    documents = load_yaml(text)
    terms = [term for part in documents.parts for term in images_in(part)]
    for part in documents.tables():
        # Google's builds name the image of a step so.
        terms += [term for step in tables(part.get("steps")) if (term := image_term(str(step.get("name")))) is not None]
    return file_terms(terms, broken=documents.broken) if terms else None


def read_chart(text: str) -> Reading:
    """The charts that a Helm chart is built on."""
    documents = load_yaml(text)
    needed = [one for part in documents.tables() for one in tables(part.get("dependencies"))]
    terms = [term for one in needed if (term := chart_term(one.get("name")))]
    return file_terms(terms, {"dependencies": len(terms)}, broken=documents.broken)


def read_kustomization(text: str) -> Reading:
    """Images and charts that a kustomization sets, and the resource that it is even where it does not say so."""
    documents = load_yaml(text)
    terms = ["resource:kustomize.config.k8s.io/kustomization"]
    for part in documents.tables():
        names = (one.get("newName") or one.get("name") for one in tables(part.get("images")))
        terms += [term for name in names if (term := image_term(str(name))) is not None]
        terms += [term for one in tables(part.get("helmCharts")) if (term := chart_term(one.get("name")))]
        terms += _terms(part)
    return file_terms(terms, broken=documents.broken)


def chart_term(name: Any) -> str | None:
    """``chart:airflow`` of a Helm chart's name, without the repository before it."""
    last = name.rpartition("/")[2] if isinstance(name, str) else ""
    return f"chart:{last.lower()}" if _NAME.fullmatch(last) else None


def _of_documents(documents: Documents) -> Reading | None:
    terms = [term for part in documents.parts for term in _terms(part)]
    measure = {"resources": float(sum(term.startswith("resource:") for term in terms))}
    return file_terms(terms, measure, broken=documents.broken) if terms else None


def _terms(document: Any) -> Iterator[str]:
    for part in walk(document):
        yield from _resource(part)
        chart = chart_term(part.get("chart"))
        if chart:
            yield chart
    yield from images_in(document)


def _resource(part: Mapping[str, Any]) -> Iterator[str]:
    api, kind, cloud = part.get("apiVersion"), part.get("kind"), part.get("Type")
    if isinstance(api, str) and isinstance(kind, str):
        yield from _of_cluster(api, kind)
        labels = (*table(part, "metadata", "annotations"), *table(part, "metadata", "labels"))
        if _NAME.fullmatch(kind) and any(label.startswith(_KUBEFLOW) for label in labels):
            # What Kubeflow's compiler makes is a workflow of another project that only its labels tell apart.
            yield f"resource:{_KUBEFLOW}/{kind.lower()}"
    elif isinstance(cloud, str) and _CLOUD_TYPE.fullmatch(cloud):
        yield f"resource:{cloud.lower()}"
    elif isinstance(part.get("deploymentSpec"), dict) and "schemaVersion" in part:
        yield f"resource:{_KUBEFLOW}/pipelinespec"
    elif table(part, "implementation", "container") or table(part, "implementation", "graph"):
        yield f"resource:{_KUBEFLOW}/componentspec"
    schema = part.get("$schema")
    found = _SCHEMA.fullmatch(schema) if isinstance(schema, str) else None
    if found:
        yield f"resource:{found['host']}/{found['name']}".lower()


def _of_cluster(api: str, kind: str) -> Iterator[str]:
    """``resource:group/kind``; resources of the core have no group."""
    group, _, version = api.lower().rpartition("/")
    if _VERSION.fullmatch(version) and _GROUP.fullmatch(group or "core") and _NAME.fullmatch(kind):
        yield f"resource:{group or 'core'}/{kind.lower()}"


def _read_template(text: str) -> Reading | None:
    """What a template says for sure, line by line: resources by their two lines, and images without placeholders."""
    terms: list[str] = []
    for part in _SEPARATOR.split(text):
        api, kind = _API.search(part), _KIND.search(part)
        if api and kind:
            terms += _of_cluster(api["api"], kind["kind"])
        terms += [
            term for image in _IMAGE.finditer(part) if (term := image_term(image["image"].strip("\"'"))) is not None
        ]
    measure = {"resources": float(sum(term.startswith("resource:") for term in terms))}
    return file_terms(terms, measure) if terms else None
