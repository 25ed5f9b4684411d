"""Add office hours after a livestream, and the member who spoke at it.

Revision ID: office_hours
Revises: welcomes
"""

import sqlalchemy as sa
from alembic import op

from events.core.db.session import UtcDateTime

revision = "office_hours"
down_revision = "welcomes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "office_hour",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("livestream_id", sa.String(length=26), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("starts_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("closes_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("taken_by_id", sa.String(length=26), nullable=True),
        sa.Column("coffee_id", sa.String(length=26), nullable=True),
        sa.ForeignKeyConstraint(
            ["coffee_id"], ["coffee.id"], name=op.f("fk_office_hour_coffee_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["livestream_id"], ["livestream.id"], name=op.f("fk_office_hour_livestream_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["taken_by_id"], ["user.id"], name=op.f("fk_office_hour_taken_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_office_hour_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_hour")),
        sa.UniqueConstraint(
            "livestream_id", "user_id", "starts_at", name=op.f("uq_office_hour_livestream_id_user_id_starts_at")
        ),
    )
    with op.batch_alter_table("office_hour", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_office_hour_coffee_id"), ["coffee_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_office_hour_taken_by_id"), ["taken_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_office_hour_user_id"), ["user_id"], unique=False)
    op.create_table(
        "livestream_speaker",
        sa.Column("livestream_id", sa.String(length=26), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["livestream_id"],
            ["livestream.id"],
            name=op.f("fk_livestream_speaker_livestream_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_livestream_speaker_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("livestream_id", name=op.f("pk_livestream_speaker")),
    )
    with op.batch_alter_table("livestream_speaker", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_livestream_speaker_user_id"), ["user_id"], unique=False)


def downgrade() -> None:
    op.drop_table("livestream_speaker")
    op.drop_table("office_hour")
