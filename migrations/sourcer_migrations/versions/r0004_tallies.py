"""Sums of what people's evidence earns, kept for the next ranking."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the sums and what they were made from."""
    op.create_table(
        "tally",
        sa.Column("brief", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_tally_person_id_person", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("brief", "digest", "person_id", name="pk_tally"),
    )
    op.create_table(
        "tally_seal",
        sa.Column("brief", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("brief", name="pk_tally_seal"),
    )


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("tally_seal")
    op.drop_table("tally")
