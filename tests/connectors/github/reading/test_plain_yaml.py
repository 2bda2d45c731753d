"""YAML as plain texts, lists and tables."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sourcer_github.reading import plain_yaml
from sourcer_github.reading.plain_yaml import MOST_YAML, is_template, load_yaml, walk


def test_everything_is_text_list_or_table() -> None:
    text = "a: 1.10\nb: [yes, 2020-01-01, ~]\nc: !Ref d\n? [x]\n: gone\n---\n- e\n---\n"
    documents = load_yaml(text)
    assert documents.parts == ({"a": "1.10", "b": ["yes", "2020-01-01", "~"], "c": "d"}, ["e"], "")
    assert not documents.broken
    assert [dict(part) for part in documents.tables()] == [documents.parts[0]]


def test_only_texts_are_repeated() -> None:
    documents = load_yaml("a: &a text\nb: *a\nc: &c [1]\nd: *c\ne: {<<: *c}\n")
    assert documents.parts == ({"a": "text", "b": "text", "c": ["1"], "d": None, "e": {"<<": None}},)


def test_what_stands_before_a_fault_is_kept() -> None:
    documents = load_yaml("a: 1\n---\nb:\n  - c\n  - [d\ne: ]")
    assert documents.broken
    assert documents.parts[0] == {"a": "1"}
    assert documents.parts[1]["b"][0] == "c"


def test_no_tag_makes_an_object() -> None:
    assert load_yaml("a: !!python/object/apply:os.system [exit 3]").parts == ({"a": ["exit 3"]},)


LAUGHS = "a0: &a0 [lol]\n" + "".join(f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 30))
MERGES = "a0: &a0 {x: 1}\n" + "".join(f"a{i}: &a{i}\n  <<: [*a{i - 1}, *a{i - 1}]\n" for i in range(1, 60))


@pytest.mark.parametrize("text", [LAUGHS, MERGES])
def test_aliases_of_aliases_are_not_followed(text: str) -> None:
    documents = load_yaml(text)
    assert sum(1 for _ in walk(documents.parts)) < 100
    assert not documents.broken


@pytest.mark.parametrize(
    "text",
    [
        "[" * 10_000,
        "{" * 10_000,
        "- " * 10_000,
        "? " * 10_000,
        "{a: " * 10_000,
        "".join(" " * i + "a:\n" for i in range(300)),
        "- a\n" * 14_000 + "- [" + "a, " * 5_000 + "]",
        "a" * 100_000,
        "a: 1\n" * 50_000,
        "\0",
        "%YAML 9.9\n---\na: 1",
        "\ud800",
    ],
)
def test_what_is_too_much_is_broken(text: str) -> None:
    assert load_yaml(text).broken


def test_a_long_file_is_read_to_a_whole_line() -> None:
    documents = load_yaml("- text\n" * 9_000)
    assert documents.broken
    assert documents.parts[0] == ["text"] * (MOST_YAML // 7)


def test_templates_are_known() -> None:
    assert is_template("a: {{ .Values.b }}")
    assert is_template("{% if a %}")
    assert not is_template("a: {b: {c: d}}")


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.text(st.characters(codec="utf-8", categories=["L", "N"]), max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=3),
    max_leaves=20,
)


@given(st.lists(VALUES, max_size=3))
def test_documents_that_were_written_are_read_back(parts: list[Any]) -> None:
    documents = load_yaml(yaml.safe_dump_all(parts, allow_unicode=True, sort_keys=False) if parts else "")
    assert documents.parts == tuple(parts)
    assert not documents.broken


@given(st.lists(VALUES, max_size=3))
def test_the_parser_in_python_reads_the_same(parts: list[Any]) -> None:
    text = yaml.safe_dump_all(parts, allow_unicode=True) if parts else ""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain_yaml, "_LOADER", yaml.SafeLoader)
        slow = load_yaml(text)
    assert slow == load_yaml(text)


@pytest.mark.parametrize("text", ["[" * 10_000, "{" * 10_000, "- " * 10_000])
def test_the_parser_in_python_gives_up_as_soon(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_yaml, "_LOADER", yaml.SafeLoader)
    assert load_yaml(text).broken


@given(st.text(alphabet="ab:-[]{}&*!|>?%#,\"'\n \t"))
def test_any_text_is_read(text: str) -> None:
    assert all(isinstance(part, str | list | dict | None) for part in load_yaml(text).parts)
