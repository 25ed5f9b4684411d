"""Personal keys end with their person's epoch; what is typed at sign-up is kept on the server."""

import sqlalchemy as sa
from alembic import op

from events.core.db import UtcDateTime

revision = "0017_key_epochs"
down_revision = "0016_caused_mail"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pending_sign_up",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("browser", sa.String(40), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("locale", sa.String(2), nullable=False),
        sa.Column("next", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending_sign_up")),
        sa.UniqueConstraint("email", "browser", name=op.f("uq_pending_sign_up_email_browser")),
    )
    op.create_index(op.f("ix_pending_sign_up_created_at"), "pending_sign_up", ["created_at"])
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.add_column(sa.Column("key_epoch", sa.Integer(), server_default="0", nullable=False))
    with op.batch_alter_table("personal_key", schema=None) as batch_op:
        batch_op.add_column(sa.Column("epoch", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("browser", sa.String(40), server_default="", nullable=False))
    with op.batch_alter_table("ended_right", schema=None) as batch_op:
        batch_op.add_column(sa.Column("keys_of", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("ended_right", schema=None) as batch_op:
        batch_op.drop_column("keys_of")
    with op.batch_alter_table("personal_key", schema=None) as batch_op:
        batch_op.drop_column("browser")
        batch_op.drop_column("epoch")
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.drop_column("key_epoch")
    op.drop_index(op.f("ix_pending_sign_up_created_at"), table_name="pending_sign_up")
    op.drop_table("pending_sign_up")
