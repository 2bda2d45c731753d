"""What Python files import."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sourcer_github.reading.imports import read_imports


def test_the_modules_of_a_file() -> None:
    text = '''"""Import data from there.

from here to eternity
"""
import os, torch.nn as nn, mlflow  # comment
import google.cloud.storage
from airflow.providers.google.cloud import operators
from google.cloud import aiplatform, BigQuery
from google.cloud import (
    pubsub,  # later
    storage as s,
)
from azure.ai.ml import MLClient
from sklearn.metrics import f1_score
from . import own
from .own import thing
if True:
    from kfp import dsl
    import  ray ; ray.init()
x = "import nothing"
import this and that
'''
    reading = read_imports(text)
    assert reading is not None
    assert reading.terms == (
        "import:os",
        "import:torch",
        "import:mlflow",
        "import:google.cloud.storage",
        "import:airflow.providers.google",
        "import:google.cloud.aiplatform",
        "import:google.cloud",
        "import:google.cloud.pubsub",
        "import:azure.ai.ml",
        "import:sklearn",
        "import:kfp",
        "import:ray",
    )
    assert reading.measure == {"imports": 12}


def test_a_file_that_imports_nothing_tells_nothing() -> None:
    assert read_imports("batch_size = 12\n") is None


@given(st.lists(st.text("abz_", max_size=5).map("m{}".format), min_size=1, max_size=20))
def test_modules_that_were_written_are_read_back(names: list[str]) -> None:
    text = "\r\n".join(f"import {name}.part as p" if len(name) % 2 else f"from {name} import Thing" for name in names)
    reading = read_imports(text)
    assert reading is not None
    told = [term.partition(":")[2].partition(".")[0] for term in reading.terms]
    assert list(dict.fromkeys(told)) == list(dict.fromkeys(names))
