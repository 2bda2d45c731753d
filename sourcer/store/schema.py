"""The tables, as SQLAlchemy sees them. The migrations make them; a test holds the two together.

Every row about a person says where it comes from: connector, its version, run, URL, when it happened, when it was seen.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    Boolean,
    Column,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

from sourcer.store.columns import BIG_ID, CanonicalJson, UtcTime

__all__ = [
    "audit",
    "candidate",
    "change",
    "checkpoint",
    "contribution",
    "decision",
    "duty",
    "evidence",
    "found",
    "gist",
    "lasting",
    "lease",
    "link",
    "look",
    "metadata",
    "person",
    "profile",
    "reader",
    "run",
    "seen",
    "switch",
    "tally",
    "tally_seal",
    "unknown",
    "visit",
]

metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _text(name: str, *, key: bool = False) -> Column[str]:
    return Column(name, Text, nullable=False, primary_key=key)


def _said(name: str) -> Column[str]:
    return Column(name, Text)


def _json(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, CanonicalJson, nullable=nullable)


def _time(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, UtcTime, nullable=nullable)


def _run() -> Column[int]:
    return Column("run_id", Integer, ForeignKey("run.id"), nullable=False)


def _person(name: str, *, key: bool = False) -> Column[int]:
    return Column(name, BIG_ID, ForeignKey("person.id"), nullable=False, primary_key=key)


run: Final = Table(
    "run",
    metadata,
    Column("id", Integer, primary_key=True),
    _text("brief"),
    _text("purpose"),
    _text("status"),
    _time("started_at"),
    _time("finished_at", nullable=True),
    _text("config_digest"),
    _json("versions"),
    # The id of the first run of the chain of runs that go on from each other's checkpoints.
    Column("chain", Integer, nullable=False),
    Column("replay_of", Integer),
    _json("sites"),
    # crawl, part (some sites, or so many requests), accounts (a file says whom), refresh (people whose data is old).
    Column("kind", Text, nullable=False, server_default="crawl"),
    # The time of the brief's schedule that it serves; none where somebody ran it by hand.
    _time("fire_time", nullable=True),
    # What ended it before its end: signal, pause or fault.
    _said("stopped_by"),
    Index("ix_run_brief", "brief"),
    Index("ix_run_chain", "chain"),
    # An id is never used twice: the archive's folders carry it.
    sqlite_autoincrement=True,
)

found: Final = Table(
    "found",
    metadata,
    _text("brief", key=True),
    _text("site", key=True),
    _text("uid", key=True),
    _text("connector"),
    _run(),
    _time("found_at"),
)

person: Final = Table(
    "person",
    metadata,
    Column("id", BIG_ID, primary_key=True, autoincrement=False),
    # Always a person who is not merged himself: a later merge repoints those who were merged before.
    Column("merged_into", BIG_ID, ForeignKey("person.id"), index=True),
    _time("created_at"),
)

profile: Final = Table(
    "profile",
    metadata,
    _text("site", key=True),
    _text("uid", key=True),
    _text("login"),
    _said("name"),
    _text("url"),
    _said("location"),
    _said("country"),
    _said("bio"),
    _said("company"),
    _said("website"),
    Column("open_to_work", Boolean),
    _json("links"),
    _json("measure"),
    _time("account_created_at", nullable=True),
    _person("person_id"),
    _text("connector"),
    _text("connector_version"),
    _run(),
    _time("first_seen_at"),
    _time("seen_at"),
    _time("gone_at", nullable=True),
    _time("gone_last_at", nullable=True),
    Index("ix_profile_person_id", "person_id"),
    Index("ix_profile_site_login", "site", "login"),
)

evidence: Final = Table(
    "evidence",
    metadata,
    Column("id", BIG_ID, primary_key=True, autoincrement=False),
    _text("site"),
    _text("uid"),
    _text("kind"),
    _text("key"),
    _text("url"),
    _text("title"),
    _json("terms"),
    _json("measure"),
    _text("licence"),
    _time("happened_at", nullable=True),
    _time("first_seen_at"),
    _time("seen_at"),
    _time("vanished_at", nullable=True),
    _text("connector"),
    _text("connector_version"),
    _run(),
    UniqueConstraint("site", "uid", "kind", "key", name="uq_evidence_site_uid_kind_key"),
)

unknown: Final = Table(
    "unknown",
    metadata,
    _text("site", key=True),
    _text("uid", key=True),
    _text("what", key=True),
    _text("reason"),
    _text("connector"),
    # discover, cheap or deep: a later look answers what an earlier one left open.
    _text("phase"),
    _run(),
    _time("seen_at"),
)

look: Final = Table(
    "look",
    metadata,
    _text("site", key=True),
    _text("uid", key=True),
    _text("depth", key=True),
    _json("scope"),
    _json("state", nullable=True),
    _text("connector"),
    _run(),
    _time("seen_at"),
)

visit: Final = Table(
    "visit",
    metadata,
    Column("chain", Integer, ForeignKey("run.id"), primary_key=True, autoincrement=False),
    _text("connector", key=True),
    _text("site", key=True),
    _text("uid", key=True),
    _text("depth", key=True),
    Column("position", Integer, nullable=False),
    _text("login"),
    _text("status"),
    Column("relevance", Double),
    Index("ix_visit_queue", "chain", "connector", "depth", "status", "position"),
)

checkpoint: Final = Table(
    "checkpoint",
    metadata,
    Column("chain", Integer, ForeignKey("run.id"), primary_key=True, autoincrement=False),
    _text("connector", key=True),
    _text("phase"),
    _json("state", nullable=True),
    Column("found", Integer, nullable=False),
    _text("digest"),
    _time("updated_at"),
)

candidate: Final = Table(
    "candidate",
    metadata,
    _text("brief", key=True),
    _person("person_id", key=True),
    Column("rank", Integer, nullable=False),
    Column("score", Double, nullable=False),
    # The day as on which was scored, in ISO form.
    _text("as_of"),
    _text("scorer_version"),
    # A digest over all that decided about scores and who is ranked; nothing where that is not known.
    _said("scoring"),
)

contribution: Final = Table(
    "contribution",
    metadata,
    _text("brief", key=True),
    _person("person_id", key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    # Not a foreign key: evidence may go while a ranking is being written; the next ranking forgets it too.
    Column("evidence_id", BIG_ID, nullable=False, index=True),
    _text("skill"),
    _text("dimension"),
    _text("rule"),
    Column("points", Double, nullable=False),
)

# What an account's evidence shows, whenever it happened and whatever is sought, as sourcer.score.gist has it: derived.
gist: Final = Table(
    "gist",
    metadata,
    _text("site", key=True),
    _text("uid", key=True),
    # Of the lexicon and the rules that it was read by.
    _text("digest"),
    _text("content"),
    ForeignKeyConstraint(["site", "uid"], ["profile.site", "profile.uid"], name="fk_gist_profile", ondelete="CASCADE"),
)

# What a person's evidence comes to, as JSON text: derived, and made anew whenever the seal says otherwise.
tally: Final = Table(
    "tally",
    metadata,
    _text("brief", key=True),
    _text("digest", key=True),
    Column("person_id", BIG_ID, ForeignKey("person.id", ondelete="CASCADE"), nullable=False, primary_key=True),
    _text("content"),
)

tally_seal: Final = Table(
    "tally_seal",
    metadata,
    _text("brief", key=True),
    _text("digest"),
    # How many people's sums there must be.
    Column("people", Integer, nullable=False),
)

link: Final = Table(
    "link",
    metadata,
    _text("site_a", key=True),
    _text("uid_a", key=True),
    _text("site_b", key=True),
    _text("uid_b", key=True),
    _text("status"),
    Column("confidence", Double, nullable=False),
    _json("reasons"),
    _text("decided_by"),
    _time("decided_at"),
)

lease: Final = Table(
    "lease",
    metadata,
    _text("name", key=True),
    _text("owner"),
    _text("host"),
    Column("pid", Integer, nullable=False),
    _time("heartbeat_at"),
)

switch: Final = Table(
    "switch",
    metadata,
    # A row says that it is on.
    _text("name", key=True),
    _text("set_by"),
    _time("set_at"),
)

duty: Final = Table(
    "duty",
    metadata,
    _text("name", key=True),
    # The newest time of its schedule that was served.
    _time("fire_time"),
    _time("done_at"),
    _text("said"),
)

decision: Final = Table(
    "decision",
    metadata,
    # Later decisions have larger ids: what counts is the last.
    Column("id", Integer, primary_key=True),
    _text("brief"),
    # Whom it was about when it was made; where people are joined, the decisions about all of them count.
    _person("person_id"),
    # add, remove, state, note, tag or untag
    _text("action"),
    _said("state_before"),
    _said("state"),
    # The day on which a snoozed person shows up again, in ISO form.
    _said("until"),
    # The note, the tag, or the place in the list.
    _said("value"),
    _said("reason"),
    _text("decided_by"),
    _time("decided_at"),
    Index("ix_decision_brief", "brief"),
    Index("ix_decision_person_id", "person_id"),
    sqlite_autoincrement=True,
)

change: Final = Table(
    "change",
    metadata,
    Column("chain", Integer, ForeignKey("run.id"), primary_key=True, autoincrement=False),
    _text("site", key=True),
    _text("uid", key=True),
    _text("what", key=True),
    # Before this crawl, and as it has it now.
    _json("before", nullable=True),
    _json("now", nullable=True),
    _run(),
    _time("changed_at"),
    Index("ix_change_site_uid", "site", "uid"),
    Index("ix_change_changed_at", "changed_at"),
)

# What a site answers to a request forever, about nobody: by connector and the hash of what was asked.
lasting: Final = Table(
    "lasting",
    metadata,
    _text("connector", key=True),
    _text("digest", key=True),
    _json("record"),
    _time("kept_at"),
)

reader: Final = Table(
    "reader",
    metadata,
    _text("user_name", key=True),
    _text("brief", key=True),
    _time("looked_at"),
    # By what was scored at that look: scores of different rules are not compared.
    _text("scoring"),
)

seen: Final = Table(
    "seen",
    metadata,
    _text("user_name", key=True),
    _text("brief", key=True),
    _person("person_id", key=True),
    # ranked, left (known, and no longer in the ranking) or gone
    _text("status"),
    Column("rank", Integer),
    Column("score", Double),
    Column("contributions", Integer),
    # By account, short hashes of what its profile showed.
    _json("accounts"),
    # The snooze whose end the user was told.
    Column("back", Integer),
    Index("ix_seen_person_id", "person_id"),
)

# Triggers of the migration refuse to change or delete a row.
audit: Final = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    _time("happened_at"),
    _text("user_name"),
    _text("action"),
    _text("brief"),
    _text("subject"),
    Column("rows", Integer, nullable=False),
    _text("sha256"),
    _json("detail"),
    sqlite_autoincrement=True,
)
