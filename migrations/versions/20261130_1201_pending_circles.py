"""Circles that a visitor asked for, until the link in the mail is used."""

import sqlalchemy as sa
from alembic import op

from events.core.db import UtcDateTime

revision = "0015_pending_circles"
down_revision = "0014_consent_to_players"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pending_circle",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("user_id", sa.String(26), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("locale", sa.String(2), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("circle_id", sa.String(26), nullable=True),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_pending_circle_circle_id_circle"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_pending_circle_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending_circle")),
    )
    op.create_index(op.f("ix_pending_circle_user_id"), "pending_circle", ["user_id"], unique=False)


def downgrade() -> None:
    op.drop_table("pending_circle")
