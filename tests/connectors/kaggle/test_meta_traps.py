from __future__ import annotations

from pathlib import Path

import pytest

from sourcer.connect import Gone, NotConfigured, Ref, SiteError, Unknown, Visit
from support.meta_kaggle import (
    FIRST,
    connector,
    dataset,
    discover,
    discover_damaged,
    evidence,
    kernel,
    member,
    profile,
    small_world,
    table_csv,
    uids,
    unknowns,
    user,
    write_meta,
)

pytestmark = pytest.mark.slow


async def test_holes_between_tables_cost_only_what_lies_in_them(tmp_path: Path) -> None:
    tables = small_world()
    tables["TeamMemberships"] = [member(40, FIRST), member(999, FIRST), {"Id": 1, "TeamId": "", "UserId": FIRST}]
    tables["KernelVersions"] = [{"Id": 1, "ScriptLanguageId": "", "Title": "of another"}]
    tables["CompetitionTags"] = [{"Id": 1, "CompetitionId": 30, "TagId": 999}]
    tables["Datasets"] = [dataset(60, FIRST), dataset(61, FIRST), dataset(62, FIRST + 77)]
    items = await discover(write_meta(tmp_path, tables))
    assert [one.terms for one in evidence(items, "competition.result")] == [("text:Predict Rain",)]
    # The address is Kaggle's own short form of the title that is missing.
    assert evidence(items, "notebook.published")[0].title == "serving with mlflow"
    assert len(evidence(items, "dataset.published")) == 1
    assert "current version" in unknowns(items)["dataset.published"]


@pytest.mark.parametrize("end", ["\r\n", "\n"])
async def test_line_ends_embedded_ones_and_quotes_do_not_matter(tmp_path: Path, end: str) -> None:
    tables = small_world()
    tables["Users"] = [user(FIRST, DisplayName='Ada\r\n"the" Example,\nPhD'), user(FIRST + 1, 3, DisplayName="")]
    folder = write_meta(tmp_path, tables)
    (folder / "Users.csv").write_bytes(table_csv(tables["Users"], end))
    items = await discover(folder)
    assert profile(items).name == 'Ada "the" Example, PhD'
    assert profile(items, FIRST + 1).name is None


async def test_line_ends_of_two_kinds_in_one_file_do_not_matter(tmp_path: Path) -> None:
    tables = small_world()
    folder = write_meta(tmp_path, tables)
    more = table_csv([user(FIRST + 5)], "\n").partition(b"\n")[2]
    (folder / "Users.csv").write_bytes(table_csv(tables["Users"], "\r\n") + more)
    assert uids(await discover(folder)) == [0, 5, 1]


async def test_numbers_with_a_point_and_ids_that_are_none(tmp_path: Path) -> None:
    tables = small_world()
    tables["Users"] = [
        user(FIRST, "4.0"),
        user(FIRST + 1, "1e3"),
        user(FIRST + 2, "four"),
        {**user(FIRST + 3), "Id": f"{FIRST + 3}.0"},
        {**user(FIRST), "Id": "not a number"},
        {**user(FIRST), "Id": "-1"},
        user(FIRST + 6, UserName=" "),
    ]
    assert uids(await discover(write_meta(tmp_path, tables))) == [0, 3]


async def test_an_address_that_cannot_be_one_is_no_evidence(tmp_path: Path) -> None:
    tables = small_world()
    tables["Kernels"] = [kernel(50, FIRST, "../../etc"), kernel(51, FIRST, "fine")]
    items = await discover(write_meta(tmp_path, tables))
    assert [one.key for one in evidence(items, "notebook.published")] == ["51"]
    assert unknowns(items)["notebook.published"] == "no address can be made for some of it"


@pytest.mark.parametrize(
    ("missing", "kind"),
    [
        ("Teams", "competition.result"),
        ("TeamMemberships", "competition.result"),
        ("Competitions", "competition.result"),
        ("CompetitionTags", "competition.result"),
        ("Kernels", "notebook.published"),
        ("KernelVersions", "notebook.published"),
        ("KernelLanguages", "notebook.published"),
        ("Datasets", "dataset.published"),
        ("DatasetVersions", "dataset.published"),
    ],
)
async def test_a_missing_file_makes_its_kind_unknown(tmp_path: Path, missing: str, kind: str) -> None:
    tables = small_world()
    del tables[missing]
    items = await discover(write_meta(tmp_path, tables))
    assert unknowns(items)[kind] == f"Meta Kaggle's folder has no {missing}.csv"
    assert set(unknowns(items)) == {kind, "notebook.imports", "model.published"}


async def test_a_renamed_column_is_unknown_and_not_zero(tmp_path: Path) -> None:
    tables = small_world()
    for name, old, new in (
        ("Teams", "Medal", "Award"),
        ("Kernels", "TotalVotes", "Upvotes"),
        ("Kernels", "Medal", "M"),
    ):
        tables[name] = [
            {new if key == old else key: value for key, value in row.items()}
            for row in tables[name]
            if not isinstance(row, str)
        ]
    items = await discover(write_meta(tmp_path, tables))
    assert "gold" not in evidence(items, "competition.result")[0].measure
    assert evidence(items, "notebook.published")[0].measure == {"fork": 0}


async def test_without_a_needed_column_a_table_is_unknown(tmp_path: Path) -> None:
    tables = small_world()
    tables["Teams"] = [{"Id": 40, "Contest": 30}]
    items, complaint = await discover_damaged(write_meta(tmp_path, tables))
    assert unknowns(items)["competition.result"] == "Teams.csv has no column CompetitionId"
    assert "Teams.csv has no column CompetitionId" in complaint


