"""Add the entries of a circle's book.

Revision ID: book_entries
Revises: invitation_line
"""

import sqlalchemy as sa
from alembic import op

from events.core.db.session import UtcDateTime

revision = "book_entries"
down_revision = "invitation_line"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "book_entry",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("circle_id", sa.String(26), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("what", sa.String(80), nullable=False),
        sa.Column("note", sa.String(400), nullable=False),
        sa.Column("month", sa.Integer(), nullable=True),
        sa.Column("day", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(200), nullable=False),
        sa.Column("holder_id", sa.String(26), nullable=True),
        sa.Column("stand_in_id", sa.String(26), nullable=True),
        sa.Column("held", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("changed_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_book_entry_circle_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["user.id"], name=op.f("fk_book_entry_holder_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["stand_in_id"], ["user.id"], name=op.f("fk_book_entry_stand_in_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_book_entry")),
    )
    with op.batch_alter_table("book_entry", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_book_entry_circle_id_kind"), ["circle_id", "kind"])
        batch_op.create_index(op.f("ix_book_entry_holder_id"), ["holder_id"])
        batch_op.create_index(op.f("ix_book_entry_stand_in_id"), ["stand_in_id"])


def downgrade() -> None:
    op.drop_table("book_entry")
