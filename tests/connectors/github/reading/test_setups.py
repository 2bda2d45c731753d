"""setup.cfg and setup.py."""

from __future__ import annotations

import pytest

from sourcer_github.reading.setups import read_setup_cfg, read_setup_py


def test_a_setup_cfg() -> None:
    text = """
[metadata]
name = x
version = %(nothing)s
[options]
install_requires =
    mlflow>=2  # newest
    torch; python_version > "3.9"
    importlib-metadata; python_version < "3.8"
tests_require = pytest; hypothesis
[options.extras_require]
serve =
    fastapi
"""
    reading = read_setup_cfg(text)
    assert set(reading.terms) == {
        "pypi:mlflow",
        "pypi:torch",
        "pypi:importlib-metadata",
        "pypi:pytest",
        "pypi:hypothesis",
        "pypi:fastapi",
    }
    assert not reading.broken


@pytest.mark.parametrize("text", ["no section = 1", "[options\nx", "[options]\n  = 3\n= 4"])
def test_a_broken_setup_cfg(text: str) -> None:
    reading = read_setup_cfg(text)
    assert reading.terms == ()
    assert reading.broken


def test_a_setup_py() -> None:
    text = """
import os
from setuptools import setup, find_packages

EXTRA = ["kubernetes"]
requirements = ["mlflow>=2", "torch; python_version<'4'"] + EXTRA

setup(
    name="x",
    install_requires=requirements,
    tests_require="pytest",
    extras_require={"serve": ["fastapi", *EXTRA], "all": EXTRA},
    classifiers=["numpy"],
    long_description=open("\\d").read(),
)
"""
    reading = read_setup_py(text)
    assert reading.terms == ("pypi:mlflow", "pypi:torch", "pypi:kubernetes", "pypi:pytest", "pypi:fastapi")
    assert not reading.broken


def test_a_setup_py_that_reads_its_list_says_nothing() -> None:
    reading = read_setup_py("import setuptools\nsetuptools.setup(install_requires=open('r.txt').read().split())")
    assert reading.terms == ()
    assert not reading.broken


def test_a_list_that_holds_itself_ends() -> None:
    assert read_setup_py("a = a + a\nsetup(install_requires=a)").terms == ()


def test_the_python_of_old_times_is_read_by_eye() -> None:
    reading = read_setup_py('print "hi"\nsetup(name="x", install_requires=["pyspark==2.4", \'numpy\'])')
    assert reading.terms == ("pypi:pyspark", "pypi:numpy")
    assert reading.broken


@pytest.mark.parametrize(
    "text",
    [
        "setup(" * 5_000,
        "x = " + "-" * 40_000 + "1",
        "x = " + "+".join("a" * 20_000),
        "x = a" + ".a" * 20_000,
        "x = a" + "()" * 20_000,
        "x = " + "not " * 10_000 + "a",
        "\0",
        "\\",
    ],
)
def test_nesting_without_end_is_told_to_be_broken_or_read(text: str) -> None:
    assert read_setup_py(text).terms == ()
