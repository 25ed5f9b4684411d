"""Add members who welcome newcomers, and welcome coffees.

Revision ID: welcomes
Revises: read_marks
"""

import sqlalchemy as sa
from alembic import op

from events.core.db.session import UtcDateTime

revision = "welcomes"
down_revision = "pitches_evidence"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "welcomer",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("circle_id", sa.String(length=26), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("since", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_welcomer_circle_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_welcomer_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_welcomer")),
        sa.UniqueConstraint("circle_id", "user_id", name=op.f("uq_welcomer_circle_id_user_id")),
    )
    with op.batch_alter_table("welcomer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_welcomer_user_id"), ["user_id"], unique=False)
    op.create_table(
        "welcome",
        sa.Column("coffee_id", sa.String(length=26), nullable=False),
        sa.Column("circle_id", sa.String(length=26), nullable=False),
        sa.Column("newcomer_id", sa.String(length=26), nullable=False),
        sa.Column("welcomer_id", sa.String(length=26), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_welcome_circle_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["coffee_id"], ["coffee.id"], name=op.f("fk_welcome_coffee_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["newcomer_id"], ["user.id"], name=op.f("fk_welcome_newcomer_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["welcomer_id"], ["user.id"], name=op.f("fk_welcome_welcomer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("coffee_id", name=op.f("pk_welcome")),
    )
    with op.batch_alter_table("welcome", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_welcome_circle_id"), ["circle_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_welcome_newcomer_id"), ["newcomer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_welcome_welcomer_id"), ["welcomer_id"], unique=False)


def downgrade() -> None:
    op.drop_table("welcome")
    op.drop_table("welcomer")
