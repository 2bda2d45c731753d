"""The briefs that come with the program can be used as they are."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import pytest

from sourcer.brief import Brief, load_brief
from sourcer.config import Config, parse_settings
from sourcer.connect.registry import installed
from sourcer.score import check_brief
from sourcer.skills import load_lexicon

READY = sorted(file.name for file in resources.files("sourcer").joinpath("briefs").iterdir())
PAID = {"Indeed": 162297, "Glassdoor": 190292, "Wellfound": 127667, "AIJobs.net": 194000}
SITES = {
    "Indeed": "https://www.indeed.com",
    "Glassdoor": "https://www.glassdoor.com",
    "Wellfound": "https://wellfound.com",
    "AIJobs.net": "https://aijobs.net",
}


def text_of(name: str) -> str:
    return resources.files("sourcer").joinpath("briefs", name).read_text(encoding="utf-8")


def loaded(folder: Path, name: str, text: str) -> Brief:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return load_brief(Config().at(folder), str(path))


def test_there_is_one_for_each_role_that_is_sought() -> None:
    names = {Path(name).stem for name in READY}
    assert names == {"ml-engineer", "mlops-engineer", "data-engineer-ml", "ml-researcher", "data-scientist"}


@pytest.mark.parametrize("name", READY)
def test_each_is_valid_for_the_scorer_and_for_every_connector(tmp_path: Path, name: str) -> None:
    brief = loaded(tmp_path, name, text_of(name))
    check_brief(brief, load_lexicon())
    models = {found.name: found.connector.discover_model for found in installed() if found.connector is not None}
    for connector in brief.discover.connectors:
        parse_settings(models[connector], brief.discover.of(connector) or {}, name)


@pytest.mark.parametrize("name", READY)
def test_one_runs_on_a_schedule_and_the_others_can(tmp_path: Path, name: str) -> None:
    text = text_of(name)
    assert (loaded(tmp_path, name, text).schedule is not None) == (name == "ml-engineer.toml")
    switched_on = re.sub(r"(?m)^# (?=\[schedule\]|cron|timezone|jitter|misfire)", "", text)
    assert loaded(tmp_path, name, switched_on).schedule is not None


@pytest.mark.parametrize("name", ["ml-engineer.toml", "mlops-engineer.toml"])
def test_what_is_paid_stands_with_the_brief(tmp_path: Path, name: str) -> None:
    pay = loaded(tmp_path, name, text_of(name)).compensation
    assert pay is not None
    assert {item.source: item.amount for item in pay.benchmarks} == PAID
    assert {(item.as_of, item.statistic) for item in pay.benchmarks} == {("2025-01", "average or median")}
    # No page is known that says so: only the front page of each site, and that is said.
    assert {item.source: item.site for item in pay.benchmarks} == SITES
    assert not any(item.url for item in pay.benchmarks)
    assert pay.in_words()[1] == (
        "Indeed USD 162,297 (average or median, 2025-01; https://www.indeed.com, the page is not known)"
    )
    assert pay.range == (min(PAID.values()), max(PAID.values()))


@pytest.mark.parametrize("name", READY)
def test_a_brief_without_pay_says_why(tmp_path: Path, name: str) -> None:
    text = text_of(name)
    assert (loaded(tmp_path, name, text).compensation is None) == ("# No [compensation] here: the figures" in text)
