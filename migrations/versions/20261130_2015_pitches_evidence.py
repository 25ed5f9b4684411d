"""Add private marks of sales pitches, and evidence from the call that a coffee took place.

Revision ID: pitches_evidence
Revises: read_marks
"""

import sqlalchemy as sa
from alembic import op

revision = "pitches_evidence"
down_revision = "asked_time"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pitch_mark",
        sa.Column("coffee_id", sa.String(length=26), nullable=False),
        sa.Column("by_id", sa.String(length=26), nullable=False),
        sa.Column("about_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["coffee_id"], ["coffee.id"], name=op.f("fk_pitch_mark_coffee_id_coffee"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user.id"], name=op.f("fk_pitch_mark_by_id_user"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["about_id"], ["user.id"], name=op.f("fk_pitch_mark_about_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("coffee_id", "by_id", "about_id", name=op.f("pk_pitch_mark")),
    )
    with op.batch_alter_table("pitch_mark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pitch_mark_by_id"), ["by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pitch_mark_about_id"), ["about_id"], unique=False)
    with op.batch_alter_table("coffee", schema=None) as batch_op:
        batch_op.add_column(sa.Column("by_call", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("coffee", schema=None) as batch_op:
        batch_op.drop_column("by_call")
    op.drop_table("pitch_mark")
