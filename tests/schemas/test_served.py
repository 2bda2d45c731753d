"""What the loopback copy of GitHub serves is cut from GitHub's own descriptions."""

from __future__ import annotations

import json

import pytest
from graphql import build_schema, validate_schema

from schemas import cut_rest, cut_served
from schemas.cut_slice import FULL_SCHEMA, read_full

pytestmark = pytest.mark.slow


def test_the_served_schema_is_a_schema_without_faults() -> None:
    assert validate_schema(build_schema(cut_served.SERVED_SCHEMA.read_text(encoding="utf-8"))) == []


@pytest.mark.skipif(not FULL_SCHEMA.exists(), reason="GitHub's full schema is not here")
def test_the_served_schema_is_cut_from_the_full_one() -> None:
    served = cut_served.SERVED_SCHEMA.read_text(encoding="utf-8")
    assert served.partition("\n\n")[2] == cut_served.cut(read_full(FULL_SCHEMA))


def test_its_source_and_licence_are_told() -> None:
    head = cut_served.SERVED_SCHEMA.read_text(encoding="utf-8").partition("\n\n")[0]
    assert "octokit/graphql-schema" in head
    assert "Permission is hereby granted" in head
    assert "LICENSE.github-rest.txt" in json.loads(cut_rest.REST.read_text(encoding="utf-8"))["info"]["description"]
    assert "Permission is hereby granted" in (cut_rest.HERE / "LICENSE.github-rest.txt").read_text(encoding="utf-8")


@pytest.mark.skipif(not cut_rest.EXTRACT.exists(), reason="the extract of GitHub's REST description is not here")
def test_the_rest_description_is_cut_from_the_full_one() -> None:
    whole = json.loads(cut_rest.EXTRACT.read_text(encoding="utf-8"))
    assert json.loads(cut_rest.REST.read_text(encoding="utf-8")) == cut_rest.cut(whole)
