"""Asking what repositories hold: their trees first, then the files that these say are worth it.

The files of some repositories are asked for together with the trees of the next ones, and languages ride along where
there is room. So ``n`` groups of repositories take ``n + 1`` questions, of one point each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias, TypeVar

from sourcer.connect import AnswerError, Json
from sourcer_github.chosen import Choice, choose
from sourcer_github.client import Client, Outcome
from sourcer_github.queries.files import LANGUAGES_AT_ONCE, deep
from sourcer_github.sizing import answer_each
from sourcer_github.trees import Tree, read_tree
from sourcer_github.wire.base import read
from sourcer_github.wire.files import TreeNode

__all__ = ["TREES_AT_ONCE", "Content", "read_contents"]

TREES_AT_ONCE: Final = 62
"""Repositories in one question: points allow any number, GitHub's ten seconds do not."""

_MOST: Final = 2 * TREES_AT_ONCE + LANGUAGES_AT_ONCE
"""Trees, files and languages in one question."""


@dataclass(slots=True)
class Content:
    """What was answered about one repository, as far as it was asked about."""

    tree_answer: Outcome | None = None
    node: TreeNode | None = None
    tree: Tree = field(default_factory=Tree)
    choice: Choice = field(default_factory=Choice)
    files: Outcome | None = None
    languages: Outcome | None = None

    def take_tree(self, answer: Outcome) -> None:
        """Read the tree and choose files. An empty repository has neither."""
        self.tree_answer = answer
        self.node = read(TreeNode, answer.value)
        if self.node is not None:
            self.tree = read_tree(self.node)
            self.choice = choose(self.tree)


@dataclass(frozen=True, slots=True)
class _TreeOf:
    id: str


@dataclass(frozen=True, slots=True)
class _FilesOf:
    id: str
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _LanguagesOf:
    id: str


_Job: TypeAlias = _TreeOf | _FilesOf | _LanguagesOf


async def read_contents(client: Client, deep_ids: Iterable[str], language_ids: Iterable[str]) -> Mapping[str, Content]:
    """Ask about repositories by node id.

    Args:
        client: Who is asked.
        deep_ids: Whose trees and files are wanted.
        language_ids: Whose languages are wanted.

    Returns:
        What each of them holds, by node id.
    """
    pipeline = _Pipeline(client)
    groups = _cut(list(dict.fromkeys(deep_ids)), TREES_AT_ONCE)
    languages = [_LanguagesOf(one) for one in dict.fromkeys(language_ids)]
    riding = _cut(languages, min(LANGUAGES_AT_ONCE, max(1, -(-len(languages) // (len(groups) + 1)))))
    files: list[_FilesOf] = []
    for i in range(max(len(groups) + 1, len(riding))):
        trees = [_TreeOf(one) for one in (groups[i] if i < len(groups) else [])]
        await pipeline.ask([*trees, *files, *(riding[i] if i < len(riding) else [])])
        chosen = [(one.id, pipeline.contents[one.id].choice.files) for one in trees]
        files = [_FilesOf(node_id, tuple(file.path for file in some)) for node_id, some in chosen if some]
    return pipeline.contents


class _Pipeline:
    def __init__(self, client: Client) -> None:
        self.contents: dict[str, Content] = {}
        self._client = client
        self._most = _MOST

    async def ask(self, jobs: Sequence[_Job]) -> None:
        """Ask about different things together. A size that was too much is not tried at once by the next questions."""
        for job, outcome in zip(jobs, await answer_each(self._ask, jobs, self._most), strict=True):
            content = self.contents.setdefault(job.id, Content())
            match job:
                case _TreeOf():
                    content.take_tree(outcome)
                case _FilesOf():
                    content.files = outcome
                case _LanguagesOf():
                    content.languages = outcome

    async def _ask(self, jobs: Sequence[_Job]) -> list[Outcome]:
        trees = [job for job in jobs if isinstance(job, _TreeOf)]
        files = [job for job in jobs if isinstance(job, _FilesOf)]
        languages = [job for job in jobs if isinstance(job, _LanguagesOf)]
        question = deep(trees=bool(trees), files=[len(job.paths) for job in files], languages=bool(languages))
        variables: dict[str, Json] = {}
        if trees:
            variables["trees"] = [job.id for job in trees]
        for i, job in enumerate(files):
            variables |= {f"i{i}": job.id, **{f"e{i}_{j}": f"HEAD:{path}" for j, path in enumerate(job.paths)}}
        if languages:
            variables["languages"] = [job.id for job in languages]
        try:
            reply = await self._client.ask(question, variables, many=len(jobs) > 1)
        except AnswerError:
            # What fails alone fails in any question: it was not the length.
            self._most = len(jobs) // 2 if len(jobs) > 1 else _MOST
            raise
        self._most = max(self._most, len(jobs) + len(jobs) // 2)
        answers: dict[_Job, Outcome] = {job: reply.outcome("trees", i) for i, job in enumerate(trees)}
        answers |= {job: reply.outcome(f"r{i}") for i, job in enumerate(files)}
        answers |= {job: reply.outcome("languages", i) for i, job in enumerate(languages)}
        return [answers[job] for job in jobs]


_One = TypeVar("_One")


def _cut(items: Sequence[_One], most: int) -> list[Sequence[_One]]:
    return [items[start : start + most] for start in range(0, len(items), most)]
