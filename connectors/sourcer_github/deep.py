"""The deep look: the files of a person's most telling repositories, and the packages they name."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from sourcer.connect import Done, Evidence, Focus, Item, Ref, Unknown, Visit, parse_time
from sourcer_github.client import Client, Outcome, answer_each
from sourcer_github.files import telling_name
from sourcer_github.manifests import MOST_CHARACTERS, PARSERS, Manifest
from sourcer_github.memory import Memory, Remembered
from sourcer_github.queries.files import FILES
from sourcer_github.wire.base import read
from sourcer_github.wire.files import Blob, FilesNode
from sourcer_github.workflows import actions_in

__all__ = ["FILES_AT_ONCE", "REPOSITORIES_EACH", "SCOPE", "look_deep"]

SCOPE: Final = ("repo.file", "repo.dependency")
"""What a deep look tells all about, where it read every repository of the person."""

REPOSITORIES_EACH: Final = 5
FILES_AT_ONCE: Final = 10
"""Repositories in one question: points allow any number, GitHub's ten seconds do not."""

MOST_FILES: Final = 60
WORKFLOWS: Final = ".github/workflows"


@dataclass(frozen=True, slots=True)
class Seen:
    """One repository whose files were read."""

    ref: Ref
    key: str
    node: FilesNode

    def evidence(self, kind: str, path: str, terms: tuple[str, ...], measure: dict[str, float]) -> Evidence:
        """Evidence that stands in a file or folder (whose path ends in ``/``), dated by the repository's last push."""
        view = "tree" if path.endswith("/") else "blob"
        return Evidence(
            self.ref,
            kind,
            f"{self.node.url}/{view}/HEAD/{quote(path.rstrip('/'))}",
            terms=terms,
            measure=measure,
            title=f"{self.node.name_with_owner}: {path}",
            happened_at=parse_time(self.node.pushed_at),
            key=f"{self.key}:{path}",
        )


async def look_deep(client: Client, visits: Sequence[Visit], focus: Focus) -> AsyncIterator[Item]:
    """Look at the files of a batch of people; each is closed with :class:`Done`.

    Raises:
        Nothing of its own: what GitHub does not give is unknown.
    """
    memories = [Memory.of(visit) for visit in visits]
    chosen = [memory.telling(focus, REPOSITORIES_EACH) if memory else () for memory in memories]
    answers = await _read_files(client, [repository.id for some in chosen for repository in some])
    for visit, memory, repositories in zip(visits, memories, chosen, strict=True):
        for item in _items(visit.ref, memory, repositories, answers):
            yield item


async def _read_files(client: Client, ids: Sequence[str]) -> dict[str, Outcome]:
    async def ask(some: Sequence[str]) -> list[Outcome]:
        reply = await client.ask(FILES, {"ids": list(some)})
        return [reply.outcome("nodes", i) for i in range(len(some))]

    answers: dict[str, Outcome] = {}
    for start in range(0, len(ids), FILES_AT_ONCE):
        chunk = ids[start : start + FILES_AT_ONCE]
        answers |= zip(chunk, await answer_each(ask, chunk), strict=True)
    return answers


def _items(
    ref: Ref, memory: Memory | None, repositories: Sequence[Remembered], answers: dict[str, Outcome]
) -> Iterator[Item]:
    unknown: dict[str, str] = {}
    if memory is None:
        unknown = dict.fromkeys(SCOPE, "no cheap look has listed the repositories")
    for repository in repositories:
        outcome = answers[repository.id]
        node = read(FilesNode, outcome.value)
        if node is None or not outcome.whole:
            unknown |= dict.fromkeys(() if outcome.missing else SCOPE, outcome.reason)
        if node is not None:
            seen = Seen(ref, repository.key, node)
            yield from _files(seen)
            yield from _dependencies(seen, unknown)
    for what, reason in unknown.items():
        yield Unknown(ref, what, reason)
    # Evidence of repositories that were not read this time must not be marked vanished.
    all_read = memory is not None and memory.own == len(repositories)
    yield Done(ref, tuple(kind for kind in SCOPE if all_read and kind not in unknown))


def _files(seen: Seen) -> Iterator[Evidence]:
    root = seen.node.root.entries if seen.node.root else None
    named = [(telling_name(entry.name, entry.type), entry.size) for entry in root or ()]
    for path, size in [(path, size) for path, size in named if path is not None][:MOST_FILES]:
        measure: dict[str, float] = {} if path.endswith("/") else {"bytes": size}
        yield seen.evidence("repo.file", path, (f"file:{path}",), measure)
    flows = seen.node.workflows.entries if seen.node.workflows else None
    for entry in [entry for entry in flows or () if entry.name.endswith((".yml", ".yaml"))][:MOST_FILES]:
        path = f"{WORKFLOWS}/{entry.name}"
        actions = actions_in(entry.object.text or "") if entry.object else ()
        yield seen.evidence("repo.file", path, (f"file:{path}", *actions), {})


def _dependencies(seen: Seen, unknown: dict[str, str]) -> Iterator[Evidence]:
    """One piece of evidence for each manifest, whose terms are all that it names."""
    node = seen.node
    blobs = {
        "requirements.txt": node.requirements,
        "pyproject.toml": node.pyproject,
        "environment.yml": node.environment,
    }
    for path, blob in blobs.items():
        if blob is None or blob.kind != "Blob":
            continue
        manifest = _read_manifest(path, blob)
        if manifest is None:
            unknown["repo.dependency"] = f"{path} of {node.name_with_owner} is too long or no text"
        elif manifest.terms or manifest.broken:
            measure: dict[str, float] = {"packages": len(manifest.terms), "broken": int(manifest.broken)}
            yield seen.evidence("repo.dependency", path, manifest.terms, measure)


def _read_manifest(path: str, blob: Blob) -> Manifest | None:
    if blob.text is None or blob.is_truncated or len(blob.text) > MOST_CHARACTERS:
        return None
    return PARSERS[path](blob.text)
