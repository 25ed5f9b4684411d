"""Add the first look of an invited person at what an invitation is about.

Revision ID: invitation_look
Revises: call_trouble
"""

import sqlalchemy as sa
from alembic import op

from events.core.db.session import UtcDateTime

revision = "invitation_look"
down_revision = "call_trouble"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("looked_at", UtcDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_column("looked_at")
