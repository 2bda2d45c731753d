"""READMEs as plain words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sourcer_github.reading.readme import MOST_EXCERPT, read_readme

README = """---
title: x
---
# Model *serving* with **MLflow**

[![Build](https://ci.example.org/b.svg)](https://ci.example.org) ![logo][l]
<!-- hidden -- words -->
<p align="center"><img src="a.png"/>Served &amp; watched</p>

See [the guide
of it](docs/guide.md), https://example.org/x and `mlflow_model`.

```bash
# not a heading
pip install nothing
```

| what | how |
|------|:---:|
| a    | b\\|c |

> - [x] snake_case and _this_

Old heading
===========

[l]: https://example.org/logo.png
"""


def test_a_readme_in_plain_words() -> None:
    reading = read_readme(README)
    assert reading.kind == "repo.readme"
    assert [term.split() for term in reading.terms] == [
        [
            *("text:Model", "serving", "with", "MLflow", "Served", "&", "watched", "See", "the", "guide", "of", "it,"),
            *("and", "mlflow_model.", "what", "how", "a", "b", "c", "snake_case", "and", "this", "Old", "heading"),
        ]
    ]
    assert reading.measure == {"length": len(README), "headings": 2}


def test_an_excerpt_ends_with_a_word() -> None:
    (term,) = read_readme("word " * 5_000).terms
    assert term == "text:" + " ".join(["word"] * 300)
    assert len(term) <= MOST_EXCERPT + len("text:")


def test_a_readme_without_words_has_no_text() -> None:
    assert read_readme("![x](y)\n---\n").terms == ()


@given(st.text(alphabet="ab #*_`~<>![]()|-=\n\\&;:/."))
def test_any_readme_becomes_one_line(text: str) -> None:
    for term in read_readme(text).terms:
        assert term == " ".join(term.split())
        assert len(term) <= MOST_EXCERPT + len("text:")


@given(st.lists(st.text("abz", min_size=1, max_size=8), max_size=100))
def test_plain_words_stay(words: list[str]) -> None:
    reading = read_readme(" ".join(words))
    assert reading.terms == ((f"text:{' '.join(words)}",) if words else ())
