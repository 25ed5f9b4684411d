"""What comes back by mail."""

import sqlalchemy as sa
from alembic import op

from events.core.db import UtcDateTime

revision = "0002_replies"
down_revision = "0003_following"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "inbox_mark",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("validity", sa.String(length=40), nullable=False),
        sa.Column("last_uid", sa.Integer(), nullable=False),
        sa.Column("read_at", UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_inbox_mark")),
    )
    op.create_table(
        "incoming_mail",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("detail", sa.String(length=300), nullable=False),
        sa.Column("calendar_uid", sa.String(length=255), nullable=True),
        sa.Column("stamped_at", sa.String(length=40), nullable=True),
        sa.Column("received_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["user.id"], name=op.f("fk_incoming_mail_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_mail")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_incoming_mail_fingerprint")),
    )
    with op.batch_alter_table("incoming_mail", schema=None) as batch_op:
        for column in ("calendar_uid", "outcome", "person_id", "received_at"):
            batch_op.create_index(batch_op.f(f"ix_incoming_mail_{column}"), [column], unique=False)


def downgrade() -> None:
    op.drop_table("incoming_mail")
    op.drop_table("inbox_mark")
