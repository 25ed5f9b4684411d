"""Add offers of a quarter of an hour now.

Revision ID: quick_calls
Revises: mail_days
"""

import sqlalchemy as sa
from alembic import op

from events.core.db.session import UtcDateTime

revision = "quick_calls"
down_revision = "invitation_declined"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quick_call_offer",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("circle_id", sa.String(length=26), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("since", UtcDateTime(timezone=True), nullable=False),
        sa.Column("until", UtcDateTime(timezone=True), nullable=False),
        sa.Column("looking_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("coffee_id", sa.String(length=26), nullable=True),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_quick_call_offer_circle_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["coffee_id"],
            ["coffee.id"],
            name=op.f("fk_quick_call_offer_coffee_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_quick_call_offer_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quick_call_offer")),
    )
    with op.batch_alter_table("quick_call_offer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_quick_call_offer_circle_id_until"), ["circle_id", "until"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_quick_call_offer_coffee_id"), ["coffee_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_quick_call_offer_since"), ["since"], unique=False)
        batch_op.create_index(batch_op.f("ix_quick_call_offer_user_id"), ["user_id"], unique=False)


def downgrade() -> None:
    op.drop_table("quick_call_offer")
