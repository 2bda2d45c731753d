"""Exports read back by those who read them: the csv module, openpyxl, json, and OpenCATS's rules."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import zipfile
from datetime import date
from typing import Any

import openpyxl
import pytest
import sqlalchemy

from sourcer.errors import UsageError
from sourcer.export import Columns, Exported, Order, View, load_columns, write_people, xlsx
from sourcer.export.fields import fields_of, seen_through
from sourcer.export.people import choose

# The limits of OpenCATS's own tables, in characters.
OPENCATS = {"Full Name": 64, "First Name": 64, "Last Name": 64, "Web Site": 128, "Email": 128, "Current Employer": 128}
CONTACTS = {
    "Email", "Email 2", "Phone", "Home Phone", "Cell Phone", "Work Phone", "Address", "City", "State", "Zip",
}  # fmt: skip


def export(view: View, form: str, columns: str = "generic", **more: object) -> tuple[Exported, bytes]:
    stream = io.BytesIO()
    order = Order(form, load_columns(columns), columns, **more)  # type: ignore[arg-type]
    return write_people(view, order, stream), stream.getvalue()


def csv_rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline=""), strict=True))


@pytest.mark.parametrize("columns", ["generic", "greenhouse", "lever", "opencats"])
def test_a_csv_and_a_workbook_hold_the_same_cells_and_no_formula(view: View, columns: str) -> None:
    exported, data = export(view, "csv", columns)
    rows = csv_rows(data)
    assert len(rows) == exported.rows == 12
    _, book = export(view, "xlsx", columns)
    sheet = openpyxl.load_workbook(io.BytesIO(book))["People"]
    assert sheet.freeze_panes == "A2"
    read = [[cell.value if cell.value is not None else "" for cell in row] for row in sheet.iter_rows()]
    assert read[0] == list(rows[0])
    for line, row in zip(read[1:], rows, strict=True):
        assert [_as_csv(value) for value in line] == list(row.values())
    for cells in sheet.iter_rows():
        assert all(cell.data_type != "f" for cell in cells)
        assert all((target_of(cell) or "https://").startswith("https://") for cell in cells)


def target_of(cell: Any) -> str | None:
    return cell.hyperlink.target if cell.hyperlink else None


def _as_csv(value: object) -> str:
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def test_names_of_all_scripts_come_through(view: View) -> None:
    names = {row["github_url"].rpartition("/")[2]: row["name"] for row in csv_rows(export(view, "csv")[1])}
    assert names["ada"] == "Ada Example"
    assert names["formula"] == '\'=HYPERLINK("http://evil.invalid";"x")'
    assert names["plus"] == "'+1;'=2"
    assert names["quotes"] == 'Eve "the, quote" O\'Hara'
    assert names["lines"] == "Two Lines and=tab"
    assert names["emoji"] == "Ünïcode 👩🏽‍🔬 Name"
    assert names["devanagari"] == "प्रिया शर्मा"
    assert names["arabic"] == "مريم المثال"
    assert names["nul"] == "Nul Byte"


def test_links_of_a_workbook_lead_to_the_web_only(view: View) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(export(view, "xlsx")[1]))["People"]
    header = [cell.value for cell in sheet[1]]
    rows = {row[header.index("github_url")].value: row for row in sheet.iter_rows(min_row=2)}
    ada, formula = rows["https://github.com/ada"], rows["https://github.com/formula"]
    assert (target_of(ada[header.index("evidence_1")]) or "").startswith("https://github.com/ada/repo-")
    assert target_of(ada[header.index("github_url")]) == "https://github.com/ada"
    assert formula[header.index("website")].value == "ftp://file.invalid"
    assert target_of(formula[header.index("website")]) is None
    assert isinstance(ada[header.index("score")].value, float)
    assert sheet.column_dimensions["D"].width > 20


def test_the_second_sheet_tells_brief_method_coverage_and_pay(view: View) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(export(view, "xlsx")[1]))["About"]
    text = "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)
    for said in ("ML engineer", "mlflow", "127\u202f667 to 194\u202f000 USD", "Coverage", "Method", "Limits"):
        assert said in text


@pytest.mark.parametrize("form", ["csv", "xlsx", "jsonl"])
def test_two_exports_are_byte_identical(view: View, form: str) -> None:
    first, second = export(view, form), export(view, form)
    assert first == second
    if form == "xlsx":  # the clock of the machine is nowhere in it
        with zipfile.ZipFile(io.BytesIO(first[1])) as book:
            assert {info.date_time[0] for info in book.infolist()} == {1980}
            assert book.read("docProps/core.xml").count(b"2026-04-01T00:00:00Z") == 2


def test_an_object_a_line_holds_numbers_and_lists(view: View) -> None:
    _, data = export(view, "jsonl")
    people = [json.loads(line) for line in data.splitlines()]
    by_login = {person["github_url"][0].rpartition("/")[2]: person for person in people}
    assert by_login["formula"]["name"].startswith("=HYPERLINK")
    assert by_login["ada"]["rank"] == 1
    assert by_login["ada"]["country"] is None
    assert "MLflow" in by_login["ada"]["top_skills"]
    assert "https://github.com/ada/repo-" in by_login["ada"]["evidence_1"]


def test_opencats_takes_every_row(view: View) -> None:
    exported, data = export(view, "csv", "opencats")
    rows = csv_rows(data)
    for row in rows:
        assert row["First Name"]
        assert all(len(row[header]) <= limit for header, limit in OPENCATS.items())
        assert row["Web Site"].startswith("https://")
    (long,) = [row for row in rows if row["First Name"] == "Maximiliana"]
    assert len(long["Full Name"]) == 64
    assert long["Full Name"].endswith("…")
    assert len(long["Current Employer"]) <= 128
    assert "Full Name: 1 shortened to what opencats takes" in exported.notes
    (ada,) = [row for row in rows if row["Full Name"] == "Ada Example"]
    assert ada["Current Employer"] == "example"
    assert "MLflow" in ada["Key Skills"]


def test_greenhouse_gets_both_names_and_a_warning(view: View) -> None:
    exported, data = export(view, "csv", "greenhouse")
    rows = csv_rows(data)
    assert all(row["First Name"] and row["Last Name"] for row in rows)
    assert {row["Last Name"] for row in rows if row["First Name"] == "Madonna"} == {"(not given)"}
    assert any("GDPR" in note for note in exported.notes)
    assert any(note.startswith("Last Name: ") for note in exported.notes)
    quoted = next(row for row in rows if row["First Name"].startswith("Eve"))
    assert "CC BY-SA 4.0" in quoted["Notes"]


def columns_of(*fields: str) -> Columns:
    return Columns.model_validate({"columns": tuple({"header": name, "field": name} for name in fields)})


def export_of(view: View, form: str, *fields: str) -> tuple[Exported, bytes]:
    stream = io.BytesIO()
    return write_people(view, Order(form, columns_of(*fields), "mine.toml"), stream), stream.getvalue()  # type: ignore[arg-type]


def test_whose_a_bio_is_goes_with_it_and_only_with_it(view: View) -> None:
    credit = 'profile text by Eve "the, quote" O\'Hara (CC BY-SA, https://github.com/quotes)'
    for fields in (("name", "bio", "attribution"), ("name", "bio", "summary")):
        rows = csv_rows(export_of(view, "csv", *fields)[1])
        assert [credit in row[fields[-1]] for row in rows] == [row["name"].startswith("Eve") for row in rows]
    assert credit not in export_of(view, "csv", "name", "attribution")[1].decode().replace('""', '"')


@pytest.mark.parametrize("quoting", ["bio", "why", "evidence", "evidence_1"])
def test_no_text_leaves_without_saying_whose_it_is(view: View, quoting: str) -> None:
    exported, data = export_of(view, "jsonl", "name", quoting)
    lines = [json.loads(line) for line in data.splitlines()]
    assert all(list(line) == ["name", quoting, "attribution"] for line in lines)
    (eve,) = [line for line in lines if line["name"].startswith("Eve")]
    assert any("CC BY-SA" in credit for credit in eve["attribution"])
    assert [note for note in exported.notes if note.startswith("attribution: added at the end")]
    header = export_of(view, "csv", "name", quoting)[1].splitlines()[0]
    assert header.endswith(b'"attribution"')
    sheet = openpyxl.load_workbook(io.BytesIO(export_of(view, "xlsx", "name", quoting)[1]))["People"]
    assert [cell.value for cell in sheet[1]] == ["name", quoting, "attribution"]


def test_columns_without_texts_stay_as_they_are(view: View) -> None:
    exported, data = export_of(view, "jsonl", "name", "top_skills")
    assert all(list(json.loads(line)) == ["name", "top_skills"] for line in data.splitlines())
    assert exported.notes == []


def test_lever_is_told_that_people_were_sourced(view: View) -> None:
    rows = csv_rows(export(view, "csv", "lever")[1])
    assert {row["Origin"] for row in rows} == {"Sourced"}
    assert rows[0]["Links"] == "https://github.com/ada, https://ada.example.org"
    assert rows[0]["Tags"].startswith("ML engineer, ")


@pytest.mark.parametrize("columns", ["greenhouse", "lever", "opencats"])
def test_contact_fields_stay_empty_unless_turned_on(view: View, columns: str) -> None:
    silent = csv_rows(export(view, "csv", columns)[1])
    assert not any(row[header] for row in silent for header in CONTACTS & set(row))
    told = csv_rows(export(dataclasses.replace(view, contacts=True), "csv", columns)[1])
    assert [row["Email"] for row in told if row["Email"]] == ["ada@example.org"]


def test_more_people_than_the_receiver_takes_are_refused(view: View) -> None:
    small = load_columns("greenhouse").model_copy(update={"max_rows": 3})
    with pytest.raises(UsageError, match="--top 3"):
        write_people(view, Order("csv", small, "greenhouse"), io.BytesIO())
    assert write_people(view, Order("csv", small, "greenhouse", top=3), io.BytesIO()).rows == 3


def test_a_file_of_one_s_own_may_name_every_field(view: View) -> None:
    (seen,) = seen_through(view, choose(view, top=1).people)
    fields = fields_of(view, seen)
    columns = Columns.model_validate({"columns": [{"header": name, "field": name} for name in fields]})
    stream = io.BytesIO()
    write_people(view, Order("csv", columns, top=1), stream)
    (row,) = csv_rows(stream.getvalue())
    assert row["first_name"] == "Ada"
    assert row["role_ml_engineer"]
    assert row["dimension_lifecycle"]


def test_more_people_do_not_take_more_questions_to_the_database(view: View) -> None:
    asked = 0

    def count(*_: object) -> None:
        nonlocal asked
        asked += 1

    sqlalchemy.event.listen(view.connection.engine, "before_cursor_execute", count)
    questions = []
    for top in (1, 10):
        asked = 0
        export(view, "csv", top=top)
        questions.append(asked)
    assert questions[0] == questions[1] > 0


def test_a_sheet_takes_what_excel_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (xlsx._LINKS, xlsx._ROWS) == (65_530, 1_048_576)
    monkeypatch.setattr(xlsx, "_LINKS", 3)
    rows: list[list[xlsx.Cell]] = [[("x" * 40_000, None)]]
    rows += [[("far", "https://example.org/" + "a" * 3000)]]
    rows += [[(f"{place}", f"https://example.org/{place}")] for place in range(5)]
    stream = io.BytesIO()
    assert xlsx.write_xlsx(stream, [("a", 10)], rows, [], as_of=date(2026, 4, 1)) == 7
    cells = openpyxl.load_workbook(io.BytesIO(stream.getvalue()))["People"]["A"]
    assert len(cells[1].value) == 32_767
    links = {cell.value: target_of(cell) for cell in cells[2:]}
    assert links == {"far": None, **{f"{i}": f"https://example.org/{i}" for i in range(3)}, "3": None, "4": None}
    monkeypatch.setattr(xlsx, "_ROWS", 7)
    with pytest.raises(UsageError, match="a sheet holds 6 people"):
        xlsx.write_xlsx(io.BytesIO(), [("a", 10)], rows, [], as_of=date(2026, 4, 1))
