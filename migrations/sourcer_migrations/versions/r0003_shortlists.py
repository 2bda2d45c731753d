"""What humans decide about people, what changes in profiles, and what each user has seen of a brief.

Written by hand and frozen: a later change of the schema is a revision of its own.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_BIG_ID: Final = sa.BigInteger().with_variant(sa.Integer, "sqlite")

_DECISION: Final = """
        SELECT decision.id, decision.brief, COALESCE(person.merged_into, person.id) AS person, decision.action,
               decision.state_before, decision.state, decision.until, decision.value, decision.reason,
               decision.decided_by, decision.decided_at
        FROM decision JOIN person ON person.id = decision.person_id"""

_SHORTLIST: Final = """
        WITH listing AS (
            SELECT brief, person, action, ROW_NUMBER() OVER (PARTITION BY brief, person ORDER BY id DESC) AS newest
            FROM v_decision WHERE action IN ('add', 'remove')
        ), stating AS (
            SELECT brief, person, state, until, reason, decided_by, decided_at,
                   ROW_NUMBER() OVER (PARTITION BY brief, person ORDER BY id DESC) AS newest
            FROM v_decision WHERE action = 'state'
        )
        SELECT known.brief, known.person, CASE WHEN listing.action = 'add' THEN 1 ELSE 0 END AS listed,
               COALESCE(stating.state, 'new') AS state, stating.until, stating.reason,
               stating.decided_by, stating.decided_at
        FROM (SELECT DISTINCT brief, person FROM v_decision) AS known
        LEFT JOIN listing ON listing.brief = known.brief AND listing.person = known.person AND listing.newest = 1
        LEFT JOIN stating ON stating.brief = known.brief AND stating.person = known.person AND stating.newest = 1"""


def upgrade() -> None:
    """Make the tables and views."""
    _create_decision()
    _create_change()
    _create_seen()
    op.execute(f"CREATE VIEW v_decision AS {_DECISION}")
    op.execute(f"CREATE VIEW v_shortlist AS {_SHORTLIST}")


def downgrade() -> None:
    """Drop them."""
    op.execute("DROP VIEW v_shortlist")
    op.execute("DROP VIEW v_decision")
    for name in ("seen", "reader", "change", "decision"):
        op.drop_table(name)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _time(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _person() -> sa.Column[int]:
    return sa.Column("person_id", _BIG_ID, sa.ForeignKey("person.id"), nullable=False)


def _create_decision() -> None:
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        _text("brief"),
        _person(),
        _text("action"),
        _text("state_before", nullable=True),
        _text("state", nullable=True),
        _text("until", nullable=True),
        _text("value", nullable=True),
        _text("reason", nullable=True),
        _text("decided_by"),
        _time("decided_at"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_decision_brief", "decision", ["brief"])
    op.create_index("ix_decision_person_id", "decision", ["person_id"])


def _create_change() -> None:
    op.create_table(
        "change",
        sa.Column("chain", sa.Integer(), sa.ForeignKey("run.id"), autoincrement=False, nullable=False),
        _text("site"),
        _text("uid"),
        _text("what"),
        _text("before", nullable=True),
        _text("now", nullable=True),
        sa.Column("run_id", sa.Integer(), sa.ForeignKey("run.id"), nullable=False),
        _time("changed_at"),
        sa.PrimaryKeyConstraint("chain", "site", "uid", "what"),
    )
    op.create_index("ix_change_site_uid", "change", ["site", "uid"])
    op.create_index("ix_change_changed_at", "change", ["changed_at"])


def _create_seen() -> None:
    op.create_table(
        "reader",
        _text("user_name"),
        _text("brief"),
        _time("looked_at"),
        _text("scoring"),
        sa.PrimaryKeyConstraint("user_name", "brief"),
    )
    op.create_table(
        "seen",
        _text("user_name"),
        _text("brief"),
        _person(),
        _text("status"),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("contributions", sa.Integer(), nullable=True),
        _text("accounts"),
        sa.Column("back", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("user_name", "brief", "person_id"),
    )
    op.create_index("ix_seen_person_id", "seen", ["person_id"])
