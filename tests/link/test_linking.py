from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest
from sqlalchemy import select

from sourcer.connect.addresses import read_profile_url
from sourcer.domain import Done, Gone, LinkClaim, Profile, Ref
from sourcer.errors import UsageError
from sourcer.fetch.policy import ProfileUrl
from sourcer.link import decide_pair, link_people, links_json, undo_pair
from sourcer.link.claims import Address
from sourcer.store import schema
from sourcer.store.database import Database
from sourcer.store.links import read_links
from sourcer.store.reads import read_person, resolve_account, resolve_person
from support.store_items import NOON, begin, commit

PATTERNS = (
    ProfileUrl("github", r"https?://(?:www\.)?github\.com/(?P<login>[a-z0-9-]+)"),
    ProfileUrl("kaggle", r"https?://(?:www\.)?kaggle\.com/(?P<login>[a-z0-9-]+)"),
    ProfileUrl("stackoverflow", r"https?://stackoverflow\.com/users/(?P<uid>\d+)(?:/.*)?"),
    ProfileUrl("stackexchange", r"https?://stackexchange\.com/users/(?P<uid>\d+)(?:/.*)?"),
)
ADA = Ref("github", "1", "ada")
ADA_SO = Ref("stackoverflow", "11", "11")
BEN = Ref("github", "2", "ben")
BEN_SO = Ref("stackoverflow", "22", "22")


def read(url: str) -> Address | None:
    return read_profile_url(url, PATTERNS)


def said(ref: Ref, *links: tuple[str, str], name: str | None = None) -> Profile:
    return Profile(
        ref, f"https://{ref.site}.example/{ref.login}", name=name, links=tuple(LinkClaim(*one) for one in links)
    )


def store(database: Database, profiles: Iterable[Profile]) -> None:
    items = [item for one in profiles for item in (one.ref, one, Done(one.ref))]
    commit(database, begin(database), *items)


def link(database: Database, *, days: int = 0) -> int:
    with database.write() as connection:
        return link_people(connection, read, NOON + timedelta(days=days))


def person(database: Database, account: str) -> int | None:
    with database.read() as connection:
        return resolve_person(connection, account)


def statuses(database: Database) -> dict[str, str]:
    with database.read() as connection:
        return {f"{row['a']} {row['b']}": row["status"] for row in links_json(read_links(connection))}


def test_whoever_names_the_other_is_one_person_with_the_reason(database: Database) -> None:
    store(database, [said(ADA, ("https://stackoverflow.com/users/11/ada-b", "website")), said(ADA_SO), said(BEN)])
    alone = person(database, "github:#1"), person(database, "stackoverflow:#11")
    assert link(database) == 1
    one = person(database, "github:#1")
    assert one == person(database, "stackoverflow:#11") == min(number for number in alone if number is not None)
    with database.read() as connection:
        facts = read_person(connection, one or 0)
        (row,) = links_json(read_links(connection))
        # Both old ids lead to the person.
        assert {resolve_person(connection, str(number)) for number in alone} == {one}
    assert facts is not None
    assert {profile.site for profile in facts.profiles} == {"github", "stackoverflow"}
    reason = {
        "kind": "website",
        "detail": "https://stackoverflow.com/users/11/ada-b",
        "url": "https://github.example/ada",
    }
    assert row == {
        "a": "github:#1",
        "b": "stackoverflow:#11",
        "status": "confirmed",
        "confidence": 0.95,
        "reasons": [reason],
        "decided_by": None,
    }


@pytest.mark.parametrize(
    "spelling",
    [
        "https://github.com/ada",
        "http://www.github.com/ADA/",
        "github.com/Ada?tab=repositories",
        "https://github.com/ada#x",
        "HTTPS://GitHub.com:443//Ada",
        "//github.com/ada",
        "http://m.github.com/ada.",
        "<https://github.com/%61da>",
        "https://github.com./x/../ada/",
        "https://github.com/\u200bada",
    ],
)
def test_every_spelling_of_an_address_is_one(database: Database, spelling: str) -> None:
    store(database, [said(ADA), said(ADA_SO, (spelling, "about"))])
    assert link(database) == 1


