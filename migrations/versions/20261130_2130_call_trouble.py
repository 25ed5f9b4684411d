"""Add browser family, major version and kind of network to call stays.

Revision ID: call_trouble
Revises: welcomes
"""

import sqlalchemy as sa
from alembic import op

revision = "call_trouble"
down_revision = "office_hours"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("call_stay", schema=None) as batch_op:
        batch_op.add_column(sa.Column("browser", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("browser_version", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("network", sa.String(length=6), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("call_stay", schema=None) as batch_op:
        batch_op.drop_column("network")
        batch_op.drop_column("browser_version")
        batch_op.drop_column("browser")
