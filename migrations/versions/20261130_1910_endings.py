"""Add to livestreams when they end by themselves, and how they ended.

Revision ID: endings
Revises: viewer_counts
"""

import sqlalchemy as sa
from alembic import op

from events.core.db.session import UtcDateTime

revision = "endings"
down_revision = "coffee_occasion_index"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("livestream", schema=None) as batch_op:
        batch_op.add_column(sa.Column("auto_end_minutes", sa.Integer(), server_default="45", nullable=False))
        batch_op.add_column(sa.Column("extended_until", UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("ended_itself", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(
            sa.Column("held_elsewhere", sa.Boolean(), server_default=sa.false(), nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table("livestream", schema=None) as batch_op:
        batch_op.drop_column("held_elsewhere")
        batch_op.drop_column("ended_itself")
        batch_op.drop_column("extended_until")
        batch_op.drop_column("auto_end_minutes")
