"""The files that a repository shows, from ``files.toml``: what is in them agrees with the kind of work it is."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from sourcer.demo.model import dice

__all__ = ["Subject", "write_files"]

_MODULES: Final = {
    "apache-airflow": "airflow",
    "dbt-core": "dbt",
    "google-cloud-aiplatform": "google.cloud.aiplatform",
    "hydra-core": "hydra",
    "psycopg2-binary": "psycopg2",
    "scikit-learn": "sklearn",
}
"""What a package is imported as, where that is not its name."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a repository is about; ``seed`` names the choice of versions."""

    name: str
    about: str
    packages: tuple[str, ...]
    seed: str

    def words(self) -> dict[str, str]:
        """What stands for each ``@word@`` of a template."""
        rng = dice(self.seed, "versions")
        pins = [f"{name}=={rng.randint(0, 4)}.{rng.randint(0, 30)}.{rng.randint(0, 9)}" for name in self.packages]
        modules = sorted(_MODULES.get(name, name.replace("-", "_")) for name in self.packages)
        return {
            "@name@": self.name,
            "@module@": self.name.replace("-", "_"),
            "@about@": self.about,
            "@imports@": "\n".join(f"import {module}" for module in modules),
            "@pins@": "\n".join(pins),
            "@bounds@": "\n".join(f'    "{pin.replace("==", ">=")}",' for pin in pins),
            "@needs@": "\n    ".join(pins),
            "@caret@": "\n".join('{} = "^{}"'.format(*pin.split("==")) for pin in pins),
            "@conda@": "\n".join(f"  - {pin.replace('==', '=')}" for pin in pins),
        }


@cache
def _templates() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("sourcer.demo").joinpath("files.toml").read_text(encoding="utf-8"))


def write_files(subject: Subject, evidence: Sequence[str]) -> dict[str, str]:
    """Paths and texts of a repository, by path.

    Args:
        subject: What it is about.
        evidence: Names in ``files.toml``.
    """
    words = subject.words()
    found: dict[str, str] = {}
    for name in evidence:
        found |= {_fill(path, words): _fill(text, words) for path, text in _templates()[name].items()}
    return dict(sorted(found.items()))


def _fill(text: str, words: dict[str, str]) -> str:
    for slot, word in words.items():
        text = text.replace(slot, word)
    return text
