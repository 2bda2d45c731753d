"""How much of recorded answers of the Stack Exchange API the connector's shapes read.

Reads every JSON file of a folder: a wrapper with ``items``, or a bare list. What an item is, its fields say. Prints for
each shape how many items were read and how many refused, with the fields of the first that was refused; fails where one
was. Nothing of the answers is printed.

    .venv/bin/python benchmarks/stackexchange_answers.py FOLDER
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from sourcer_stackoverflow.api import wire

SHAPES: Final[tuple[tuple[str, type[wire.Wire]], ...]] = (
    ("comment_id", wire.Wire),  # comments are not read by the connector
    ("answer_id", wire.AnswerPost),
    ("question_id", wire.QuestionPost),
    ("badge_id", wire.Holder),
    ("tag_name", wire.TopTag),
    ("user_id", wire.User),
    ("count", wire.TagInfo),
)


def main() -> int:
    """Read everything and count."""
    if len(sys.argv) != 2:
        print(__doc__)
        return 2
    read: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    for path in sorted(Path(sys.argv[1]).glob("*.json")):
        for shape, item in _items(json.loads(path.read_bytes())):
            name = shape.__name__
            found = wire.read(shape, item)
            (refused if found is None else read)[name] += 1
            if found is None:
                print(f"{path.name}: a {name} cannot be read; it has {', '.join(sorted(item))}")
    for name in sorted({*read, *refused}):
        print(f"{'not used' if name == 'Wire' else name}: {read[name]} read, {refused[name]} refused")
    return int(refused.total() > 0)


def _items(body: Any) -> Iterator[tuple[type[wire.Wire], dict[str, Any]]]:
    """Every object that has a shape, posts inside questions and people inside posts too."""
    if isinstance(body, list):
        for inner in body:
            yield from _items(inner)
    elif isinstance(body, dict):
        shape = next((shape for field, shape in SHAPES if field in body), None)
        if shape is not None:
            yield shape, body
        for inner in body.values():
            yield from _items(inner)


if __name__ == "__main__":
    sys.exit(main())
