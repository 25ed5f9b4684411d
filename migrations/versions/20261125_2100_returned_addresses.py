"""Addresses whose mail came back."""

import sqlalchemy as sa
from alembic import op

from events.core.db import UtcDateTime

revision = "0005_returned"
down_revision = "0005_details"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "returned_address",
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("last_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("suppressed_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_returned_address_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_returned_address")),
    )


def downgrade() -> None:
    op.drop_table("returned_address")
