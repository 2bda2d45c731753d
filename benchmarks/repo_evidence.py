"""What the GitHub connector's deep look detects in real repositories, and whether that tells ML work from other work.

Reads an archive of real repositories (a tar or a folder; each with META.json, TREE.tsv.gz and files/), answers the deep
look's own questions from it as GitHub would, and prints for each repository: what it is, the evidence, the production
signals, the skills by the lexicon with their proofs, focus and score by a brief. The repository stands as if it were
the only one of a person, on the day after its last commit. At the end a verdict: are ML, MLOps and data repositories
told from the others?

    .venv/bin/python benchmarks/repo_evidence.py ../shared/data/repo_evidence.tar.gz

The archive holds manifests, READMEs, workflows and the like, but no Python files: of those that the deep look asks for,
the answer holds the imports that META.json counts in at least a fifth of the repository's Python files. Other files
that the archive lacks are answered as empty. Exits with 1 where the verdict is no.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import io
import json
import sys
import tarfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count, product
from pathlib import Path
from typing import Any, Final, cast

from sourcer.brief import Brief
from sourcer.config import read_toml
from sourcer.connect import Evidence, Item, Json, Ref, Unknown, Visit, parse_time
from sourcer.score.rules import load_rules
from sourcer.score.scoring import Score, Scorer
from sourcer.skills.focus import focus
from sourcer.skills.lexicon import load_lexicon
from sourcer.store.reads import PersonFacts, StoredEvidence
from sourcer_github.client import Client, Reply
from sourcer_github.deep import look_deep

HERE: Final = Path(__file__).resolve().parent
ARCHIVE: Final = HERE.parent / ".." / "shared" / "data" / "repo_evidence.tar.gz"
BRIEF: Final = HERE.parent / "sourcer" / "briefs" / "ml-engineer.toml"

WANTED: Final = ("mlops", "ml", "data")
"""Categories of META.json that are ML work, by their beginnings."""

OFTEN: Final = 0.2
"""Share of a repository's Python files that import a module: then the files that are asked for do, too."""

SPECIFIC: Final = 0.7
"""Relevance in the lexicon from which a skill is one of machine learning or its data."""

PROVEN: Final = 0.5
"""Strength of a proof from which it is more than a word in a text."""

SIGNALS: Final[Mapping[str, tuple[str, ...]]] = {
    "tests": ("testing",),
    "CI": ("ci-cd",),
    "container": ("docker",),
    "cluster": ("kubernetes", "kserve"),
    "infrastructure": ("terraform",),
    "package": ("packaging",),
    "pipeline": ("airflow", "kubeflow", "ml-orchestration", "prefect", "dagster", "dvc", "dbt"),
    "tracking": ("mlflow", "wandb", "experiment-tracking"),
    "serving": ("bentoml", "torchserve", "triton-inference-server", "model-serving"),
    "monitoring": ("monitoring", "model-monitoring"),
    "cloud ML": ("sagemaker", "vertex-ai", "azure-ml", "databricks"),
}
"""Signs of production work, by the skills of the lexicon that are proven by more than a text."""


@dataclass
class Repository:
    """A repository of the archive."""

    meta: Mapping[str, Any]
    sizes: Mapping[str, int]
    texts: Mapping[str, str]

    @property
    def name(self) -> str:
        """``owner/name``."""
        return str(self.meta["repo"])

    @property
    def wanted(self) -> bool:
        """Whether it is ML work."""
        return str(self.meta["category"]).startswith(WANTED)

    def text(self, path: str) -> str:
        """The content of a file, as far as the archive tells."""
        if path in self.texts:
            return self.texts[path]
        if not path.endswith(".py"):
            return ""
        least = OFTEN * max(1, self.meta["python_files_scanned_for_imports"])
        return "".join(f"import {name}\n" for name, files in self.meta["imports_file_counts"].items() if files >= least)

    def tree(self) -> Json:
        """The two upper levels, as GitHub's tree says them."""
        return {"entries": [self._entry("", name, 1) for name in self._names("")]}

    def folder(self, path: str) -> Json:
        """One folder."""
        names = self._names(f"{path}/")
        return {"entries": [self._entry(f"{path}/", name, 0) for name in names]} if names else None

    def _names(self, prefix: str) -> list[str]:
        return sorted({path.removeprefix(prefix).split("/")[0] for path in self.sizes if path.startswith(prefix)})

    def _entry(self, prefix: str, name: str, deeper: int) -> Json:
        path = f"{prefix}{name}"
        if path in self.sizes:
            return {"name": name, "type": "blob", "size": self.sizes[path], "object": {}}
        return {"name": name, "type": "tree", "size": 0, "object": self.folder(path) if deeper else {}}


