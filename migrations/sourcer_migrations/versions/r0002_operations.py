"""What months without being looked at need: why a run was begun and ended, the pause switch, the daily duties."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add to the runs what they serve; make the switch and the duties."""
    op.add_column("run", sa.Column("kind", sa.Text(), nullable=False, server_default="crawl"))
    op.add_column("run", sa.Column("fire_time", sa.DateTime(timezone=True), nullable=True))
    op.add_column("run", sa.Column("stopped_by", sa.Text(), nullable=True))
    op.create_table(
        "switch",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "duty",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("fire_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("duty")
    op.drop_table("switch")
    for name in ("stopped_by", "fire_time", "kind"):
        op.drop_column("run", name)
