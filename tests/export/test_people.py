from __future__ import annotations

from sourcer.export import View, choose
from sourcer.export.fields import fields_of, seen_through
from sourcer.shortlist import Deciding, add, note, people_meant, set_state
from sourcer.store.database import Database
from support.store_items import NOON


def decide(view: View) -> None:
    """Three on the shortlist, one of them rejected since; one snoozed without being on it."""
    with Database(str(view.connection.engine.url)) as database, database.write() as connection:
        deciding = Deciding("ml", "kim", NOON, "because")
        han, ada, long = people_meant(connection, "ml", ["github:han", "github:ada", "github:long"], cross_brief=False)
        (single,) = people_meant(connection, "ml", ["github:single"], cross_brief=False)
        add(connection, deciding, [han, ada, long])
        note(connection, deciding, [ada], "likes =tests")
        set_state(connection, deciding, [long], "rejected")
        set_state(connection, deciding, [single], "rejected")


def test_the_shortlist_leaves_in_its_order_without_whom_decisions_put_aside(view: View) -> None:
    decide(view)
    chosen = choose(view, shortlisted=True)
    assert [person.profiles[0].login for person in chosen.people] == ["han", "ada"]
    assert chosen.left_out == {"whom decisions put aside (rejected, hired or snoozed)": 2}
    assert [person.profiles[0].login for person in choose(view, shortlisted=True, top=1).people] == ["han"]


def test_an_export_of_everybody_leaves_them_out_too_and_holds_the_notes(view: View) -> None:
    decide(view)
    chosen = choose(view)
    logins = [person.profiles[0].login for person in chosen.people]
    assert len(logins) == 10
    assert not {"long", "single"} & set(logins)
    ada = next(person for person in chosen.people if person.profiles[0].login == "ada")
    (seen,) = seen_through(view, [ada])
    fields = fields_of(view, seen)
    assert fields["notes"] == ("likes =tests (kim, 2026-03-01)",)
    assert "Notes: likes =tests (kim, 2026-03-01)" in str(fields["summary"])
