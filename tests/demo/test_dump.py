from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from lxml import etree

from sourcer.demo.dump import write_dump
from sourcer.demo.model import World

# facts about the official dumps: what may stand in a row, and what must.
COLUMNS = {
    "Users": (
        {"Id", "Reputation", "CreationDate"},
        {
            "DisplayName", "LastAccessDate", "WebsiteUrl", "Location", "AboutMe", "Views", "UpVotes", "DownVotes",
            "AccountId",
        },
    ),
    "Posts": (
        {"Id", "PostTypeId", "CreationDate", "Body"},
        {
            "AcceptedAnswerId", "ParentId", "Score", "ViewCount", "OwnerUserId", "OwnerDisplayName",
            "LastActivityDate", "Title", "Tags", "AnswerCount", "CommentCount", "ClosedDate", "CommunityOwnedDate",
            "ContentLicense",
        },
    ),
    "Badges": ({"Id", "UserId", "Name", "Date", "Class", "TagBased"}, set()),
    "Tags": ({"Id"}, {"TagName", "Count"}),
    "Votes": ({"Id", "PostId", "VoteTypeId", "CreationDate"}, {"BountyAmount"}),
}  # fmt: skip

Rows = dict[str, list[dict[str, str]]]


@pytest.fixture(scope="module")
def folder(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("world") / "dump"
    write_dump(world, path)
    return path


@pytest.fixture(scope="module")
def rows(folder: Path) -> Rows:
    return {
        table: [
            {str(k): str(v) for k, v in row.attrib.items()} for row in etree.parse(folder / f"{table}.xml").getroot()
        ]
        for table in COLUMNS
    }


def test_rows_have_the_columns_of_the_real_dumps(rows: Rows) -> None:
    for table, (musts, mays) in COLUMNS.items():
        assert rows[table]
        for row in rows[table]:
            assert musts <= set(row) <= musts | mays


def test_one_row_a_line(folder: Path, rows: Rows) -> None:
    for table in COLUMNS:
        lines = (folder / f"{table}.xml").read_text(encoding="utf-8-sig").splitlines()
        assert lines[0] == '<?xml version="1.0" encoding="utf-8"?>'
        assert lines[1] == f"<{table.lower()}>"
        assert lines[-1] == f"</{table.lower()}>"
        assert len(lines) == len(rows[table]) + 3
        assert all(line.startswith("  <row ") and line.endswith(" />") for line in lines[2:-1])


def test_one_file_starts_with_a_byte_order_mark(folder: Path) -> None:
    marked = [path.name for path in sorted(folder.iterdir()) if path.read_bytes().startswith(b"\xef\xbb\xbf")]
    assert marked == ["Posts.xml"]


def test_what_is_read_is_what_was_meant(rows: Rows, world: World) -> None:
    users = {int(row["Id"]): row for row in rows["Users"]}
    for member in world.members:
        assert users[member.id].get("DisplayName") == member.name
        assert users[member.id].get("AboutMe") == member.about
    posts = {int(row["Id"]): row for row in rows["Posts"]}
    assert set(posts) == {post.id for post in world.posts}
    for post in world.posts:
        row = posts[post.id]
        assert row["PostTypeId"] == ("1" if post.is_question else "2")
        assert int(row["Score"]) == post.score
        assert row.get("OwnerUserId") == (str(post.owner.id) if post.owner else None)
        assert row.get("Title", "") == post.title
        assert tuple(re.findall(r"[^<>|]+", row.get("Tags", ""))) == post.tags


def test_both_spellings_of_tags(rows: Rows) -> None:
    spelled = {row["Tags"][0]: row["CreationDate"][:4] for row in rows["Posts"] if "Tags" in row}
    assert set(spelled) == {"<", "|"}
    assert all(("Tags" in row) is (row["PostTypeId"] == "1") for row in rows["Posts"])
    assert all(row["Tags"].startswith("|") is (row["CreationDate"] >= "2024") for row in rows["Posts"] if "Tags" in row)


def test_times_have_milliseconds_and_no_zone(rows: Rows) -> None:
    form = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}")
    assert all(form.fullmatch(row["CreationDate"]) for table in ("Users", "Posts") for row in rows[table])


def test_names_are_plain_and_about_me_is_html(rows: Rows) -> None:
    names = [row["DisplayName"] for row in rows["Users"] if "DisplayName" in row]
    assert "Seán O'Merrowick & Töchter" in names
    assert all(unescape(name) == name for name in names)
    assert any("&amp;" in row.get("AboutMe", "") for row in rows["Users"])


def test_a_deleted_owner_leaves_a_name_behind(rows: Rows) -> None:
    orphans = [row for row in rows["Posts"] if "OwnerUserId" not in row]
    assert orphans
    assert all(re.fullmatch(r"user\d+", row["OwnerDisplayName"]) for row in orphans)


def test_counts_hang_together(rows: Rows) -> None:
    tagged = [tag for row in rows["Posts"] for tag in re.findall(r"[^<>|]+", row.get("Tags", ""))]
    assert {row["TagName"]: int(row["Count"]) for row in rows["Tags"]} == {
        tag: tagged.count(tag) for tag in set(tagged)
    }
    asked = {row["Id"]: int(row["AnswerCount"]) for row in rows["Posts"] if row["PostTypeId"] == "1"}
    parents = [row["ParentId"] for row in rows["Posts"] if "ParentId" in row]
    assert all(parents.count(key) == number for key, number in asked.items())


def test_tag_badges_have_all_three_grades(rows: Rows) -> None:
    grades = {row["Class"] for row in rows["Badges"] if row["TagBased"] == "True"}
    assert grades == {"1", "2", "3"}
    assert {row["Name"] for row in rows["Badges"] if row["TagBased"] == "True"} <= {
        row["TagName"] for row in rows["Tags"]
    }


def test_licence_changes_by_date(rows: Rows) -> None:
    for row in rows["Posts"]:
        assert row["ContentLicense"] == ("CC BY-SA 4.0" if row["CreationDate"] >= "2018-05-02" else "CC BY-SA 3.0")
    assert len({row["ContentLicense"] for row in rows["Posts"]}) == 2