def read_archive(path: Path) -> list[Repository]:
    """Every repository of a tar or a folder, by name.

    Raises:
        SystemExit: There is none.
    """
    found: dict[str, dict[str, bytes]] = {}
    for name, content in _files(path):
        before, _, inside = name.partition("/files/")
        folder, _, last = (before, "", f"files/{inside}") if inside else name.rpartition("/")
        found.setdefault(folder, {})[last] = content
    repositories = [_repository(held) for held in found.values() if {"META.json", "TREE.tsv.gz"} <= held.keys()]
    if not repositories:
        raise SystemExit(f"{path}: no folder with META.json and TREE.tsv.gz in it")
    return sorted(repositories, key=lambda one: one.name.lower())


def _files(path: Path) -> Iterator[tuple[str, bytes]]:
    if path.is_dir():
        for file in sorted(path.rglob("*")):
            if file.is_file():
                yield file.relative_to(path).as_posix(), file.read_bytes()
    elif path.is_file():
        with tarfile.open(path) as archive:
            for member in archive:
                held = archive.extractfile(member) if member.isfile() else None
                if held is not None:
                    yield member.name, held.read()
    else:
        raise SystemExit(f"{path}: there is no such archive; give the path of repo_evidence.tar.gz, or of a folder")


def _repository(held: Mapping[str, bytes]) -> Repository:
    lines = gzip.decompress(held["TREE.tsv.gz"]).decode().splitlines()
    sizes = {path: int(size) for size, _, path in (line.partition("\t") for line in lines)}
    texts = {path.removeprefix("files/"): text.decode(errors="replace") for path, text in held.items() if "/" in path}
    return Repository(json.loads(held["META.json"]), sizes, texts)


@dataclass
class ArchiveClient:
    """Answers the deep look's questions from one repository of the archive."""

    repository: Repository
    asked: list[str] = field(default_factory=list)

    async def ask(self, query: str, variables: Mapping[str, Json], *, many: bool = False) -> Reply:
        """The reply to one question."""
        del query, many
        data: dict[str, Json] = {}
        if "trees" in variables:
            data["trees"] = [{**self._about(), "root": self.repository.tree(), "workflows": self._workflows()}]
        if "languages" in variables:
            data["languages"] = [{**self._about(), "languages": self._languages()}]
        if "i0" in variables:
            paths = [
                variables[f"e0_{i}"].removeprefix("HEAD:") for i in range(len(variables)) if f"e0_{i}" in variables
            ]
            self.asked += paths
            data["r0"] = {f"f{i}": self._blob(path) for i, path in enumerate(paths)}
        return Reply(data, ())

    def _about(self) -> dict[str, Json]:
        name = self.repository.name
        pushed_at = self.repository.meta["date"]
        return {"id": "R", "nameWithOwner": name, "url": f"https://github.com/{name}", "pushedAt": pushed_at}

    def _workflows(self) -> Json:
        return self.repository.folder(".github/workflows")

    def _languages(self) -> Json:
        sizes: Mapping[str, int] = self.repository.meta["bytes_by_language"]
        edges = [
            {"size": size, "node": {"name": name}} for name, size in sorted(sizes.items(), key=lambda one: -one[1])
        ]
        return {"totalSize": sum(sizes.values()), "edges": edges[:10]}

    def _blob(self, path: str) -> Json:
        return {"__typename": "Blob", "isTruncated": False, "isBinary": False, "text": self.repository.text(path)}


def look(repository: Repository) -> tuple[list[Item], list[str]]:
    """What the connector's own deep look yields for a repository, and the files that it asked for."""
    client = ArchiveClient(repository)
    state = {"id": "U", "own": 1, "repositories": [{"id": "R", "key": "1", "terms": ["topic:any"]}]}
    visit = Visit(Ref("github", "1", "somebody"), state=state)

    async def collect() -> list[Item]:
        return [item async for item in look_deep(cast("Client", client), [visit], lambda _: 1.0)]

    return asyncio.run(collect()), client.asked


@dataclass
class Row:
    """What was detected in one repository."""

    repository: Repository
    evidence: Sequence[Evidence]
    unknown: Sequence[Unknown]
    asked: Sequence[str]
    score: Score
    focus: float

    def proofs(self) -> dict[str, tuple[float, str]]:
        """The strongest proof of each skill: its strength, and the term or words."""
        found: dict[str, tuple[float, str]] = {}
        for item in self.score.earnings:
            held = item.evidence
            words = load_lexicon().skills_of(held.terms, held.title.partition("/")[2], personal=False).get(item.skill)
            # What a skill shows besides has no words of its own.
            proof = f"{words.scheme}:{words.matched}" if words is not None else item.scheme
            found[item.skill] = max(found.get(item.skill, (0.0, "")), (item.strength, proof))
        return found

    def signals(self) -> list[str]:
        """Signs of production work."""
        proven = {skill for skill, (strength, _) in self.proofs().items() if strength >= PROVEN}
        return [name for name, skills in SIGNALS.items() if not proven.isdisjoint(skills)]

    def specific(self) -> dict[str, tuple[float, str]]:
        """The proven skills of machine learning and its data."""
        skills = load_lexicon().skills
        return {
            skill: proof
            for skill, proof in sorted(self.proofs().items(), key=lambda one: (-one[1][0], one[0]))
            if proof[0] >= PROVEN and skills[skill].relevance >= SPECIFIC
        }