def test_a_site_says_which_of_its_accounts_are_one_registration(database: Database) -> None:
    network, elsewhere = "https://stackexchange.com/users/95", Ref("ai", "5", "5")
    # Not said by the site but typed: whoever names the registration names its accounts.
    store(
        database,
        [
            said(ADA_SO, (network, "account_id"), name="Ada Beispiel"),
            said(elsewhere, (network, "account_id"), name="Somebody Else"),
            said(ADA, (f"{network}/ada?tab=accounts", "social")),
            said(BEN_SO, ("https://stackexchange.com/users/96", "account_id")),
        ],
    )
    assert link(database) == 2
    assert person(database, "github:#1") == person(database, "ai:#5") == person(database, "stackoverflow:#11")
    assert person(database, "stackoverflow:#22") != person(database, "stackoverflow:#11")
    with database.read() as connection:
        certain = next(row for row in links_json(read_links(connection)) if row["confidence"] == 1.0)
    assert {reason["detail"] for reason in certain["reasons"]} == {network}


def test_an_address_that_the_site_gives_elsewhere_still_leads_to_its_own_account(database: Database) -> None:
    own, elsewhere = "https://stackoverflow.com/users/11", Ref("ai", "5", "5")
    # A fan whose name tells nothing: the one who is named says whose account is theirs.
    store(
        database,
        [
            said(ADA_SO),
            said(elsewhere, (own, "account_id")),
            said(ADA, (own, "website"), name="Ada Beispiel"),
            said(BEN_SO, ("https://github.com/ada", "website"), name="Олена Прикладна"),
        ],
    )
    link(database)
    assert person(database, "github:#1") == person(database, "stackoverflow:#11") == person(database, "ai:#5")
    assert statuses(database)["github:#1 stackoverflow:#22"] == "proposed"


def test_a_registration_that_was_typed_is_not_said_by_the_site(database: Database) -> None:
    network = "https://stackexchange.com/users/95"
    store(database, [said(ADA_SO, (network, "website")), said(Ref("ai", "5", "5"), (network, "about_me"))])
    assert link(database) == 0


def test_a_login_that_changed_hands_is_nobodys(database: Database) -> None:
    former = Ref("github", "7", "ada")
    store(database, [said(former)])
    commit(database, begin(database), Gone(former, "404"), phase="cheap")
    store(database, [said(ADA), said(ADA_SO, ("https://github.com/ada", "website"))])
    assert link(database) == 0


def test_other_pages_prove_nothing(database: Database) -> None:
    pages = ["https://github.com/ada/models", "https://github.com/orgs/ada", "https://example.org/ada", "nonsense"]
    pages += [
        "https://github.com/a da",
        "https://ada@github.com",
        "ftp://github.com/ada",
        "https://github.com:8080/ada",
    ]
    pages += [
        "https://github.com.evil.example/ada",
        "https://evil.example/?https://github.com/ada",
        "http://[github.com/ada",
    ]
    store(database, [said(ADA), said(ADA_SO, *((page, "website") for page in pages))])
    assert link(database) == 0
    assert statuses(database) == {}


def test_linking_again_changes_nothing(database: Database) -> None:
    store(database, [said(ADA, ("https://stackoverflow.com/users/11", "website")), said(ADA_SO)])
    link(database)
    assert link(database, days=3) == 0
    with database.read() as connection:
        assert connection.scalar(select(schema.link.c.decided_at)) == NOON


def test_a_claim_that_is_taken_back_sets_people_apart(database: Database) -> None:
    store(database, [said(ADA, ("https://stackoverflow.com/users/11", "website")), said(ADA_SO)])
    link(database)
    store(database, [said(ADA)])
    assert link(database) == 1
    assert person(database, "github:#1") != person(database, "stackoverflow:#11")
    assert statuses(database) == {}


