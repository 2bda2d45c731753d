"""What decided about a stored ranking, so that nobody is held against one of another brief."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the digest; of rankings that are stored already it is not known."""
    op.add_column("candidate", sa.Column("scoring", sa.Text(), nullable=True))


def downgrade() -> None:
    """Take it away again."""
    op.drop_column("candidate", "scoring")
