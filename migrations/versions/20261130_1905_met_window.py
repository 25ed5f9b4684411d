"""Add the window of a circle in which two people who met are not paired again."""

import sqlalchemy as sa
from alembic import op

revision = "met_window"
down_revision = "endings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("circle", schema=None) as batch_op:
        batch_op.add_column(sa.Column("met_window", sa.String(length=10), server_default="six", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("circle", schema=None) as batch_op:
        batch_op.drop_column("met_window")
