"""Add the waiting list of a full livestream to its registrations.

Revision ID: waiting_list
Revises: invitation_look
"""

import sqlalchemy as sa
from alembic import op

from events.core.db.session import UtcDateTime

revision = "waiting_list"
down_revision = "circle_goal"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.add_column(sa.Column("waiting_since", UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("answer_by", UtcDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.drop_column("answer_by")
        batch_op.drop_column("waiting_since")
