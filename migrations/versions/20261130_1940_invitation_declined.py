"""Keep when an invited person said no.

Revision ID: invitation_declined
Revises: mail_days
"""

import sqlalchemy as sa
from alembic import op

from events.core.db.session import UtcDateTime

revision = "invitation_declined"
down_revision = "mail_days"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("invitation") as table:
        table.add_column(sa.Column("declined_at", UtcDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("invitation") as table:
        table.drop_column("declined_at")
