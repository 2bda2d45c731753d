"""Names of container images."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcer_github.reading.images import image_term, images_in


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("python", "python"),
        ("python:3.11-slim", "python"),
        ("nvidia/cuda:12.2.0-base@sha256:00", "nvidia/cuda"),
        ("nvcr.io/nvidia/tritonserver:23.04-py3", "nvidia/tritonserver"),
        ("localhost:5000/Team/Model", "team/model"),
        ("123456789012.dkr.ecr.eu-west-1.amazonaws.com/pytorch-training:2", "pytorch-training"),
        ("us-docker.pkg.dev/vertex-ai/training/tf-cpu.2-8:latest", "vertex-ai/training/tf-cpu.2-8"),
        ("docker.io/library/redis", "redis"),
        ("docker://alpine:3", "alpine"),
        ("python:${VERSION}", "python"),
        ("nvidia/cuda${SUFFIX}", "nvidia/cuda"),
        ("${REGISTRY}/mlflow:1", "mlflow"),
        ("${AIRFLOW_IMAGE:-apache/airflow:2.3}", "apache/airflow"),
        ("{{ .Values.registry }}/seldonio/mlserver:1", "seldonio/mlserver"),
    ],
)
def test_the_name_of_an_image(reference: str, name: str) -> None:
    assert image_term(reference) == f"image:{name}"


@pytest.mark.parametrize(
    "reference", ["", "${BASE}", "$BASE:1", "scratch", "figures/loss.png", "two words", "/", ":", "a//b"]
)
def test_what_is_no_name(reference: str) -> None:
    assert image_term(reference) is None


def test_images_of_a_document() -> None:
    data = {"spec": [{"image": "python:3"}, {"image": {"repository": "a/b", "tag": "1"}}], "image": {"name": "c"}}
    assert list(images_in(data)) == ["image:c", "image:python", "image:a/b"]


@given(st.text())
def test_any_reference_gives_a_clean_name_or_none(reference: str) -> None:
    term = image_term(reference)
    assert term is None or (term.startswith("image:") and term == term.lower() and not set(term) & set("$@{} \n"))
