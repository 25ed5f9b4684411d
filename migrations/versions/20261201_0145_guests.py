"""Add the rules of circles for guests, and guests with who brought them.

Revision ID: guests
Revises: companies
"""

import sqlalchemy as sa
from alembic import op

from events.core.db.session import UtcDateTime

revision = "guests"
down_revision = "handovers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("circle", schema=None) as batch_op:
        batch_op.add_column(sa.Column("guests_from", sa.String(10), server_default="link", nullable=False))
        batch_op.add_column(sa.Column("guests_per_member", sa.Integer(), server_default="2", nullable=True))
        batch_op.add_column(sa.Column("guest_visits", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("guest_approval", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
    op.create_table(
        "guest",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("livestream_id", sa.String(26), nullable=False),
        sa.Column("user_id", sa.String(26), nullable=False),
        sa.Column("invited_by_id", sa.String(26), nullable=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["livestream_id"], ["livestream.id"], name=op.f("fk_guest_livestream_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_guest_user_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["user.id"], name=op.f("fk_guest_invited_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest")),
        sa.UniqueConstraint("livestream_id", "user_id", name=op.f("uq_guest_livestream_id_user_id")),
    )
    op.create_index(op.f("ix_guest_user_id"), "guest", ["user_id"])
    op.create_index(op.f("ix_guest_invited_by_id"), "guest", ["invited_by_id"])
    op.create_index(op.f("ix_guest_livestream_id_invited_by_id"), "guest", ["livestream_id", "invited_by_id"])


def downgrade() -> None:
    op.drop_table("guest")
    with op.batch_alter_table("circle", schema=None) as batch_op:
        batch_op.drop_column("guest_approval")
        batch_op.drop_column("guest_visits")
        batch_op.drop_column("guests_per_member")
        batch_op.drop_column("guests_from")
