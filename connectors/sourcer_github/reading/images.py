"""Names of container images."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from sourcer_github.reading.plain_yaml import walk

__all__ = ["image_term", "images_in"]

_NAME: Final = re.compile(r"[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*")
_DEFAULT: Final = re.compile(r"\$\{\w+:?-([^{}]*)\}")
_VARIABLE: Final = re.compile(r"[$<{].*")
_PICTURE: Final = re.compile(r".*\.(?:png|jpe?g|gif|svg|ico|webp)")
_MOST_NAME: Final = 255


def image_term(reference: str) -> str | None:
    """``image:nvidia/cuda`` of a reference: without registry, tag, digest and what a variable stands for.

    A variable's default that stands in the reference itself counts. ``None`` where no name is left.
    """
    text = _DEFAULT.sub(r"\1", reference.strip()[: 2 * _MOST_NAME]).removeprefix("docker://").partition("@")[0]
    *folders, last = text.split("/")
    last = _VARIABLE.sub("", last.partition(":")[0]).rstrip("._-")
    if folders and _is_registry(folders[0]):
        del folders[0]
    if folders[:1] == ["library"]:
        del folders[0]
    kept = [folder for folder in folders if not _VARIABLE.search(folder)]
    name = "/".join([*kept, last]).lower()
    if len(name) > _MOST_NAME or name == "scratch" or _PICTURE.fullmatch(name):
        return None
    return f"image:{name}" if _NAME.fullmatch(name) else None


def images_in(data: Any) -> Iterator[str]:
    """The images that any table of a document names, as a text or by ``repository`` or ``name``."""
    for part in walk(data):
        image = part.get("image")
        if isinstance(image, dict):
            image = image.get("repository") or image.get("name")
        term = image_term(image) if isinstance(image, str) else None
        if term:
            yield term


def _is_registry(host: str) -> bool:
    return "." in host or ":" in host or host == "localhost"
