"""Every trap of the real dumps, planted in an invented one, by name."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sourcer.connect import Done, Evidence, Gone, LinkClaim, Profile, Unknown
from support.dumps import (
    Row,
    answer,
    badge,
    discover,
    discover_damaged,
    evidence,
    of_type,
    profile,
    question,
    uids,
    unknowns,
    user,
    write_dump,
)


async def test_fabricated_ids_never_appear(tmp_path: Path) -> None:
    posts = [
        question(1),
        answer(2, 1, 7),
        question(1_000_000_001, OwnerUserId=-1),
        question(1_000_000_010, OwnerUserId=8),
        answer(1_000_000_001, 1, 7),
        answer(1_000_000_010, 1, 8),
        answer(5, 1_000_000_010, 9),
    ]
    items = await discover(write_dump(tmp_path, posts=posts, users=[user(uid) for uid in (7, 8, 9)]))
    assert uids(items) == ["7"]
    assert "10000000" not in repr(items)


async def test_the_community_user_never_appears(tmp_path: Path) -> None:
    posts = [question(1, OwnerUserId=-1), answer(2, 1, -1), answer(3, 1, 7), answer(4, 1, 0)]
    items = await discover(write_dump(tmp_path, posts=posts, users=[user(-1), user(0), user(7)]))
    assert uids(items) == ["7"]


async def test_deleted_owners_never_appear_but_their_questions_give_tags(tmp_path: Path) -> None:
    posts = [
        question(1, "<pytorch><cuda>", OwnerUserId=None, OwnerDisplayName="user123"),
        answer(2, 1, None, OwnerDisplayName="user456"),
        answer(3, 1, 7),
    ]
    items = await discover(write_dump(tmp_path, posts=posts, users=[user(7)]))
    assert uids(items) == ["7"]
    assert evidence(items, 7, "answer.given")[0].terms == ("tag:pytorch", "tag:cuda")
    assert "user123" not in repr(items)
    assert "user456" not in repr(items)


async def test_owners_without_a_row_in_users_are_left_out(tmp_path: Path) -> None:
    posts = [question(1), answer(2, 1, 7), answer(3, 1, 8, Score=50)]
    items = await discover(write_dump(tmp_path, posts=posts, users=[user(7)]))
    assert uids(items) == ["7"]
    assert not of_type(items, Gone)


async def test_both_tag_forms(tmp_path: Path) -> None:
    posts = [question(1, "<pytorch><c++>"), answer(2, 1, 7), question(3, "|pytorch|c#|"), answer(4, 3, 7)]
    items = await discover(write_dump(tmp_path, posts=posts, users=[user(7)]))
    assert [piece.terms for piece in evidence(items, 7, "answer.given")] == [
        ("tag:pytorch", "tag:c++"),
        ("tag:pytorch", "tag:c#"),
    ]


async def test_answers_take_tags_title_and_acceptance_from_their_question(tmp_path: Path) -> None:
    posts = [
        question(1, AcceptedAnswerId=3, Title="A < B & C?"),
        answer(2, 1, 7),
        answer(3, 1, 7, Tags="<wrong>", Title="wrong"),
    ]
    items = await discover(write_dump(tmp_path, posts=posts, users=[user(7)]))
    (given,) = evidence(items, 7, "answer.given")
    (accepted,) = evidence(items, 7, "answer.accepted")
    assert (given.key, given.measure) == ("2", {"score": 3, "accepted": 0, "community_wiki": 0})
    assert accepted == Evidence(
        accepted.ref,
        "answer.accepted",
        "https://ai.stackexchange.com/a/3",
        ("tag:pytorch",),
        {"score": 3, "accepted": 1, "community_wiki": 0},
        "A < B & C?",
        datetime(2020, 2, 1, 10, 20, 30, tzinfo=UTC),
        "3",
        "CC BY-SA 4.0",
    )


async def test_rows_out_of_order_say_the_same(tmp_path: Path) -> None:
    posts = [question(1, AcceptedAnswerId=3), answer(2, 1, 7), answer(3, 1, 8)]
    users = [user(7), user(8)]
    straight = await discover(write_dump(tmp_path / "straight", posts=posts, users=users))
    turned = await discover(write_dump(tmp_path / "turned", posts=posts[::-1], users=users[::-1]))
    assert straight[:-1] == turned[:-1]


async def test_duplicate_rows_count_once_and_the_later_wins(tmp_path: Path) -> None:
    posts = [question(1), answer(2, 1, 7, Score=1), answer(2, 1, 7, Score=4), question(1)]
    users = [user(7, DisplayName="Old"), user(7, DisplayName="New")]
    items = await discover(
        write_dump(tmp_path, posts=posts, users=users, badges=[badge(7, "pytorch"), badge(7, "pytorch")])
    )
    assert uids(items) == ["7"]
    assert profile(items, 7).name == "New"
    assert [piece.measure["score"] for piece in evidence(items, 7, "answer.given")] == [4]
    assert evidence(items, 7, "tag.score")[0].measure == {"score": 4, "answers": 1}
    assert len(evidence(items, 7, "badge.tag")) == 1


async def test_a_post_of_another_type_is_no_answer(tmp_path: Path) -> None:
    posts = [
        question(1),
        answer(2, 1, 7),
        *(answer(10 + kind, 1, 8, PostTypeId=kind) for kind in (3, 4, 5, 6, 7, 8, 17)),
    ]
    items = await discover(write_dump(tmp_path, posts=posts, users=[user(7), user(8)]))
    assert uids(items) == ["7"]


async def test_absent_attributes_are_unknown_and_not_zero(tmp_path: Path) -> None:
    posts = [
        question(1, Title=None, ContentLicense=None),
        answer(2, 1, 7, Score=None, CreationDate=None, ContentLicense=None),
        {"PostTypeId": 2},
        {"Id": "x", "PostTypeId": 2},
        {"Id": 9},
        {"Id": 10, "PostTypeId": 2, "OwnerUserId": 7},
    ]
    users: list[Row | str] = [{"Id": 7}, {"DisplayName": "nobody"}]
    items = await discover(write_dump(tmp_path, posts=posts, users=users))
    (given,) = evidence(items, 7, "answer.given")
    assert given.measure == {"accepted": 0, "community_wiki": 0}
    assert (given.title, given.happened_at, given.licence) == ("", None, "CC BY-SA")
    assert evidence(items, 7, "tag.score")[0].happened_at is None
    seen = profile(items, 7)
    assert seen == Profile(seen.ref, "https://ai.stackexchange.com/users/7")


async def test_an_answer_whose_question_is_missing_has_no_tags_and_unknown_acceptance(tmp_path: Path) -> None:
    posts = [question(1), answer(2, 1, 7), answer(3, 404, 7)]
    items = await discover(write_dump(tmp_path, posts=posts, users=[user(7)]))
    orphan = evidence(items, 7, "answer.given")[1]
    assert (orphan.terms, orphan.title, orphan.measure) == ((), "", {"score": 3, "community_wiki": 0})


async def test_community_wikis_are_marked_and_do_not_count_for_the_person(tmp_path: Path) -> None:
    posts = [
        question(1),
        answer(2, 1, 7, Score=500, CommunityOwnedDate="2020-03-01T00:00:00.000"),
        answer(3, 1, 8, Score=2),
    ]
    items = await discover(write_dump(tmp_path, posts=posts, users=[user(7), user(8)]))
    assert uids(items) == ["8", "7"]
    assert evidence(items, 7, "answer.given")[0].measure == {"score": 500, "accepted": 0, "community_wiki": 1}
    assert evidence(items, 7, "tag.score") == []


async def test_licence_by_date_where_the_column_is_absent(tmp_path: Path) -> None:
    dates = ["2010-01-01T00:00:00", "2012-01-01T00:00:00.000", "2019-01-01T00:00:00.000"]
    answers = [answer(n, 1, 7, CreationDate=date, ContentLicense=None) for n, date in enumerate(dates, 2)]
    items = await discover(write_dump(tmp_path, posts=[question(1), *answers], users=[user(7)]))
    assert [piece.licence for piece in evidence(items, 7, "answer.given")] == [
        "CC BY-SA 2.5",
        "CC BY-SA 3.0",
        "CC BY-SA 4.0",
    ]


async def test_entities_are_unescaped_exactly_once(tmp_path: Path) -> None:
    posts = [question(1, Title="What does &amp;lt; mean in C&amp;A?"), answer(2, 1, 7)]
    items = await discover(
        write_dump(tmp_path, posts=posts, users=[user(7, DisplayName="Jos&#233; <b>", Location="A&B")])
    )
    assert evidence(items, 7, "answer.given")[0].title == "What does &amp;lt; mean in C&amp;A?"
    assert (profile(items, 7).name, profile(items, 7).location) == ("Jos&#233; <b>", "A&B")


async def test_the_profile_with_its_text_and_links(tmp_path: Path) -> None:
    links = '<a href="https://code.invented.example/me">code</a> <a href="mailto:me@example.org">mail</a>'
    about = f"<p>I run\nmodels. {links}</p>"
    account = user(
        7,
        DisplayName=" Ana\n Ким ",
        WebsiteUrl="invented.example",
        Location="Łódź",
        AboutMe=about,
        AccountId=55,
        Views=3,
        UpVotes=0,
        DownVotes=1,
    )
    items = await discover(write_dump(tmp_path, posts=[question(1), answer(2, 1, 7)], users=[account]))
    seen = profile(items, 7)
    assert seen == Profile(
        seen.ref,
        "https://ai.stackexchange.com/users/7",
        name="Ana Ким",
        location="Łódź",
        bio="I run models. code mail",
        website="https://invented.example",
        links=(
            LinkClaim("https://invented.example", "website"),
            LinkClaim("https://code.invented.example/me", "about_me"),
            LinkClaim("https://stackexchange.com/users/55", "account_id"),
        ),
        measure={"reputation": 101, "views": 3, "up_votes": 0, "down_votes": 1},
        created_at=datetime(2015, 1, 2, 3, 4, 5, tzinfo=UTC),
    )
    (text,) = evidence(items, 7, "profile.text")
    assert (text.terms, text.licence) == (("text:I run models. code mail",), "CC BY-SA")
    assert (seen.ref.site, seen.ref.uid, seen.ref.login) == ("ai", "7", "7")


async def test_tag_scores_sum_all_answers_in_a_tag(tmp_path: Path) -> None:
    posts = [
        question(1, "<pytorch><cuda>"),
        question(2, "<cuda>"),
        answer(3, 1, 7, Score=-2),
        answer(4, 1, 7, Score=5, CreationDate="2021-05-05T00:00:00.000"),
        answer(5, 2, 7, Score=1, CreationDate="2022-01-01T00:00:00.000"),
    ]
    items = await discover(write_dump(tmp_path, posts=posts, users=[user(7)]))
    cuda, pytorch = evidence(items, 7, "tag.score")
    assert (cuda.measure, cuda.happened_at) == ({"score": 4, "answers": 3}, datetime(2022, 1, 1, tzinfo=UTC))
    assert (pytorch.measure, pytorch.happened_at) == ({"score": 3, "answers": 2}, datetime(2021, 5, 5, tzinfo=UTC))
    assert (pytorch.key, pytorch.terms) == ("tag:pytorch", ("tag:pytorch",))
    assert pytorch.url == "https://ai.stackexchange.com/search?q=user%3A7+%5Bpytorch%5D+is%3Aanswer"


async def test_questions_are_evidence_of_their_own_kind(tmp_path: Path) -> None:
    posts = [
        question(1),
        answer(2, 1, 7),
        question(5, "<airflow>", OwnerUserId=7, Score=-1, ViewCount=10, AnswerCount=2),
    ]
    items = await discover(write_dump(tmp_path, posts=posts, users=[user(7), user(900)]))
    assert uids(items) == ["7"]  # who only asks is not found
    (asked,) = evidence(items, 7, "question.asked")
    assert (asked.url, asked.terms) == ("https://ai.stackexchange.com/q/5", ("tag:airflow",))
    assert asked.measure == {"score": -1, "answers": 2, "views": 10, "community_wiki": 0}


async def test_only_tag_badges_are_evidence(tmp_path: Path) -> None:
    badges = [
        badge(7, "pytorch", 1),
        badge(7, "pytorch", 3),
        badge(7, "Nice Answer", 3, TagBased="False"),
        badge(7, "odd", 4),
        badge(8, "pytorch", 2),
    ]
    items = await discover(
        write_dump(tmp_path, posts=[question(1), answer(2, 1, 7)], users=[user(7), user(8)], badges=badges)
    )
    assert [
        (piece.key, piece.measure, piece.terms) for piece in of_type(items, Evidence) if piece.kind == "badge.tag"
    ] == [
        ("gold:pytorch", {"class": 1}, ("tag:pytorch",)),
        ("bronze:pytorch", {"class": 3}, ("tag:pytorch",)),
    ]
    assert unknowns(items, 7) == {}


async def test_a_missing_badges_table_is_unknown_and_not_zero(tmp_path: Path) -> None:
    items = await discover(write_dump(tmp_path, posts=[question(1), answer(2, 1, 7)], users=[user(7)], badges=None))
    assert unknowns(items, 7) == {"badge.tag": "the dump has no Badges table"}


async def test_old_badges_do_not_say_which_are_of_tags(tmp_path: Path) -> None:
    badges = [badge(7, "pytorch", TagBased=None, Class=None)]
    items = await discover(write_dump(tmp_path, posts=[question(1), answer(2, 1, 7)], users=[user(7)], badges=badges))
    assert list(unknowns(items, 7)) == ["badge.tag"]


async def test_a_broken_row_costs_one_row_and_is_reported(tmp_path: Path) -> None:
    broken = '<row Id="5" PostTypeId="2" ParentId="1" OwnerUserId="8" Score=9 />'
    posts: list[Row | str] = [question(1), answer(2, 1, 7), broken, answer(6, 1, 8)]
    items, complaint = await discover_damaged(write_dump(tmp_path, posts=posts, users=[user(7), user(8)]))
    assert uids(items) == ["7", "8"]
    assert unknowns(items, 7) == {}
    assert set(unknowns(items, 8)) == {"answer.*", "question.*", "tag.score"}
    assert complaint.kind == "broken_row"
    assert "Posts.xml line 5" in str(complaint)


async def test_a_torn_posts_table_leaves_everybodys_answers_unknown(tmp_path: Path) -> None:
    folder = write_dump(tmp_path, posts=[question(1), answer(2, 1, 7), answer(3, 1, 8)], users=[user(7), user(8)])
    data = (folder / "Posts.xml").read_bytes()
    (folder / "Posts.xml").write_bytes(data[:-60])
    items, complaint = await discover_damaged(folder)
    assert uids(items) == ["7"]
    assert set(unknowns(items, 7)) == {"answer.*", "question.*", "tag.score"}
    assert complaint.kind == "torn_file"
    assert of_type(items, Done)


async def test_torn_users_and_badges_keep_who_was_read(tmp_path: Path) -> None:
    posts = [question(1), answer(2, 1, 7), answer(3, 1, 8)]
    folder = write_dump(tmp_path, posts=posts, users=[user(7), user(8)], badges=[badge(7, "pytorch"), badge(7, "cuda")])
    for name in ("Users.xml", "Badges.xml"):
        (folder / name).write_bytes((folder / name).read_bytes()[:-30])
    items, complaint = await discover_damaged(folder)
    assert uids(items) == ["7"]
    assert [piece.key for piece in evidence(items, 7, "badge.tag")] == ["gold:pytorch"]
    assert "Badges.xml" in unknowns(items, 7)["badge.tag"]
    assert "and 1 more" in str(complaint)


async def test_a_table_that_is_a_web_page_is_reported(tmp_path: Path) -> None:
    folder = write_dump(tmp_path, posts=[], users=[user(7)])
    (folder / "Posts.xml").write_text("<html><body>Please log in</body></html>")
    items, complaint = await discover_damaged(folder)
    assert items == []
    assert "is no <posts> table" in str(complaint)


async def test_mostly_broken_rows_end_the_table(tmp_path: Path) -> None:
    folder = write_dump(tmp_path, posts=[question(1), answer(2, 1, 7), *["<row Id=5 />"] * 10_100], users=[user(7)])
    items, complaint = await discover_damaged(folder)
    assert uids(items) == ["7"]
    assert complaint.kind == "torn_file"


async def test_very_many_answers_are_capped_openly(tmp_path: Path) -> None:
    posts = [question(1), question(2, "<other>")]
    posts += [answer(n, 1, 7, Score=n % 50) for n in range(100, 340)]
    posts += [answer(n, 2, 7, Score=900, CreationDate="2023-01-01T00:00:00.000") for n in range(400, 470)]
    posts += [question(n, OwnerUserId=7) for n in range(1000, 1060)]
    items = await discover(write_dump(tmp_path, posts=posts, users=[user(7)]))
    kept = evidence(items, 7, "answer.given")
    assert len(kept) == 200
    assert sum(piece.terms == ("tag:pytorch",) for piece in kept) == 150  # the brief's tags first
    assert min(piece.measure["score"] for piece in kept if piece.terms == ("tag:pytorch",)) >= 18
    assert len(evidence(items, 7, "question.asked")) == 50
    other, pytorch = evidence(items, 7, "tag.score")
    assert (other.measure["answers"], pytorch.measure["answers"]) == (70, 240)
    assert "310 answers" in unknowns(items, 7)["answer.*"]
    assert "60 questions" in unknowns(items, 7)["question.asked"]


async def test_very_many_tags_are_capped_openly(tmp_path: Path) -> None:
    posts = [question(1), answer(2, 1, 7, Score=-5)]
    for n in range(130):
        posts += [question(1000 + n, f"<tag-{n}>"), answer(5000 + n, 1000 + n, 7, Score=n)]
    items = await discover(write_dump(tmp_path, posts=posts, users=[user(7)]))
    kept = {piece.key for piece in evidence(items, 7, "tag.score")}
    assert len(kept) == 100
    assert {"tag:pytorch", "tag:tag-129", "tag:tag-31"} <= kept
    assert "131 tags" in unknowns(items, 7)["tag.score"]


async def test_each_person_is_closed_once_and_last(tmp_path: Path) -> None:
    posts = [question(1), answer(2, 1, 7), answer(3, 1, 8)]
    items = await discover(write_dump(tmp_path, posts=posts, users=[user(7), user(8)]))
    closed = [item for item in items if isinstance(item, Done)]
    assert [done.ref.uid for done in closed] == uids(items) == ["7", "8"]
    assert all(
        set(done.scope) == {"answer.*", "question.*", "tag.score", "badge.tag", "profile.text"} for done in closed
    )
    assert not of_type(items, Unknown)


# Tags.


async def test_tags_that_no_question_has_are_named_at_the_end(tmp_path: Path) -> None:
    folder = write_dump(tmp_path, posts=[question(1), answer(2, 1, 7)], users=[user(7)])
    items, complaint = await discover_damaged(folder, "pytorch", "pytroch", "sklearn")
    assert uids(items) == ["7"]
    assert complaint.kind == "no_such_tag"
    assert "pytroch, sklearn; correct stackoverflow.tags" in str(complaint)
