"""Whether a relay could be allocated at each TURN server."""

import sqlalchemy as sa
from alembic import op

from events.core.db import UtcDateTime

revision = "0023_turn_checks"
down_revision = "0022_lines_by_moment"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "turn_check",
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("checked_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("worked_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("url", name=op.f("pk_turn_check")),
    )


def downgrade() -> None:
    op.drop_table("turn_check")
