"""What people of each trade show on Kaggle, read from ``works.toml``."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from random import Random

from pydantic import BaseModel, ConfigDict

from sourcer.demo.trades import fill

__all__ = ["ContestKind", "NotebookKind", "Works", "entitled", "read_works", "slug_of", "source_of"]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ContestKind(_Strict):
    """A kind of competition; one for practice counts for no tier."""

    titles: tuple[str, ...]
    tags: tuple[str, ...]
    practice: bool = False


class NotebookKind(_Strict):
    """A kind of notebook; ``imports`` are what its source imports, by the rules of its language."""

    trades: tuple[str, ...]
    titles: tuple[str, ...]
    tags: tuple[str, ...]
    imports: tuple[str, ...]
    language: str = "python"


class DatasetKind(_Strict):
    """A kind of data set."""

    titles: tuple[str, ...]
    tags: tuple[str, ...]


class ModelKind(_Strict):
    """A kind of model."""

    titles: tuple[str, ...]
    tags: tuple[str, ...]
    frameworks: tuple[str, ...]


class Works(_Strict):
    """Everything. ``shares`` says how many of a trade have an account, ``countries`` how Kaggle calls them."""

    shares: dict[str, float]
    countries: dict[str, str]
    contest: tuple[ContestKind, ...]
    notebook: tuple[NotebookKind, ...]
    dataset: tuple[DatasetKind, ...]
    model: tuple[ModelKind, ...]

    def notebooks_of(self, trade: str) -> tuple[NotebookKind, ...]:
        """The notebooks that people of a trade write; of a trade that writes none, any."""
        return tuple(kind for kind in self.notebook if trade in kind.trades) or self.notebook


@cache
def read_works() -> Works:
    """Read the file."""
    text = files("sourcer.demo.kaggle").joinpath("works.toml").read_text(encoding="utf-8")
    return Works.model_validate(tomllib.loads(text))


def entitled(rng: Random, titles: Sequence[str]) -> str:
    """A title with a subject in it."""
    thing = fill(rng, "{thing}").replace("-", " ")
    return rng.choice(titles).replace("{Thing}", thing.title()).replace("{thing}", thing)


def slug_of(title: str) -> str:
    """A title as Kaggle writes it into an address."""
    return "-".join(re.findall(r"[a-z0-9]+", title.lower()))[:50].rstrip("-")


def source_of(kind: NotebookKind, title: str, *, as_notebook: bool) -> str:
    """The source of a notebook: cells as JSON, or a script."""
    if kind.language == "r":
        lines = [f"# {title}", *(f"library({package})" for package in kind.imports), "summary(read.csv('train.csv'))"]
    else:
        lines = [f"# {title}", *(f"import {module}" for module in kind.imports), "print('ready')"]
    if not as_notebook:
        return "\n".join(lines) + "\n"
    said = {"cell_type": "markdown", "metadata": {}, "source": [f"# {title}\n", "\n", "import nothing, read first"]}
    code = {"cell_type": "code", "metadata": {}, "outputs": [], "source": [f"{line}\n" for line in lines[1:]]}
    return json.dumps({"cells": [said, code], "metadata": {}, "nbformat": 4, "nbformat_minor": 4})
