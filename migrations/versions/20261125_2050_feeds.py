"""personal calendar feeds."""

import sqlalchemy as sa
from alembic import op

from events.core.db import UtcDateTime

revision = "0005_feeds"
down_revision = "0005_returned"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feed",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("nonce", sa.String(length=24), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("used_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("changed_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_feed_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
        sa.UniqueConstraint("user_id", name=op.f("uq_feed_user_id")),
    )


def downgrade() -> None:
    op.drop_table("feed")
