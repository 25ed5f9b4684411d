"""Add marks of how far each person has read a coffee's messages.

Revision ID: read_marks
Revises: question_moment
"""

import sqlalchemy as sa
from alembic import op

from events.core.db.session import UtcDateTime

revision = "read_marks"
down_revision = "quick_calls"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "read_mark",
        sa.Column("room_id", sa.String(length=26), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("mail_seq", sa.Integer(), nullable=False),
        sa.Column("mail_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["room_id"], ["room.id"], name=op.f("fk_read_mark_room_id_room"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_read_mark_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("room_id", "user_id", name=op.f("pk_read_mark")),
    )
    with op.batch_alter_table("read_mark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_read_mark_user_id"), ["user_id"], unique=False)


def downgrade() -> None:
    op.drop_table("read_mark")
