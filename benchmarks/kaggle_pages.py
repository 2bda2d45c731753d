"""How many recorded Kaggle profiles are read, and which fields of them.

Takes files: saved pages (``.html``), tables of header fragments (``.csv``, columns UserId and UserHTML) and lists of
profile objects (``.json``), each also as ``.gz``. Prints counts by file and field, never a value.

    .venv/bin/python benchmarks/kaggle_pages.py FILE...
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from sourcer_kaggle.pages.html import read_page
from sourcer_kaggle.pages.objects import read_object
from sourcer_kaggle.pages.profile import Saved


def main(paths: list[str]) -> int:
    """Read each file, print what was read; fails where something was not."""
    failed = 0
    csv.field_size_limit(sys.maxsize)
    for path in map(Path, paths):
        before = time.perf_counter()
        found = list(_read(path))
        seconds = time.perf_counter() - before
        read = [saved for saved in found if saved is not None and saved.formats]
        print(f"{path.name}: {len(read)} of {len(found)} read, {1000 * seconds / max(1, len(found)):.1f} ms each")
        for what, count in sorted(_told(read).items()):
            print(f"  {what}: {count}")
        failed += len(found) - len(read)
    return int(failed > 0)


def _read(path: Path) -> Iterator[Saved | None]:
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8-sig", "replace")
    form = Path(path.name.removesuffix(".gz")).suffix
    if form == ".csv":
        for row in csv.DictReader(io.StringIO(text, newline="")):
            saved = read_page(row["UserHTML"])
            # Whether the fragment's own number is the one that the table gives.
            yield saved if saved.uid in (None, int(row["UserId"])) else None
    elif form == ".json":
        yield from (read_object(value) for value in json.loads(text))
    else:
        yield read_page(text)


def _told(found: list[Saved]) -> Counter[str]:
    told: Counter[str] = Counter()
    for saved in found:
        for one in fields(saved):
            value = getattr(saved, one.name)
            told[one.name] += value not in (None, (), {}, "")
        told.update(f"links.{where}" for where in {link.where for link in saved.links})
        told.update(f"texts.{what}" for what in saved.texts)
        told.update(f"measure.{unit}" for unit in saved.measure)
        told.update(f"formats.{form}" for form in saved.formats)
    return told


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
