"""From what a repository holds to evidence: raw terms and counts, and what of it is unknown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from sourcer.connect import Evidence, Ref, parse_time
from sourcer_github.chosen import Chosen
from sourcer_github.client import Outcome
from sourcer_github.contents import Content
from sourcer_github.files import telling_name
from sourcer_github.reading import MOST_CHARACTERS, Reading, read_file
from sourcer_github.reading.imports import read_imports
from sourcer_github.wire.base import read
from sourcer_github.wire.files import Blob, LanguagesNode, TreeNode

__all__ = ["LANGUAGES", "SCOPE", "Holdings"]

SCOPE: Final = ("repo.tree", "repo.file", "repo.dependency", "repo.readme")
"""The kinds that come from trees and files."""

LANGUAGES: Final = "repo.languages"

_OF_PARTS: Final[Mapping[object, tuple[str, ...]]] = {"workflows": ("repo.file",)}
"""What is unknown where a part of a tree's answer is; else it is everything."""


@dataclass(frozen=True, slots=True)
class Holdings:
    """What one repository of a person holds; ``key`` identifies the repository for good."""

    ref: Ref
    key: str
    content: Content

    def evidence(self) -> Iterator[Evidence]:
        """All that was seen."""
        node = self.content.node
        if node is not None and node.root is not None and node.root.entries is not None:
            files = list(self._files(node))
            told = {file.key.partition(":")[2] for file in files if file.kind == "repo.file"}
            yield self._tree(node, told)
            yield from files
        yield from self._languages()

    def unknown(self) -> dict[str, str]:
        """What could not be had, by kind of evidence. A repository that is gone has nothing more to tell."""
        return dict(self._missing())

    @property
    def read_whole(self) -> TreeNode | None:
        """The repository, where asking for its tree and files again would tell the same as long as nobody pushes."""
        answers = (self.content.tree_answer, self.content.files)
        return self.content.node if all(answer is None or answer.whole for answer in answers) else None

    @property
    def languages(self) -> LanguagesNode | None:
        """The repository with its languages, where these are known."""
        answer = self.content.languages
        node = read(LanguagesNode, answer.value) if answer is not None and answer.whole else None
        return node if node is not None and node.languages is not None else None

    def _missing(self) -> Iterator[tuple[str, str]]:
        tree, languages = self.content.tree_answer, self.content.languages
        if languages is not None and not languages.missing and self.languages is None:
            yield LANGUAGES, languages.reason
        if tree is None or tree.missing:
            return
        if self.content.node is None:
            yield from dict.fromkeys(SCOPE, tree.reason).items()
        for fault in tree.faults:
            yield from dict.fromkeys(_OF_PARTS.get(fault.path[0] if fault.path else "", SCOPE), fault.reason).items()
        for file in self.content.choice.too_large:
            if file.kind != "repo.file":
                yield file.kind, f"{self._named(file.path)} is too long"
        yield from self._missing_files()

    def _missing_files(self) -> Iterator[tuple[str, str]]:
        answer = self.content.files
        if answer is None or answer.missing:
            return
        for i, file in enumerate(self.content.choice.files):
            faults = [fault for fault in answer.faults if not fault.path or fault.path[0] == f"f{i}"]
            if faults or not isinstance(answer.value, dict):
                yield file.kind, answer.reason
            elif _is_unreadable(_blob(answer, i)) and file.kind != "repo.file":
                yield file.kind, f"{self._named(file.path)} is too long or no text"

    def _named(self, path: str) -> str:
        return f"{path} of {self.content.node.name_with_owner}" if self.content.node else path

    def _tree(self, node: TreeNode, told: set[str]) -> Evidence:
        tree = self.content.tree
        terms = tuple(f"file:{path}" for path in tree.telling(told))
        return self._one(node, "repo.tree", "", terms, tree.measure())

    def _files(self, node: TreeNode) -> Iterator[Evidence]:
        """One piece of evidence for each file that tells something."""
        for i, file in enumerate(self.content.choice.files):
            blob = _blob(self.content.files, i)
            text = None if blob is None or _is_unreadable(blob) else blob.text
            reading = None if text is None else _read(file.path, text)
            if reading is not None and reading.kind != "repo.file":
                if reading.terms or reading.broken:
                    yield self._one(node, reading.kind, file.path, reading.terms, _measured(reading))
            elif blob is not None and blob.kind == "Blob":
                yield from self._file(node, file, reading)
        for file in self.content.choice.named:
            yield from self._file(node, file, None)

    def _file(self, node: TreeNode, file: Chosen, reading: Reading | None) -> Iterator[Evidence]:
        named = telling_name(file.path, "blob") if file.kind == "repo.file" else None
        terms = (*([f"file:{named}"] if named else []), *(reading.terms if reading else ()))
        if terms:
            measure = {"bytes": float(file.size), **(_measured(reading) if reading else {})}
            yield self._one(node, "repo.file", file.path, terms, measure)

    def _one(
        self, node: TreeNode, kind: str, path: str, terms: tuple[str, ...], measure: Mapping[str, float]
    ) -> Evidence:
        """Evidence that stands at a path, dated by the repository's last push."""
        return Evidence(
            self.ref,
            kind,
            f"{node.url}/blob/HEAD/{quote(path)}" if path else node.url,
            terms=terms,
            measure={**measure, **_flags(node), **self.content.tree.flags()},
            title=f"{node.name_with_owner}: {path or 'files'}",
            happened_at=parse_time(node.pushed_at),
            key=f"{self.key}:{path}",
        )

    def _languages(self) -> Iterator[Evidence]:
        node = self.languages
        if node is None or node.languages is None or not node.languages.edges:
            return
        sizes = {edge.node.name.lower(): edge.size for edge in node.languages.edges if edge is not None}
        yield Evidence(
            self.ref,
            LANGUAGES,
            node.url,
            terms=tuple(f"language:{name}" for name in sizes),
            measure={"bytes": node.languages.total_size, **{f"bytes.{name}": size for name, size in sizes.items()}},
            title=f"{node.name_with_owner}: languages",
            happened_at=parse_time(node.pushed_at),
            key=f"{self.key}:",
        )


def _blob(answer: Outcome | None, number: int) -> Blob | None:
    value: Any = answer.value if answer is not None else None
    return read(Blob, value.get(f"f{number}")) if isinstance(value, dict) else None


def _read(path: str, text: str) -> Reading | None:
    """What a file tells. Of Python files that were chosen for their size no name says what they are."""
    return read_file(path, text) or (read_imports(text) if path.endswith(".py") else None)


def _is_unreadable(blob: Blob | None) -> bool:
    """Whether a file has no text that can be read whole. A folder, or what is gone since, is no such file."""
    if blob is None or blob.kind != "Blob":
        return False
    return blob.text is None or blob.is_truncated or len(blob.text) > MOST_CHARACTERS


def _measured(reading: Reading) -> dict[str, float]:
    return {**reading.measure, "broken": int(reading.broken)}


def _flags(node: TreeNode) -> dict[str, float]:
    flags = {"archived": node.is_archived, "mirror": node.is_mirror, "template": node.is_template}
    return {name: 1.0 for name, is_set in flags.items() if is_set}
