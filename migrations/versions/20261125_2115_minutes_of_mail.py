"""The minute in which a mail to many may leave."""

import sqlalchemy as sa
from alembic import op

from events.core.db import UtcDateTime

revision = "0007_minutes_of_mail"
down_revision = "0007_introductions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("outgoing_mail", schema=None) as batch_op:
        batch_op.add_column(sa.Column("planned_at", UtcDateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_outgoing_mail_planned_at"), ["planned_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("outgoing_mail", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outgoing_mail_planned_at"))
        batch_op.drop_column("planned_at")
