"""Dockerfiles."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sourcer_github.reading.docker import read_dockerfile

DOCKERFILE = """
# syntax=docker/dockerfile:1
ARG BASE=nvidia/cuda:12
FROM --platform=linux/amd64 nvcr.io/nvidia/pytorch:23.04-py3 AS Build
FROM ${BASE}
from python:3.11-slim as runtime
COPY --from=build /x /x
COPY --chown=a:b --from=ghcr.io/acme/uv:latest /uv /bin/
COPY --from=0 /y /y
RUN apt-get update && apt-get install -y python3-pip \\
    # newest
    && pip3 install --no-cache-dir -r requirements.txt \\
    && pip install "mlflow[extras]>=2" 'ray==2.9' torch==${TORCH} -f https://example.org/whl . ./pkg x.whl; echo done
RUN python -m pip install --index-url https://example.org/simple git+https://example.org/z.git apache-airflow[a,${B}]
RUN conda install -y -c conda-forge pytorch=2 cudatoolkit && micromamba create -n env -f environment.yml
# RUN pip install commented
"""


def test_a_dockerfile() -> None:
    reading = read_dockerfile(DOCKERFILE)
    assert reading.kind == "repo.file"
    assert reading.terms == (
        "image:nvidia/pytorch",
        "image:python",
        "image:acme/uv",
        "pypi:mlflow",
        "pypi:ray",
        "pypi:torch",
        "pypi:apache-airflow",
        "conda:pytorch",
        "conda:cudatoolkit",
    )
    assert reading.measure == {"stages": 3}
    assert not reading.broken


def test_a_stage_that_is_built_on_is_no_image() -> None:
    assert read_dockerfile("FROM python AS base\nFROM base AS test\nFROM BASE\n").terms == ("image:python",)


def test_a_file_that_is_built_on_nothing_is_broken() -> None:
    assert read_dockerfile("RUN pip install mlflow\n").broken


NAME = st.lists(st.text("abz09", min_size=1, max_size=6), min_size=1, max_size=2).map("/".join)


@given(st.lists(NAME, min_size=1, max_size=10), st.sampled_from(["", ":1.0", "@sha256:00"]))
def test_images_that_were_written_are_read_back(names: list[str], rest: str) -> None:
    reading = read_dockerfile("".join(f"FROM {name}{rest}\nRUN true\n" for name in names))
    assert reading.terms == tuple(dict.fromkeys(f"image:{name}" for name in names))
    assert reading.measure == {"stages": len(names)}