def judge(repository: Repository, brief: Brief) -> Row:
    """Look at a repository and score what was seen."""
    items, asked = look(repository)
    evidence = [item for item in items if isinstance(item, Evidence)]
    lexicon = load_lexicon()
    moment = parse_time(str(repository.meta["date"]))
    assert moment is not None
    scorer = Scorer(brief, lexicon, load_rules(), (moment + timedelta(days=1)).date())
    stored = [
        StoredEvidence(
            id=number,
            site="github",
            uid="1",
            kind=item.kind,
            url=item.url,
            title=item.title,
            terms=item.terms,
            measure=item.measure,
            licence="",
            happened_at=item.happened_at,
            seen_at=moment,
        )
        for number, item in zip(count(1), evidence)
    ]
    terms = [term for item in evidence for term in item.terms]
    return Row(
        repository,
        evidence,
        [item for item in items if isinstance(item, Unknown)],
        asked,
        scorer.score(PersonFacts(1, evidence=stored)),
        focus(lexicon, brief)(terms),
    )


def table(rows: Iterable[Row]) -> Iterator[str]:
    """The detection, a repository a line."""
    yield "| repository | is | tree file dep readme | signals | ML and data skills, strongest proof | focus | score |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for row in rows:
        kinds = [item.kind for item in row.evidence]
        counts = " ".join(str(kinds.count(f"repo.{kind}")) for kind in ("tree", "file", "dependency", "readme"))
        skills = ", ".join(f"{skill} ({proof})" for skill, (_, proof) in row.specific().items())
        cells = [row.repository.name, row.repository.meta["category"], counts, ", ".join(row.signals()), skills]
        yield "| " + " | ".join(map(str, cells)) + f" | {row.focus:.2f} | {row.score.score:.1f} |"


def details(row: Row) -> Iterator[str]:
    """All that was detected in one repository."""
    yield f"## {row.repository.name}: asked for {', '.join(row.asked) or 'no file'}"
    for item in row.evidence:
        yield f"  {item.kind} {item.title.partition(': ')[2]} {dict(item.measure)} {' '.join(item.terms)[:400]}"
    yield from (f"  unknown {item.what}: {item.reason}" for item in row.unknown)


def verdict(rows: Sequence[Row]) -> Iterator[tuple[bool, str]]:
    """What must hold, and whether it does."""
    wanted = [row for row in rows if row.repository.wanted]
    others = [row for row in rows if not row.repository.wanted]
    pairs = [(one.score.score > other.score.score) for one, other in product(wanted, others)]
    yield sum(pairs) >= 0.9 * len(pairs), f"ML, MLOps or data scores above others in {sum(pairs)} of {len(pairs)} pairs"
    blind = [row.repository.name for row in wanted if not row.specific()]
    yield not blind, f"ML, MLOps or data without a proven ML or data skill: {', '.join(blind) or 'none'}"
    plain = [row for row in others if row.repository.meta["category"] != "trap"]
    wrong = [f"{row.repository.name} ({', '.join(row.specific())})" for row in plain if row.specific()]
    yield not wrong, f"neither ML nor trap, but with a proven ML or data skill: {', '.join(wrong) or 'none'}"
    median = sorted(row.score.score for row in wanted)[len(wanted) // 2]
    fooled = [row.repository.name for row in others if row.score.score >= median]
    yield not fooled, f"others that score like the median of ML work ({median:.1f}): {', '.join(fooled) or 'none'}"


def main(arguments: Sequence[str]) -> int:
    """Print the table and the verdict."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("archive", nargs="?", type=Path, default=ARCHIVE, help="a tar, or a folder of repositories")
    parser.add_argument("--brief", type=Path, default=BRIEF)
    parser.add_argument("--details", action="store_true", help="print every piece of evidence, too")
    options = parser.parse_args(arguments)
    brief = Brief.model_validate(read_toml(options.brief))
    rows = [judge(repository, brief) for repository in read_archive(options.archive)]
    rows.sort(key=lambda row: -row.score.score)
    out = io.StringIO()
    if options.details:
        out.writelines(f"{line}\n" for row in rows for line in details(row))
    out.writelines(f"{line}\n" for line in table(rows))
    results = list(verdict(rows))
    out.writelines(f"{'yes' if holds else 'NO '}  {line}\n" for holds, line in results)
    sys.stdout.write(out.getvalue())
    return 0 if all(holds for holds, _ in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
