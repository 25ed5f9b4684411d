"""Mailings of circles, the circle behind each mail, and the changes of host of a livestream."""

import sqlalchemy as sa
from alembic import op

from events.core.db import UtcDateTime

revision = "0024_mailings"
down_revision = "0024_direct_calls"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mailing",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("group_id", sa.String(length=26), nullable=False),
        sa.Column("subject_id", sa.String(length=26), nullable=False),
        sa.Column("announces", sa.Boolean(), nullable=False),
        sa.Column("sent_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailing")),
    )
    with op.batch_alter_table("mailing", schema=None) as batch_op:
        batch_op.create_index("ix_mailing_group_id_sent_at", ["group_id", "sent_at"], unique=False)
    with op.batch_alter_table("outgoing_mail", schema=None) as batch_op:
        batch_op.add_column(sa.Column("group_id", sa.String(length=26), nullable=True))
        batch_op.create_index("ix_outgoing_mail_group_id_person_id", ["group_id", "person_id"], unique=False)
    with op.batch_alter_table("livestream", schema=None) as batch_op:
        batch_op.add_column(sa.Column("host_sequence", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("livestream", schema=None) as batch_op:
        batch_op.drop_column("host_sequence")
    with op.batch_alter_table("outgoing_mail", schema=None) as batch_op:
        batch_op.drop_index("ix_outgoing_mail_group_id_person_id")
        batch_op.drop_column("group_id")
    op.drop_table("mailing")
