"""standing and rounds of their own."""

import sqlalchemy as sa
from alembic import op

from events.core.db import UtcDateTime

revision = "0012_standing"
down_revision = "0006_booking_pages"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.add_column(sa.Column("title", sa.String(length=120), nullable=False, server_default=""))
    with op.batch_alter_table("yes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lengths", sa.JSON(), nullable=False, server_default="[30]"))
    op.create_table(
        "standing",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("circle_id", sa.String(length=26), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("always", sa.Boolean(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("forms", sa.JSON(), nullable=False),
        sa.Column("lengths", sa.JSON(), nullable=False),
        sa.Column("paused_why", sa.String(length=10), nullable=False),
        sa.Column("paused_until", UtcDateTime(timezone=True), nullable=True),
        sa.Column("silent", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_standing_circle_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_standing_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing")),
        sa.UniqueConstraint("circle_id", "user_id", name=op.f("uq_standing_circle_id_user_id")),
    )
    with op.batch_alter_table("standing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_standing_user_id"), ["user_id"], unique=False)
    op.create_table(
        "apart",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("other_id", sa.String(), nullable=True),
        sa.Column("company", sa.String(length=80), nullable=False),
        sa.Column("why", sa.String(length=10), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_apart_user_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["other_id"], ["user.id"], name=op.f("fk_apart_other_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_apart")),
        sa.UniqueConstraint("user_id", "other_id", name=op.f("uq_apart_user_id_other_id")),
    )
    with op.batch_alter_table("apart", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_apart_other_id"), ["other_id"], unique=False)


def downgrade() -> None:
    op.drop_table("apart")
    op.drop_table("standing")
    with op.batch_alter_table("yes", schema=None) as batch_op:
        batch_op.drop_column("lengths")
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.drop_column("title")
