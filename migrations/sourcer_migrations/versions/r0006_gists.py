"""What accounts' evidence shows, kept for every ranking."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "gist",
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site", "uid"], ["profile.site", "profile.uid"], name="fk_gist_profile", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site", "uid", name="pk_gist"),
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("gist")
