"""Requirements as pip reads them, and as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.utils import canonicalize_name

from sourcer_github.reading.requirements import pypi_terms, read_requirements, requirement_name


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("mlflow", "mlflow"),
        ("mlflow==2.9.2", "mlflow"),
        ("Scikit_Learn>=1.0,<2", "scikit-learn"),
        ("zope.interface ~= 5", "zope-interface"),
        ("ray[serve, tune]>=2", "ray"),
        ("torch ; python_version < '3.12'", "torch"),
        ("dvc (>=3)", "dvc"),
        ("kfp @ https://example.org/kfp.whl", "kfp"),
        ("kfp@git+https://example.org/kfp", "kfp"),
        ("git+https://example.org/x/y.git@main#egg=Feast_Store", "feast-store"),
        # What the standard refuses.
        ("torch==1.*,<2 ; on my machine", "torch"),
        ("torch=>1", "torch"),
        ("torch==1.0cu11-special", "torch"),
        ("git+https://example.org/x/y.git", None),
        ("https://example.org/x.whl", None),
        ("git@example.org:x/y.git", None),
        ("two words", None),
        ("<<<<<<< HEAD", None),
        ("", None),
        ("-", None),
        ("mlflow-", None),
        ("x ; " + "(" * 400, "x"),
    ],
)
def test_the_name_of_a_requirement(line: str, name: str | None) -> None:
    assert requirement_name(line) == name


def test_a_requirements_file() -> None:
    text = """
# models
mlflow==2.9.2 \\
    --hash=sha256:00
--pre
-r base.txt
-e .
-e git+https://example.org/x.git#egg=feast
git+https://example.org/unnamed.git
./vendored
vendored.whl
torch>=2 # keep
torch>=2.1
"""
    reading = read_requirements(text)
    assert reading.terms == ("pypi:mlflow", "pypi:feast", "pypi:torch")
    assert reading.measure == {"packages": 3}
    assert not reading.broken


def test_windows_lines() -> None:
    assert read_requirements("mlflow\r\ntorch \\\r\n  --no-deps\r\n").terms == ("pypi:mlflow", "pypi:torch")


def test_a_line_that_names_nothing_breaks_the_file_but_not_the_others() -> None:
    reading = read_requirements("mlflow\n<<<<<<< HEAD\ntorch\n")
    assert reading.terms == ("pypi:mlflow", "pypi:torch")
    assert reading.broken


def test_an_address_without_a_name_is_nothing_broken() -> None:
    assert list(pypi_terms(["https://example.org/x.whl", "what is this", "dvc"])) == [None, "pypi:dvc"]


def test_a_file_names_at_most_so_many() -> None:
    reading = read_requirements("\n".join(f"package-{i}" for i in range(5_000)))
    assert len(reading.terms) == 300
    assert reading.measure == {"packages": 300}


NAME = st.text("aBz09._-", max_size=8).map("P{}0".format)
REST = st.sampled_from(["", "==1.0", " >=1,<2", "[extra]", " ; python_version<'3'", "~=1", " @ https://example.org/x"])


@given(NAME, REST)
def test_a_name_is_found_whatever_follows(name: str, rest: str) -> None:
    assert requirement_name(name + rest) == canonicalize_name(name)


@given(st.lists(st.tuples(NAME, REST), max_size=20))
def test_a_list_that_was_written_is_read_back(entries: list[tuple[str, str]]) -> None:
    reading = read_requirements("\n".join(name + rest for name, rest in entries))
    assert reading.terms == tuple(dict.fromkeys(f"pypi:{canonicalize_name(name)}" for name, _ in entries))
    assert not reading.broken
