"""Answers of sites that never change, kept from one crawl to the next."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "lasting",
        sa.Column("connector", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("connector", "digest", name="pk_lasting"),
    )


def downgrade() -> None:
    """Take it away again: the answers are asked for anew."""
    op.drop_table("lasting")
