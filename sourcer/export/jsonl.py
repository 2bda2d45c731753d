"""JSON Lines: an object a person, numbers as numbers and lists as lists."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import IO

from sourcer.export.cells import Linked, Value

__all__ = ["write_jsonl"]


def write_jsonl(stream: IO[bytes], rows: Iterable[Mapping[str, Value]]) -> int:
    """Write each row as one line of UTF-8; what is unknown is ``null``.

    Returns:
        The number of rows.
    """
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007  # the last number is how many there were
        plain = {name: value.text if isinstance(value, Linked) else value for name, value in row.items()}
        # Texts come from the database, which holds no half characters; one from elsewhere must not break the file.
        text = json.dumps(plain, ensure_ascii=False).encode("utf-8", "replace")
        stream.write(text + b"\n")
    return count