async def test_tiers_cannot_be_told_without_their_column(tmp_path: Path) -> None:
    tables = small_world()
    tables["Users"] = [{"Id": FIRST, "UserName": "ada"}]
    folder = write_meta(tmp_path, tables)
    with pytest.raises(SiteError, match="no column PerformanceTier"):
        await discover(folder)
    assert uids(await discover(folder, skills=("mlflow",))) == [0]


async def test_a_broken_row_makes_what_is_theirs_unknown_and_nothing_else(tmp_path: Path) -> None:
    tables = small_world()
    tables["Users"] += [user(FIRST + 2)]
    tables["TeamMemberships"] += [f"5,41,{FIRST + 2}"]
    tables["Kernels"] += [f"51,{FIRST},only,four"]
    items, complaint = await discover_damaged(write_meta(tmp_path, tables))
    assert "Kernels: 1 rows cannot be read" in complaint
    assert "TeamMemberships: 1 rows cannot be read" in complaint
    broken = "a row of theirs cannot be read in Meta Kaggle"
    assert unknowns(items)["notebook.published"] == broken
    assert unknowns(items, FIRST + 2)["competition.result"] == broken
    assert "competition.result" not in unknowns(items)
    assert "notebook.published" not in unknowns(items, FIRST + 2)
    assert len(evidence(items, "notebook.published")) == 1


async def test_a_broken_row_of_a_team_is_its_members(tmp_path: Path) -> None:
    tables = small_world()
    tables["Teams"] += ["41,30"]
    tables["TeamMemberships"] += [member(41, FIRST + 1)]
    items, _ = await discover_damaged(write_meta(tmp_path, tables))
    assert "competition.result" in unknowns(items, FIRST + 1)
    assert "competition.result" not in unknowns(items)


async def test_bytes_that_are_no_text_cost_one_row(tmp_path: Path) -> None:
    tables = small_world()
    folder = write_meta(tmp_path, tables)
    path = folder / "Users.csv"
    path.write_bytes(path.read_bytes().replace(f"Person {FIRST + 1}".encode(), b"\xff\xfe"))
    items, complaint = await discover_damaged(folder)
    assert uids(items) == [0]
    assert "Users: 1 rows cannot be read" in complaint


async def test_a_file_that_breaks_off_is_unknown_for_everybody(tmp_path: Path) -> None:
    folder = write_meta(tmp_path, small_world())
    path = folder / "Kernels.csv"
    path.write_bytes(path.read_bytes() + b"52,2000000777,70")
    items, complaint = await discover_damaged(folder)
    assert "Kernels.csv breaks off" in complaint
    assert unknowns(items)["notebook.published"] == "Kernels.csv breaks off"
    assert len(evidence(items, "notebook.published")) == 1


async def test_an_unclosed_quotation_mark_is_no_silent_end(tmp_path: Path) -> None:
    tables = small_world()
    tables["Kernels"] = [kernel(50, FIRST, "first"), '51,"unclosed']
    tables["Kernels"] += [kernel(100 + n, FIRST + 1, f"work-{n}") for n in range(500)]
    items, complaint = await discover_damaged(write_meta(tmp_path, tables))
    assert "unclosed quotation mark" in complaint
    assert "unclosed quotation mark" in unknowns(items, FIRST + 1)["notebook.published"]


async def test_a_torn_archive_is_unknown(tmp_path: Path) -> None:
    tables = small_world()
    tables["Kernels"] = [kernel(50 + n, FIRST, f"work-{n}") for n in range(3000)]
    folder = write_meta(tmp_path, tables, "gz")
    path = folder / "kernels.csv.gz"
    path.write_bytes(path.read_bytes()[:-500])
    items, complaint = await discover_damaged(folder)
    assert "kernels.csv.gz" in complaint
    assert "kernels.csv.gz cannot be read" in unknowns(items)["notebook.published"]
    assert len(evidence(items, "competition.result")) == 1


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b",,,\n", b"<html><body>Sign in</body></html>"])
async def test_a_table_of_users_that_is_none_stops_the_crawl(tmp_path: Path, content: bytes) -> None:
    folder = write_meta(tmp_path, small_world())
    (folder / "Users.csv").write_bytes(content)
    with pytest.raises(SiteError, match="Users"):
        await discover(folder)


async def test_accounts_that_no_discovery_found_are_looked_up(tmp_path: Path) -> None:
    tables = small_world()
    tables["Users"] += [user(FIRST + 3, 1), user(FIRST + 4, 5)]
    kaggle = connector(meta_kaggle_dir=str(write_meta(tmp_path, tables)))
    visits = [Visit(Ref("kaggle", str(uid))) for uid in (FIRST + 3, FIRST + 2, FIRST + 4, FIRST + 77)]
    visits.append(Visit(Ref("kaggle", "no-number")))
    items = [item async for item in kaggle.fetch(visits, "cheap", lambda _terms: 1.0)]
    assert profile(items, FIRST + 3).measure["tier"] == 1
    gone = [item.ref.uid for item in items if isinstance(item, Gone)]
    assert gone == [str(FIRST + 2), str(FIRST + 4), "no-number"]
    newer = next(item for item in items if isinstance(item, Unknown) and item.ref.uid == str(FIRST + 77))
    assert "newer than this export" in newer.reason


async def test_without_the_engine_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_meta(tmp_path, small_world())
    monkeypatch.setitem(__import__("sys").modules, "duckdb", None)
    with pytest.raises(NotConfigured, match=r"sourcer-crawler\[kaggle\]"):
        await connector(meta_kaggle_dir=str(folder)).check()
