"""The first schema: runs, people, profiles, evidence, queue, rankings, and the views that users rely on.

Written by hand and frozen: a later change of the schema is a revision of its own.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_BIG_ID: Final = sa.BigInteger().with_variant(sa.Integer, "sqlite")

_VIEWS: Final = {
    "v_profile": """
        SELECT profile.site, profile.uid, profile.login, profile.name, profile.url,
               COALESCE(person.merged_into, person.id) AS person,
               profile.location, profile.country, profile.bio, profile.seen_at, profile.gone_at
        FROM profile JOIN person ON person.id = profile.person_id""",
    "v_evidence": """
        SELECT evidence.id, evidence.site, evidence.uid, COALESCE(person.merged_into, person.id) AS person,
               evidence.kind, evidence.url, evidence.title, evidence.terms, evidence.measure,
               evidence.happened_at, evidence.seen_at, evidence.vanished_at
        FROM evidence
        LEFT JOIN profile ON profile.site = evidence.site AND profile.uid = evidence.uid
        LEFT JOIN person ON person.id = profile.person_id""",
    "v_candidate": """
        SELECT candidate.brief, COALESCE(person.merged_into, person.id) AS person,
               candidate.rank, candidate.score, candidate.as_of, candidate.scorer_version
        FROM candidate JOIN person ON person.id = candidate.person_id""",
    "v_contribution": """
        SELECT contribution.brief, COALESCE(person.merged_into, person.id) AS person,
               contribution.evidence_id AS evidence, contribution.skill, contribution.dimension,
               contribution.rule, contribution.points
        FROM contribution JOIN person ON person.id = contribution.person_id""",
    "v_run": "SELECT id, brief, status, started_at, finished_at FROM run",
    "v_link": "SELECT site_a, uid_a, site_b, uid_b, status, confidence FROM link",
}

_TABLES: Final = (
    "run",
    "found",
    "person",
    "profile",
    "evidence",
    "unknown",
    "look",
    "visit",
    "checkpoint",
    "candidate",
    "contribution",
    "link",
    "lease",
)


def upgrade() -> None:
    """Make everything."""
    _create_run()
    _create_people()
    _create_evidence()
    _create_looks()
    _create_queue()
    _create_rankings()
    _create_link_and_lease()
    for name, query in _VIEWS.items():
        op.execute(f"CREATE VIEW {name} AS {query}")


def downgrade() -> None:
    """Drop everything."""
    for name in reversed(_VIEWS):
        op.execute(f"DROP VIEW {name}")
    for name in reversed(_TABLES):
        op.drop_table(name)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _run() -> sa.Column[int]:
    return sa.Column("run_id", sa.Integer(), sa.ForeignKey("run.id"), nullable=False)


def _person(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, _BIG_ID, sa.ForeignKey("person.id"), nullable=nullable)


def _create_run() -> None:
    op.create_table(
        "run",
        sa.Column("id", sa.Integer(), nullable=False),
        _text("brief"),
        _text("purpose"),
        _text("status"),
        _time("started_at"),
        _time("finished_at", nullable=True),
        _text("config_digest"),
        _text("versions"),
        sa.Column("chain", sa.Integer(), nullable=False),
        sa.Column("replay_of", sa.Integer(), nullable=True),
        _text("sites"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_run_brief", "run", ["brief"])
    op.create_index("ix_run_chain", "run", ["chain"])


def _create_people() -> None:
    op.create_table(
        "found",
        _text("brief"),
        _text("site"),
        _text("uid"),
        _text("connector"),
        _run(),
        _time("found_at"),
        sa.PrimaryKeyConstraint("brief", "site", "uid"),
    )
    op.create_table(
        "person",
        sa.Column("id", _BIG_ID, autoincrement=False, nullable=False),
        _person("merged_into", nullable=True),
        _time("created_at"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_person_merged_into", "person", ["merged_into"])
    _create_profile()


def _create_profile() -> None:
    op.create_table(
        "profile",
        _text("site"),
        _text("uid"),
        _text("login"),
        _text("name", nullable=True),
        _text("url"),
        _text("location", nullable=True),
        _text("country", nullable=True),
        _text("bio", nullable=True),
        _text("company", nullable=True),
        _text("website", nullable=True),
        sa.Column("open_to_work", sa.Boolean(), nullable=True),
        _text("links"),
        _text("measure"),
        _time("account_created_at", nullable=True),
        _person("person_id"),
        _text("connector"),
        _text("connector_version"),
        _run(),
        _time("first_seen_at"),
        _time("seen_at"),
        _time("gone_at", nullable=True),
        _time("gone_last_at", nullable=True),
        sa.PrimaryKeyConstraint("site", "uid"),
    )
    op.create_index("ix_profile_person_id", "profile", ["person_id"])
    op.create_index("ix_profile_site_login", "profile", ["site", "login"])


def _create_evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", _BIG_ID, autoincrement=False, nullable=False),
        _text("site"),
        _text("uid"),
        _text("kind"),
        _text("key"),
        _text("url"),
        _text("title"),
        _text("terms"),
        _text("measure"),
        _text("licence"),
        _time("happened_at", nullable=True),
        _time("first_seen_at"),
        _time("seen_at"),
        _time("vanished_at", nullable=True),
        _text("connector"),
        _text("connector_version"),
        _run(),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("site", "uid", "kind", "key", name="uq_evidence_site_uid_kind_key"),
    )


def _create_looks() -> None:
    op.create_table(
        "unknown",
        _text("site"),
        _text("uid"),
        _text("what"),
        _text("reason"),
        _text("connector"),
        _text("phase"),
        _run(),
        _time("seen_at"),
        sa.PrimaryKeyConstraint("site", "uid", "what"),
    )
    op.create_table(
        "look",
        _text("site"),
        _text("uid"),
        _text("depth"),
        _text("scope"),
        _text("state", nullable=True),
        _text("connector"),
        _run(),
        _time("seen_at"),
        sa.PrimaryKeyConstraint("site", "uid", "depth"),
    )


def _create_queue() -> None:
    op.create_table(
        "visit",
        sa.Column("chain", sa.Integer(), sa.ForeignKey("run.id"), autoincrement=False, nullable=False),
        _text("connector"),
        _text("site"),
        _text("uid"),
        _text("depth"),
        sa.Column("position", sa.Integer(), nullable=False),
        _text("login"),
        _text("status"),
        sa.Column("relevance", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("chain", "connector", "site", "uid", "depth"),
    )
    op.create_index("ix_visit_queue", "visit", ["chain", "connector", "depth", "status", "position"])
    op.create_table(
        "checkpoint",
        sa.Column("chain", sa.Integer(), sa.ForeignKey("run.id"), autoincrement=False, nullable=False),
        _text("connector"),
        _text("phase"),
        _text("state", nullable=True),
        sa.Column("found", sa.Integer(), nullable=False),
        _text("digest"),
        _time("updated_at"),
        sa.PrimaryKeyConstraint("chain", "connector"),
    )


def _create_rankings() -> None:
    op.create_table(
        "candidate",
        _text("brief"),
        _person("person_id"),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        _text("as_of"),
        _text("scorer_version"),
        sa.PrimaryKeyConstraint("brief", "person_id"),
    )
    op.create_table(
        "contribution",
        _text("brief"),
        _person("person_id"),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("evidence_id", _BIG_ID, nullable=False),
        _text("skill"),
        _text("dimension"),
        _text("rule"),
        sa.Column("points", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("brief", "person_id", "position"),
    )
    op.create_index("ix_contribution_evidence_id", "contribution", ["evidence_id"])


def _create_link_and_lease() -> None:
    op.create_table(
        "link",
        _text("site_a"),
        _text("uid_a"),
        _text("site_b"),
        _text("uid_b"),
        _text("status"),
        sa.Column("confidence", sa.Double(), nullable=False),
        _text("reasons"),
        _text("decided_by"),
        _time("decided_at"),
        sa.PrimaryKeyConstraint("site_a", "uid_a", "site_b", "uid_b"),
    )
    op.create_table(
        "lease",
        _text("name"),
        _text("owner"),
        _text("host"),
        sa.Column("pid", sa.Integer(), nullable=False),
        _time("heartbeat_at"),
        sa.PrimaryKeyConstraint("name"),
    )