def test_gone_accounts_prove_nothing(database: Database) -> None:
    store(database, [said(ADA, ("https://stackoverflow.com/users/11", "website")), said(ADA_SO)])
    commit(database, begin(database), Gone(ADA_SO, "404"), phase="cheap")
    assert link(database) == 0


def test_what_a_human_decides_stands_until_it_is_undone(database: Database) -> None:
    store(database, [said(ADA, ("https://stackoverflow.com/users/11", "website")), said(ADA_SO), said(BEN)])
    link(database)
    a, b = ("github", "1"), ("stackoverflow", "11")
    with database.write() as connection:
        decide_pair(connection, b, a, "rejected", by="kim", now=NOON)
    assert link(database) == 1
    assert statuses(database) == {"github:#1 stackoverflow:#11": "rejected"}
    assert person(database, "github:#1") != person(database, "stackoverflow:#11")
    with database.write() as connection:
        assert undo_pair(connection, a, b)
        assert not undo_pair(connection, a, b)
    assert link(database) == 1
    assert statuses(database) == {"github:#1 stackoverflow:#11": "confirmed"}


def test_a_human_may_join_what_no_rule_would(database: Database) -> None:
    store(database, [said(ADA), said(BEN)])
    with database.write() as connection:
        decide_pair(connection, ("github", "1"), ("github", "2"), "confirmed", by="kim", now=NOON)
    assert link(database) == 1
    assert person(database, "github:ada") == person(database, "github:ben")
    with database.read() as connection:
        (row,) = links_json(read_links(connection, "confirmed"))
        assert read_links(connection, "proposed") == []
    assert row["decided_by"] == "kim"
    assert row["reasons"] == [{"kind": "human", "detail": "confirmed by kim", "url": ""}]


def test_humans_are_told_what_stands_against_a_decision_and_what_to_undo(database: Database) -> None:
    store(database, [said(ADA), said(ADA_SO), said(BEN)])
    ada, ada_so, ben = (ADA.site, ADA.uid), (ADA_SO.site, ADA_SO.uid), (BEN.site, BEN.uid)
    with database.write() as connection:
        decide_pair(connection, ada, ada_so, "confirmed", by="kim", now=NOON)
        decide_pair(connection, ada, ben, "rejected", by="lou", now=NOON)
    with database.write() as connection, pytest.raises(UsageError) as refused:
        decide_pair(connection, ben, ada_so, "confirmed", by="kim", now=NOON)
    assert str(refused.value) == (
        "github:#2 and stackoverflow:#11 cannot be confirmed: github:#1 and github:#2 were rejected by lou; "
        "github:#1 and stackoverflow:#11 were confirmed by kim. If that is wrong, undo it first: "
        "sourcer link undo github:#1 github:#2 or github:#1 stackoverflow:#11"
    )
    link(database)
    assert statuses(database) == {"github:#1 github:#2": "rejected", "github:#1 stackoverflow:#11": "confirmed"}
    with database.write() as connection:
        assert undo_pair(connection, ada, ben)
        decide_pair(connection, ben, ada_so, "confirmed", by="kim", now=NOON)
        with pytest.raises(UsageError, match="github:#2 and stackoverflow:#11 were confirmed by kim"):
            decide_pair(connection, ada, ben, "rejected", by="lou", now=NOON)
    link(database)
    assert person(database, "github:#1") == person(database, "github:#2")


def test_an_account_is_not_a_pair(database: Database) -> None:
    with database.write() as connection, pytest.raises(UsageError, match="name two"):
        decide_pair(connection, ("github", "1"), ("github", "1"), "confirmed", by="kim", now=NOON)


def test_accounts_are_found_as_people_write_them(database: Database) -> None:
    store(database, [said(ADA)])
    with database.read() as connection:
        for text in ("github:ada", "github:ADA", "github:#1", "https://github.example/ada/"):
            assert resolve_account(connection, text) == ("github", "1")
        assert resolve_account(connection, "github:nobody") is None
        assert resolve_account(connection, "ada") is None
