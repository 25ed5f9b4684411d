"""What people answer to our mails."""

import sqlalchemy as sa
from alembic import op

from events.core.db import UtcDateTime

revision = "0004_reply"
down_revision = "0002_drafts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reply",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("author_id", sa.String(length=26), nullable=False),
        sa.Column("coffee_id", sa.String(), nullable=True),
        sa.Column("circle_id", sa.String(length=26), nullable=False),
        sa.Column("about", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("suggests_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_reply_author_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["coffee_id"], ["coffee.id"], name=op.f("fk_reply_coffee_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["circle_id"], ["circle.id"], name=op.f("fk_reply_circle_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply")),
    )
    with op.batch_alter_table("reply", schema=None) as batch_op:
        for column in ("author_id", "circle_id", "coffee_id", "created_at"):
            batch_op.create_index(batch_op.f(f"ix_reply_{column}"), [column], unique=False)


def downgrade() -> None:
    op.drop_table("reply")
