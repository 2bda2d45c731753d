"""Actions that a GitHub workflow uses, found line by line: the file is a stranger's and is never loaded as YAML."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["actions_in"]

MOST_CHARACTERS: Final = 200_000
MOST_ACTIONS: Final = 50

_USES: Final = re.compile(r"^[ \t]*(?:-[ \t]+)?uses:[ \t]*[\"']?([\w.-]+/[\w./-]+)@", re.MULTILINE)


def actions_in(text: str) -> tuple[str, ...]:
    """``action:owner/name`` for each action, in the order of the file, lower-case, without its version."""
    found = dict.fromkeys(f"action:{name.lower()}" for name in _USES.findall(text[:MOST_CHARACTERS]))
    return tuple(found)[:MOST_ACTIONS]
