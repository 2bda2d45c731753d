"""What the lexicon finds in real text, name by name, and how fast.

Reads a folder of public extracts (those that are there): bios (``stackoverflow_users``, ``truth/github_city_profiles``,
``AboutMe`` of dumps under ``stackexchange_dumps``), names of repositories, titles of questions with their tags, tags
alone. Prints for each ambiguous name of the lexicon in how many texts the word stands and in how many it counts; the
names and tags that are found most; and the microseconds a piece of evidence takes beside cutting it into words.

    .venv/bin/python benchmarks/lexicon.py ../shared/data
    .venv/bin/python benchmarks/lexicon.py ../shared/data --show go     (texts with the word, to judge by eye)

Nothing of the texts is printed without --show.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from sourcer.skills import Lexicon, load_lexicon
from sourcer.skills.matcher import words_of

Piece = tuple[tuple[str, ...], str]
"""Terms and title of a piece of evidence."""

MOST: Final = 40
AROUND: Final = 70
TAGS: Final = re.compile(r"<[^>]+>")


def main() -> int:
    """Read, count, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", metavar="NAME", default="", help="print texts that hold this name")
    arguments = parser.parse_args()
    lexicon = load_lexicon()
    corpora = {name: pieces for name, pieces in _corpora(arguments.folder).items() if pieces}
    if arguments.show:
        for name, pieces in corpora.items():
            _show(lexicon, name, pieces, arguments.show.lower())
        return 0
    print("| corpus | pieces | with a skill | us a piece | us, all seen before | us to cut into words |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, pieces in corpora.items():
        _time(lexicon, name, pieces)
    _ambiguous(lexicon, corpora)
    for name, pieces in corpora.items():
        _frequent(lexicon, name, pieces)
    return 0


def _corpora(folder: Path) -> dict[str, list[Piece]]:
    names: list[Piece] = [
        ((f"language:{row['language'].lower()}",) if row["language"] else (), row["repo"])
        for row in _rows(folder / "truth/github_city_profiles/repos.csv.gz")
    ]
    tags: list[Piece] = [
        (tuple(f"tag:{tag}" for tag in re.findall(r"<([^>]+)>", row["Tags"])), "")
        for row in _rows(folder / "dsse_questions/2019_questions.csv.gz")
    ]
    bios = [row["about_me"] for row in _rows(folder / "stackoverflow_users/so-users-2021-12.csv.gz")]
    bios += [row["bio_masked"] for row in _rows(folder / "truth/github_city_profiles/people.csv.gz")]
    questions: list[Piece] = []
    for dump in sorted((folder / "stackexchange_dumps").glob("*")):
        bios += [TAGS.sub(" ", row.get("AboutMe", "")) for row in _elements(dump / "Users.xml.gz")]
        questions += [
            (tuple(f"tag:{tag}" for tag in re.findall(r"[^<>|]+", row.get("Tags", ""))), row["Title"])
            for row in _elements(dump / "Posts.xml.gz")
            if "Title" in row
        ]
    return {
        "bios": [((f"text:{bio}",), "") for bio in bios if bio.strip()],
        "repository names": names,
        "questions": questions,
        "tags": tags,
    }


def _rows(path: Path) -> Iterator[dict[str, str]]:
    if path.is_file():
        with gzip.open(path) as packed:
            yield from csv.DictReader(io.TextIOWrapper(packed, encoding="utf-8"))


def _elements(path: Path) -> Iterator[dict[str, str]]:
    if path.is_file():
        with gzip.open(path) as packed:
            for _, element in ET.iterparse(packed):
                if element.tag == "row":
                    yield dict(element.attrib)
                element.clear()


def _time(lexicon: Lexicon, name: str, pieces: Sequence[Piece]) -> None:
    """Cold, again, and beside the least that any reader of text must do."""
    began = time.perf_counter()
    found = sum(bool(lexicon.skills_of(terms, title)) for terms, title in pieces)
    cold = time.perf_counter()
    for terms, title in pieces:
        lexicon.skills_of(terms, title)
    warm = time.perf_counter()
    for terms, title in pieces:
        words_of(" ".join((*terms, title)))
    end = time.perf_counter()
    each = [1e6 * value / len(pieces) for value in (cold - began, warm - cold, end - warm)]
    print(
        f"| {name} | {len(pieces)} | {found / len(pieces):.1%} | " + " | ".join(f"{value:.1f}" for value in each) + " |"
    )


def _ambiguous(lexicon: Lexicon, corpora: dict[str, list[Piece]]) -> None:
    """How often each ambiguous name stands in a text, and how often it counts."""
    names = {
        alias.removesuffix("?"): skill.id
        for skill in lexicon.skills.values()
        for alias in skill.aliases
        if alias.endswith("?")
    }
    texts = {name: pieces for name, pieces in corpora.items() if name != "tags"}
    stands: dict[str, Counter[str]] = {name: Counter() for name in texts}
    counts: dict[str, Counter[str]] = {name: Counter() for name in texts}
    for corpus, pieces in texts.items():
        for terms, title in pieces:
            words = set(words_of(title or terms[0].partition(":")[2]))
            for name in words & names.keys():
                stands[corpus][name] += 1
            for skill, match in lexicon.skills_of(terms, title).items():
                word = match.matched.lower()
                counts[corpus][word] += match.scheme in ("text", "title") and names.get(word) == skill
    print("\n| ambiguous name | skill | " + " | ".join(f"{name}: counts of stands" for name in texts) + " |")
    print("| --- | --- |" + " --- |" * len(texts))
    for name in sorted(names):
        if any(stands[corpus][name] for corpus in texts):
            cells = [f"{counts[corpus][name]} of {stands[corpus][name]}" for corpus in texts]
            print(f"| {name} | {names[name]} | " + " | ".join(cells) + " |")


def _frequent(lexicon: Lexicon, corpus: str, pieces: Sequence[Piece]) -> None:
    seen: Counter[str] = Counter()
    for terms, title in pieces:
        for skill, match in lexicon.skills_of(terms, title).items():
            seen[f"{match.scheme}:{match.matched.lower()} -> {skill}"] += 1
    print(f"\n{corpus}: " + ", ".join(f"{name} ({count})" for name, count in seen.most_common(MOST)))


def _show(lexicon: Lexicon, corpus: str, pieces: Sequence[Piece], wanted: str) -> None:
    for terms, title in pieces:
        text = title or terms[0].partition(":")[2]
        at = re.search(rf"(?<![^\W_]){re.escape(wanted)}(?![^\W_])", text, re.IGNORECASE)
        if at is None:
            continue
        found = [skill for skill, match in lexicon.skills_of(terms, title).items() if match.matched.lower() == wanted]
        around = " ".join(text[max(0, at.start() - AROUND) : at.end() + AROUND].split())
        print(f"{corpus} | {', '.join(found) or '-'} | {around} | {' '.join(terms) if title else ''}")


if __name__ == "__main__":
    raise SystemExit(main())
