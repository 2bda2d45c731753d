from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcer.connect import links_in


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "See https://blog.example.org/ada, or HTTP://x.example/!",
            ("https://blog.example.org/ada", "HTTP://x.example/"),
        ),
        ("ML. kaggle.com/ada | github.com/ada-b.", ("https://kaggle.com/ada", "https://github.com/ada-b")),
        ("(www.kaggle.com/ada)", ("https://www.kaggle.com/ada",)),
        ("twice kaggle.com/ada kaggle.com/ada", ("https://kaggle.com/ada",)),
        ("ada@example.com/x, node.js/io, and/or, e.g./i.e., kaggle.com, /kaggle.com/ada", ()),
        ("mailto:x@example.org https://x@site.example.org http://[ http://localhost/x", ()),
        ("", ()),
        (None, ()),
    ],
)
def test_addresses_in_a_text_are_found_with_and_without_scheme(text: str | None, found: tuple[str, ...]) -> None:
    assert links_in(text) == found


def test_there_is_an_end() -> None:
    assert len(links_in(" ".join(f"https://x.example/{number}" for number in range(99)))) == 50
    assert links_in("a." * 50_000 + "com/x") == ()


@given(st.text())
def test_any_text_may_be_read(text: str) -> None:
    assert all(url.lower().startswith("http") for url in links_in(text))
