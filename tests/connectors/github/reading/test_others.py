"""JavaScript, Go and R."""

from __future__ import annotations

import json

import pytest

from sourcer_github.reading.others import read_description, read_go_mod, read_package_json


def test_a_package_json() -> None:
    text = json.dumps({"dependencies": {"react": "1", "@tensorflow/tfjs": "4"}, "devDependencies": {"vite": "5"}})
    assert read_package_json(text).terms == ("npm:react", "npm:@tensorflow/tfjs", "npm:vite")


@pytest.mark.parametrize("text", ["", "{", "[" * 20_000, '{"a":' * 20_000, '{"a":' + "9" * 5_000 + "}"])
def test_a_broken_package_json(text: str) -> None:
    assert read_package_json(text).broken


def test_a_package_json_of_another_shape_names_nothing() -> None:
    assert read_package_json("[1]").terms == ()
    assert read_package_json('{"dependencies": ["react"]}').terms == ()


def test_a_go_mod() -> None:
    text = """module example.org/x

go 1.22

require (
	k8s.io/client-go v0.29.0
	github.com/spf13/cobra v1.8.0
	golang.org/x/sys v0.1.0 // indirect
)
require github.com/pkg/errors v0.9.1
"""
    assert read_go_mod(text).terms == ("go:k8s.io/client-go", "go:github.com/spf13/cobra", "go:github.com/pkg/errors")


def test_a_description() -> None:
    text = "Package: forecasts\nDepends:\n    R (>= 4.0),\n    caret\nImports: torch (>= 0.1), dplyr\nLicense: MIT\n"
    reading = read_description(text)
    assert reading is not None
    assert reading.terms == ("cran:caret", "cran:torch", "cran:dplyr")


def test_another_file_of_that_name_tells_nothing() -> None:
    assert read_description("What this is about.\n") is None
