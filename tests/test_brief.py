from __future__ import annotations

from pathlib import Path

import pytest

from sourcer.brief import PayBenchmark, load_brief, load_briefs
from sourcer.config import Config
from sourcer.errors import UsageError

GOOD = """
title = "Machine learning engineer"
role = "ml_engineer"
[weights]
lifecycle = 3.0
[skills]
must = ["pytorch | tensorflow"]
[where]
countries = ["pl"]
[discover]
limit = 10
github.topics = ["mlops"]
[schedule]
cron = "0 3 * * 1"
"""


def config_with(folder: Path, name: str = "good", text: str = GOOD) -> Config:
    (folder / "briefs").mkdir(exist_ok=True)
    (folder / "briefs" / f"{name}.toml").write_text(text, encoding="utf-8")
    return Config().at(folder)


def test_a_brief_is_found_by_name_and_by_path(tmp_path: Path) -> None:
    config = config_with(tmp_path)
    by_name = load_brief(config, "good")
    by_path = load_brief(config, str(tmp_path / "briefs" / "good.toml"))
    assert by_name == by_path
    assert by_name.name == by_path.name == "good"
    assert by_name.discover.of("github") == {"topics": ["mlops"]}
    assert by_name.discover.of("kaggle") is None
    assert by_name.where.countries == ("PL",)


def test_weights_are_shares(tmp_path: Path) -> None:
    shares = load_brief(config_with(tmp_path), "good").weights.shares()
    assert sum(shares.values()) == pytest.approx(1.0)
    assert shares["lifecycle"] == max(shares.values())


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "title: is missing"),
        ('title = "x"\nrole = "wizard"', "role: "),
        ('title = "x"\n[skils]\nmust = []', "skils: unknown key; did you mean skills?"),
        ('title = "x"\n[skills]\nmusts = []', "[skills] musts: unknown key; did you mean must?"),
        ('title = "x"\n[where]\ncountries = ["Poland"]', "two-letter ISO"),
        ('title = "x"\n[discover]\nlimt = 5', "limt: unknown key; did you mean limit?"),
        (
            'title = "x"\n[[compensation.benchmarks]]\nsource = "A"\namount = 1\nas_of = "2026"\nurl = "javascript:x"',
            "url",
        ),
        ('title = "x"\n[weights]\ncoding=0\nlifecycle=0\ncloud=0\ndata=0\ncommunication=0', "at least one dimension"),
    ],
)
def test_what_cannot_be_used_is_named(tmp_path: Path, text: str, says: str) -> None:
    config = config_with(tmp_path, text=text)
    with pytest.raises(UsageError) as caught:
        load_brief(config, "good")
    assert says in str(caught.value)
    assert "good.toml" in str(caught.value)


def test_an_unknown_brief_names_the_nearest(tmp_path: Path) -> None:
    config = config_with(tmp_path, "ml-engineer")
    with pytest.raises(UsageError, match="did you mean ml-engineer"):
        load_brief(config, "ml-enginer")


def test_all_briefs_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    config_with(tmp_path, "b")
    config = config_with(tmp_path, "a")
    assert [brief.name for brief in load_briefs(config)] == ["a", "b"]


def test_the_page_of_a_figure_is_shown_before_the_site_of_its_source() -> None:
    said = {"source": "A survey", "amount": 90_000, "as_of": "2026-01"}
    known = PayBenchmark.model_validate({**said, "url": "https://pay.example/ml", "site": "https://pay.example"})
    assert known.in_words("EUR") == "A survey EUR 90,000 (average or median, 2026-01; https://pay.example/ml)"
    site = PayBenchmark.model_validate({**said, "site": "https://pay.example"})
    assert site.in_words("EUR").endswith("(average or median, 2026-01; https://pay.example, the page is not known)")
    assert PayBenchmark.model_validate(said).in_words("EUR").endswith("(average or median, 2026-01)")
