"""Where READMEs of profiles lead."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcer_github.reading.links import MOST_LINKS, read_links

KAGGLE = "https://www.kaggle.com/ada"
BADGE = "https://img.shields.io/badge/Kaggle-blue?logo=kaggle&url=https://www.kaggle.com/badge"


@pytest.mark.parametrize(
    "text",
    [
        f"I compete on [Kaggle]({KAGGLE}).",
        f"[Kaggle]({KAGGLE} 'my page')",
        f"- [Kaggle][k]\n\n[k]: {KAGGLE}",
        f"<{KAGGLE}>",
        f"See {KAGGLE}, or ask.",
        f"**Kaggle**: {KAGGLE}",
        "[Kaggle](www.kaggle.com/ada)",
        f'<p align="center"><a href="{KAGGLE}" target="blank">Kaggle</a></p>',
        f'<a href="{KAGGLE}"><img align="center" src="{BADGE}" alt="ada" height="30"/></a>',
        f"[![Kaggle]({BADGE})]({KAGGLE})",
        f"[![Kaggle][badge]][k]\n\n[badge]: {BADGE}\n[k]: {KAGGLE}",
        f"<div>\n\n### Me\n\n[Kaggle]({KAGGLE})\n\n</div>",
        f"| where | what |\n|---|---|\n| Kaggle | {KAGGLE} |",
        f"<details><summary>More</summary>\n<a href='{KAGGLE}'>here</a></details>",
        f"[www.kaggle.com/ada]({KAGGLE}) and again [Kaggle]({KAGGLE})",
    ],
)
def test_a_link_is_found_in_every_way_to_write_one(text: str) -> None:
    assert KAGGLE in read_links(text)
    assert set(read_links(text)) <= {KAGGLE, "https://www.kaggle.com/ada"}


@pytest.mark.parametrize(
    "text",
    [
        f"![{KAGGLE}]({KAGGLE}/badge.svg)",
        f"![card][c]\n\n[c]: {KAGGLE}/card.svg",
        f'<img src="{KAGGLE}/badge.svg" alt="{KAGGLE}"/>',
        f"<picture><source srcset='{KAGGLE}/dark.png'><img src='{KAGGLE}/light.png'></picture>",
        f"<!-- put your [Kaggle]({KAGGLE}) here -->",
        f"<p>\n<!-- {KAGGLE} --></p>",
        f"```\n{KAGGLE}\n```",
        f"    {KAGGLE}",
        f"`{KAGGLE}`",
        f"<pre>{KAGGLE}</pre>",
        f"<script>location = '{KAGGLE}'</script>",
        f"[unused]: {KAGGLE}",
        "[write me](mailto:ada@example.org)",
        "[write me](https://mail.example.org/?to=ada@example.org)",
        "[more](CONTRIBUTING.md) and [there](../wiki) and [top](#top)",
        "[x](javascript:alert(1)) <a href='data:text/html,hi'>x</a>",
        "",
    ],
)
def test_pictures_examples_and_comments_lead_nowhere(text: str) -> None:
    assert read_links(text) == ()


def test_links_stand_in_order_each_once_and_are_not_many() -> None:
    text = " ".join(f"[{i}](https://a.example.org/{i % 90})" for i in range(200))
    assert read_links(text) == tuple(f"https://a.example.org/{i}" for i in range(MOST_LINKS))


@pytest.mark.parametrize(
    "bomb", ["[", "![[", "> ", "<div>", "<a ", "*a _b ", "<!--", "`" * 3 + "` ", "<http://", "&#0;"]
)
def test_hostile_text_ends(bomb: str) -> None:
    # The whole of a million characters would take minutes.
    assert read_links(bomb * 1_000_000 + f" {KAGGLE}") == ()


@given(st.text(alphabet=st.sampled_from("[]()<>!*_`#|\\&;:/.-\n\t \0\u202eaé@'\"="), max_size=200))
def test_whatever_stands_there_gives_addresses_or_nothing(text: str) -> None:
    assert all(link.startswith(("http://", "https://")) for link in read_links(text + "http://a.example.org/x"))
