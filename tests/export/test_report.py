"""The report as a browser reads it: one page, nothing from elsewhere, whatever people call themselves."""

from __future__ import annotations

import dataclasses
import io
import re
from datetime import date

import pytest
from bs4 import BeautifulSoup

from sourcer.brief import Brief, Compensation, PayBenchmark, Where
from sourcer.domain import Evidence, Ref
from sourcer.export import View, write_report
from sourcer.export.charts import Bar, points_by_dimension
from sourcer.export.fields import EVIDENCE_COLUMNS
from sourcer.shortlist import Deciding, add, note, people_meant, set_state
from sourcer.store.database import Database
from support.store_items import NOON, begin, commit

pytestmark = pytest.mark.slow


def page_of(view: View, top: int | None = None) -> str:
    stream = io.BytesIO()
    write_report(view, stream, top=top, controller="Example <Hiring> Ltd", contact="privacy@example.org")
    return stream.getvalue().decode("utf-8")


@pytest.fixture(scope="module")
def hostile() -> str:
    return '"><script>alert(1)</script><img src=x onerror=alert(1)>'


def test_a_page_needs_nothing_from_elsewhere_and_runs_nothing(view: View) -> None:
    page = page_of(view)
    soup = BeautifulSoup(page, "lxml")
    assert not soup.find_all(["script", "img", "link", "iframe", "object", "embed", "form"])
    assert "default-src 'none'" in page
    assert not [tag.name for tag in soup.find_all() if any(name.startswith("on") for name in tag.attrs)]
    assert not re.search(r"url\(|@import|\bsrc=", page)
    links = [tag["href"] for tag in soup.find_all("a")]
    assert links
    assert all(str(link).startswith(("https://", "#p")) for link in links)
    assert len(soup.find_all("svg")) == 2
    assert all(tag["aria-label"] for tag in soup.find_all(role="img"))


def test_the_page_tells_brief_pay_people_evidence_method_and_limits(view: View, export_brief: Brief) -> None:
    pay = Compensation(
        range=(100_000, 150_000), benchmarks=(PayBenchmark(source="A survey", amount=1, as_of="2026-01"),)
    )
    page = page_of(dataclasses.replace(view, brief=export_brief.model_copy(update={"compensation": pay}).named("ml")))
    text = BeautifulSoup(page, "lxml").get_text(" ", strip=True)
    for said in (
        "First people of the ranking of 12 people, as on 2026-04-01",
        "Example <Hiring> Ltd",
        "100\u202f000 to 150\u202f000 USD",
        "A survey, average or median 1 USD (as of 2026-01)",
        "pay is never part of a score",
        "Ada Example",
        "प्रिया शर्मा",
        "مريم المثال",
        '=HYPERLINK("http://evil.invalid";"x")',
        "github.com/ada/repo-",
        "Coverage",
        "Method",
        "Limits",
        "Quoted:",
        "CC BY-SA 4.0",
    ):
        assert said in text, said
    assert "\0" not in page


def test_what_people_call_themselves_stays_text(view: View, hostile: str) -> None:
    title = export_title(view, hostile)
    soup = BeautifulSoup(title, "lxml")
    assert not soup.find_all(["script", "img"])
    assert hostile in soup.get_text()


def export_title(view: View, title: str) -> str:
    brief = view.brief.model_copy(update={"title": title}).named(view.brief.name)
    return page_of(dataclasses.replace(view, brief=brief), top=1)


def test_two_reports_are_the_same(view: View) -> None:
    assert page_of(view) == page_of(view)


def test_the_shortlist_comes_in_its_order_with_its_notes(view: View) -> None:
    deciding = Deciding("ml", "kim", NOON)
    with Database(str(view.connection.engine.url)) as database, database.write() as connection:
        people = people_meant(connection, "ml", ["github:emoji", "github:ada"], cross_brief=False)
        add(connection, deciding, people)
        note(connection, deciding, people[:1], "ask about <b>serving</b>")
    soup = BeautifulSoup(page_of(view), "lxml")
    emoji, ada = (tag.get_text() for tag in soup.find_all("h3"))
    assert "Ünïcode" in emoji
    assert ada == "1. Ada Example"
    assert "ask about <b>serving</b> (kim, 2026-03-01)" in soup.get_text()
    assert "Shortlist of 2 people" in soup.get_text()


def test_a_shortlist_of_which_nobody_may_leave_is_not_the_ranking(view: View) -> None:
    deciding = Deciding("ml", "kim", NOON, "asked to wait")
    with Database(str(view.connection.engine.url)) as database, database.write() as connection:
        people = people_meant(connection, "ml", ["github:ada"], cross_brief=False)
        add(connection, deciding, people)
        set_state(connection, deciding, people, "snoozed", date(2099, 1, 1))
    page = BeautifulSoup(page_of(view), "lxml").get_text()
    assert "Shortlist of 0 people" in page
    assert "Madonna" not in page


def test_a_chart_takes_whatever_a_label_holds() -> None:
    labels = ["control \x07\x1f\0", "half \ud800", "not a character \ufffe", "<b>&amp;", "مريم", "👩🏽‍🔬", "x" * 500]
    svg = points_by_dimension([Bar(f"{place}. {label}", {"coding": 1.0}) for place, label in enumerate(labels)])
    drawn = BeautifulSoup(svg, "xml")
    assert drawn.find("svg")
    assert "3. <b>&amp;" in drawn.get_text()


def test_the_page_says_what_becomes_of_people_whose_country_is_not_known(view: View, export_brief: Brief) -> None:
    for unknown_ok, says in ((True, "is not known stay in"), (False, "is not known are left out")):
        where = Where(countries=("PL",), unknown_ok=unknown_ok)
        brief = export_brief.model_copy(update={"where": where}).named("ml")
        assert says in page_of(dataclasses.replace(view, brief=brief))


def test_every_text_that_the_page_quotes_is_credited(view: View) -> None:
    ada = Ref("github", "1", "ada")
    answers = [
        Evidence(
            ref=ada,
            kind="answer.accepted",
            url=f"https://answers.example.org/a/{number}",
            key=str(number),
            title=f"Question {number}?",
            terms=("tag:mlflow",),
            measure={"score": 90, "accepted": 1},
            happened_at=NOON,
            licence="CC BY-SA 4.0",
        )
        for number in range(8)
    ]
    with Database(str(view.connection.engine.url)) as database:
        commit(database, begin(database), *answers)
    said = BeautifulSoup(page_of(view), "lxml").get_text()
    quoted = [number for number in range(8) if f"Question {number}? (" in said or f"{number}?”" in said]
    assert len(quoted) > EVIDENCE_COLUMNS, said
    for number in quoted:
        assert f'/a/{number}), to the question "Question {number}?"' in said
