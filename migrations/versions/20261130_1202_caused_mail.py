"""The ledger of mail that one person makes others receive."""

import sqlalchemy as sa
from alembic import op

from events.core.db import UtcDateTime

revision = "0016_caused_mail"
down_revision = "0015_pending_circles"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "caused_mail",
        sa.Column("pool", sa.String(length=10), nullable=False),
        sa.Column("sender_id", sa.String(length=26), nullable=True),
        sa.Column("recipient_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=40), nullable=False),
        sa.Column("group_id", sa.String(length=26), nullable=True),
        sa.Column("sent_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caused_mail")),
    )
    for column in ("sender_id", "recipient_id", "group_id"):
        op.create_index(op.f(f"ix_caused_mail_{column}_sent_at"), "caused_mail", [column, "sent_at"])


def downgrade() -> None:
    op.drop_table("caused_mail")
