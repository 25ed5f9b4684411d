"""Add the one more time that a person without a coffee is asked."""

import sqlalchemy as sa
from alembic import op

revision = "asked_time"
down_revision = "read_marks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("opt_in", schema=None) as batch_op:
        batch_op.add_column(sa.Column("asked_time", sa.String(length=32), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("opt_in", schema=None) as batch_op:
        batch_op.drop_column("asked_time")
