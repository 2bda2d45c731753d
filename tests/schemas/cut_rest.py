"""Cut from GitHub's REST description the components that the loopback copy's answers are held against.

    python tests/schemas/cut_rest.py [EXTRACT.json] [OUTPUT.json]

Descriptions and examples are left out, and with them everything that a validator does not look at.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

__all__ = ["COMPONENTS", "EXTRACT", "REST", "cut"]

HERE: Final = Path(__file__).resolve().parent
EXTRACT: Final = HERE.parents[1] / ".." / "shared" / "schemas" / "github-rest-openapi-extract.json"
REST: Final = HERE / "github-rest.json"

COMPONENTS: Final = (
    "basic-error",
    "commit",
    "content-directory",
    "content-file",
    "contributor",
    "full-repository",
    "git-tree",
    "issue-search-result-item",
    "language",
    "minimal-repository",
    "organization-full",
    "organization-simple",
    "public-user",
    "pull-request",
    "pull-request-review",
    "pull-request-simple",
    "rate-limit-overview",
    "release",
    "repo-search-result-item",
    "simple-user",
    "social-account",
    "topic",
    "user-search-result-item",
)
"""What the copy answers with."""

_PLACE: Final = "#/components/schemas/"
_SILENT: Final = frozenset({"deprecated", "description", "example", "examples", "title"})
_BY_NAME: Final = frozenset({"properties", "schemas"})
"""Keys below which the names are not the schema's own."""

SOURCE: Final = (
    "A part of GitHub's OpenAPI description: npm @octokit/openapi 23.0.2, made by cut_rest.py; do not edit. "
    "MIT: see LICENSE.github-rest.txt"
)


def cut(description: Mapping[str, Any]) -> dict[str, Any]:
    """The part of ``description`` that :data:`COMPONENTS` need."""
    schemas = description["components"]["schemas"]
    kept: dict[str, Any] = {}
    wanted = list(COMPONENTS)
    while wanted:
        name = wanted.pop()
        if name not in kept:
            kept[name] = _plain(schemas[name])
            wanted += _references(kept[name])
    return {"info": {"description": SOURCE}, "components": {"schemas": dict(sorted(kept.items()))}}


def _plain(value: Any, *, names: bool = False) -> Any:
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _plain(one, names=key in _BY_NAME and not names)
        for key, one in value.items()
        if names or not (key in _SILENT or key.startswith("x-"))
    }


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _references(one)
    elif isinstance(value, dict):
        for key, one in value.items():
            if key == "$ref" and isinstance(one, str):
                yield one.removeprefix(_PLACE)
            else:
                yield from _references(one)


def main(arguments: list[str]) -> None:
    """Write the part; ``arguments`` are the extract and the output, both with defaults."""
    extract = Path(arguments[0]) if arguments else EXTRACT
    output = Path(arguments[1]) if len(arguments) > 1 else REST
    part = cut(json.loads(extract.read_text(encoding="utf-8")))
    output.write_text(json.dumps(part, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    sys.stdout.write(f"{output}: {output.stat().st_size} bytes\n")


if __name__ == "__main__":
    main(sys.argv[1:])
