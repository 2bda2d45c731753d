"""Under which licence a text stands and who wrote it, beside every piece of evidence that holds one.

Written by hand and frozen: a later change of the schema is a revision of its own.
"""

from __future__ import annotations

from typing import Final

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_COLUMNS: Final = """evidence.id, evidence.site, evidence.uid, COALESCE(person.merged_into, person.id) AS person,
               evidence.kind, evidence.url, evidence.title, evidence.terms, evidence.measure,
               evidence.happened_at, evidence.seen_at, evidence.vanished_at"""

_CREDIT: Final = """NULLIF(evidence.licence, '') AS licence,
               CASE WHEN evidence.licence <> '' THEN COALESCE(profile.name, profile.login) END AS author"""

_TABLES: Final = """
        FROM evidence
        LEFT JOIN profile ON profile.site = evidence.site AND profile.uid = evidence.uid
        LEFT JOIN person ON person.id = profile.person_id"""


def upgrade() -> None:
    """Add the columns at the end of the view; on PostgreSQL who may read it still may."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if is_sqlite:
        op.execute("DROP VIEW v_evidence")
    create = "CREATE VIEW" if is_sqlite else "CREATE OR REPLACE VIEW"
    op.execute(f"{create} v_evidence AS SELECT {_COLUMNS}, {_CREDIT} {_TABLES}")


def downgrade() -> None:
    """Take them away again."""
    op.execute("DROP VIEW v_evidence")
    op.execute(f"CREATE VIEW v_evidence AS SELECT {_COLUMNS} {_TABLES}")
