from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcer_kaggle.api.imports import imports_of


def notebook(*cells: Any) -> str:
    return json.dumps({"cells": list(cells), "nbformat": 4})


@pytest.mark.parametrize(
    ("source", "modules"),
    [
        ("import torch", ("torch",)),
        ("import torch.nn as nn, numpy as np  # arrays", ("numpy", "torch")),
        ("    from sklearn.svm import (\n    SVC)", ("sklearn",)),
        ("try:\r\n\timport mlflow\r\nexcept ImportError: pass\r\n", ("mlflow",)),
        ("import a; import b", ("a",)),
        ("from . import x\nfrom .y import z", ()),
        ("# import torch\nprint('import torch')\nimportlib.reload(x)\nimports = 1", ()),
        ("import 1x, y z, ok", ("ok",)),
        ("", ()),
    ],
)
def test_modules_of_a_script(source: str, modules: tuple[str, ...]) -> None:
    assert imports_of(source, "python") == modules


def test_only_code_of_a_notebook_counts() -> None:
    source = notebook(
        {"cell_type": "markdown", "source": ["import notthis\n"]},
        {"cell_type": "code", "source": ["%pip install x\n", "import torch\n", "from mlflow import log_metric"]},
        {"cell_type": "code", "source": "import pandas"},
        {"cell_type": "code", "source": [1, None]},
        "no cell",
    )
    assert imports_of(source, None) == ("mlflow", "pandas", "torch")


@pytest.mark.parametrize("source", ["{" * 100_000, '{"cells": 5}', "{}", '{"a":' * 50_000])
def test_what_only_looks_like_a_notebook_imports_nothing(source: str) -> None:
    assert imports_of(source, "python") == ()


def test_packages_of_r() -> None:
    source = "library(tidyverse)\nrequire('data.table', quietly = TRUE)\n# library(no)\nimport x"
    assert imports_of(source, "Rmarkdown") == ("data.table", "tidyverse")


def test_a_long_source_is_read_in_no_time() -> None:
    assert len(imports_of("import " + "a," * 900_000, "python")) <= 1
    assert imports_of("from " + "a." * 900_000, "python") == ()
    assert len(imports_of("\n".join(f"import m{n}" for n in range(1000)), "python")) == 100


@given(st.text(), st.one_of(st.none(), st.sampled_from(["python", "r", "julia"])))
def test_no_source_raises(source: str, language: str | None) -> None:
    found = imports_of(source, language)
    assert all(module and module.isprintable() and " " not in module for module in found)
    assert imports_of(notebook({"cell_type": "code", "source": source.splitlines(keepends=True)}), language) == tuple(
        found
    ) or source.lstrip().startswith("{")
