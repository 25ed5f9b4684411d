"""Add series of livestreams.

Revision ID: series
Revises: waiting_list
"""

import sqlalchemy as sa
from alembic import op

from events.core.db.session import UtcDateTime

revision = "series"
down_revision = "book_entries"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "series",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("circle_id", sa.String(length=26), nullable=False),
        sa.Column("rhythm", sa.String(length=20), nullable=False),
        sa.Column("announce_days", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_series_circle_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
    )
    op.create_index(op.f("ix_series_circle_id"), "series", ["circle_id"])
    with op.batch_alter_table("livestream", schema=None) as batch_op:
        batch_op.add_column(sa.Column("series_id", sa.String(length=26), nullable=True))
        batch_op.add_column(sa.Column("own_time", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("announce_at", UtcDateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_livestream_series_id"), "series", ["series_id"], ["id"], ondelete="SET NULL"
        )
        batch_op.create_index(batch_op.f("ix_livestream_series_id"), ["series_id"])


def downgrade() -> None:
    with op.batch_alter_table("livestream", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_livestream_series_id"))
        batch_op.drop_constraint(batch_op.f("fk_livestream_series_id"), type_="foreignkey")
        batch_op.drop_column("announce_at")
        batch_op.drop_column("own_time")
        batch_op.drop_column("series_id")
    op.drop_index(op.f("ix_series_circle_id"), table_name="series")
    op.drop_table("series")
