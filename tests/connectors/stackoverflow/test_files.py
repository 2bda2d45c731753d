from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

from sourcer.connect import NotConfigured
from sourcer_stackoverflow.dump.files import find_tables
from support.dumps import (
    HOST,
    Form,
    answer,
    badge,
    connector,
    discover,
    discover_damaged,
    question,
    uids,
    user,
    write_dump,
)

POSTS = [question(1, AcceptedAnswerId=2), answer(2, 1, 7), answer(3, 1, 8)]
USERS = [user(7), user(8), user(900)]
BADGES = [badge(7, "pytorch")]
FORMS: tuple[Form, ...] = ("xml", "gz", "table.7z", "site.7z")


@pytest.mark.parametrize("form", FORMS)
async def test_every_packing_gives_the_same_items(tmp_path: Path, form: Form) -> None:
    plain = await discover(write_dump(tmp_path / "plain", posts=POSTS, users=USERS, badges=BADGES))
    packed = await discover(write_dump(tmp_path / "packed", posts=POSTS, users=USERS, badges=BADGES, form=form))
    assert len(plain) > 5
    assert packed[:-1] == plain[:-1]  # the checkpoint names the files


async def test_upper_and_lower_case_of_file_names_do_not_matter(tmp_path: Path) -> None:
    folder = write_dump(tmp_path, posts=POSTS, users=USERS)
    (folder / "Posts.xml").rename(folder / "pOSTS.XML")
    (folder / "Users.xml").rename(folder / "users.xml")
    assert uids(await discover(folder)) == ["7", "8"]


def test_history_and_links_of_posts_are_not_taken_for_posts(tmp_path: Path) -> None:
    folder = write_dump(tmp_path, posts=POSTS, users=USERS)
    for name in ("PostHistory.xml", "PostLinks.xml", "Tags.xml"):
        (folder / name).write_text("<x/>")
    assert find_tables(folder, HOST).posts.label == "Posts.xml"


def test_what_is_unpacked_is_preferred(tmp_path: Path) -> None:
    write_dump(tmp_path, posts=POSTS, users=USERS, form="gz")
    write_dump(tmp_path, posts=POSTS, users=USERS)
    assert find_tables(tmp_path, HOST).posts.label == "Posts.xml"


async def test_no_folder_says_what_to_set(tmp_path: Path) -> None:
    with pytest.raises(NotConfigured, match="set dump_dir"):
        await connector(tmp_path / "nowhere").check()


async def test_a_missing_users_table_is_named(tmp_path: Path) -> None:
    (write_dump(tmp_path, posts=POSTS, users=USERS) / "Users.xml").unlink()
    with pytest.raises(NotConfigured, match=r"no Users table.*set dump_dir"):
        await connector(tmp_path).check()


async def test_two_missing_tables_are_named(tmp_path: Path) -> None:
    with pytest.raises(NotConfigured, match="no Users and no Posts table"):
        await connector(tmp_path).check()


async def test_two_dumps_in_one_folder_are_not_mixed(tmp_path: Path) -> None:
    write_dump(tmp_path, posts=POSTS, users=USERS)
    for name in ("Posts.xml", "Users.xml"):
        (tmp_path / name).rename(tmp_path / f"one-{name}")
        (tmp_path / f"two-{name}").write_bytes((tmp_path / f"one-{name}").read_bytes())
    with pytest.raises(NotConfigured, match="more than one posts table"):
        await connector(tmp_path).check()


def test_of_several_site_archives_the_sites_own_is_taken(tmp_path: Path) -> None:
    write_dump(tmp_path, posts=POSTS, users=USERS, form="site.7z")
    (tmp_path / f"meta.{HOST}.7z").write_bytes((tmp_path / f"{HOST}.7z").read_bytes())
    assert find_tables(tmp_path, HOST).users.path.name == f"{HOST}.7z"
    with pytest.raises(NotConfigured, match="archives of several sites"):
        find_tables(tmp_path, "stats.stackexchange.com")


@pytest.mark.parametrize("form", ["table.7z", "site.7z"])
async def test_without_the_extra_the_message_says_how_to_get_it(
    tmp_path: Path, form: Form, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_dump(tmp_path, posts=POSTS, users=USERS, form=form)
    monkeypatch.setitem(sys.modules, "py7zr", None)
    with pytest.raises(NotConfigured, match=r'pip install "sourcer-crawler\[py7zr\]"'):
        await connector(tmp_path).check()


async def test_what_only_looks_like_an_archive_is_reported(tmp_path: Path) -> None:
    (tmp_path / f"{HOST}.7z").write_bytes(b"<html>log in first</html>")
    with pytest.raises(NotConfigured, match=r"cannot be read as \.7z"):
        await connector(tmp_path).check()


async def test_a_damaged_archive_gives_what_it_still_holds(tmp_path: Path) -> None:
    # Titles that cannot be compressed: py7zr unpacks a megabyte at a time, and the damage must lie in the second.
    dice = random.Random(7)
    noise = [question(n, Title=dice.randbytes(200).hex()) for n in range(100, 6_000)]
    folder = write_dump(tmp_path, posts=[*POSTS, *noise], users=USERS, form="table.7z")
    archive = folder / "stackoverflow.com-Posts.7z"
    data = bytearray(archive.read_bytes())
    assert len(data) > 1_150_000
    data[-50_000:-49_900] = bytes(100)
    archive.write_bytes(data)
    items, complaint = await discover_damaged(folder)
    assert uids(items) == ["7", "8"]
    assert complaint.kind == "torn_file"
    assert "stackoverflow.com-Posts.7z:Posts.xml" in str(complaint)


async def test_leaving_an_archive_early_ends_its_unpacking(tmp_path: Path) -> None:
    posts = [question(n) for n in range(1, 30_000)]
    folder = write_dump(tmp_path, posts=posts, users=USERS, form="table.7z")
    table = find_tables(folder, HOST).posts
    with table.open() as stream:
        assert stream.read(10) == b"<?xml vers"
    # The unpacker was joined on leaving: nothing of it is left to warn about.
