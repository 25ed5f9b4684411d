"""People who were removed from a circle stay out of it; an invitation keeps what was typed."""

import sqlalchemy as sa
from alembic import op

from events.core.db import UtcDateTime

revision = "0019_bans"
down_revision = "0018_calendar_notes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "circle_ban",
        sa.Column("circle_id", sa.String(26), nullable=False),
        sa.Column("user_id", sa.String(26), nullable=False),
        sa.Column("banned_by_id", sa.String(26), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_circle_ban_circle_id_circle"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_circle_ban_user_id_user"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["banned_by_id"], ["user.id"], name=op.f("fk_circle_ban_banned_by_id_user"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("circle_id", "user_id", name=op.f("pk_circle_ban")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("name", sa.String(80), server_default="", nullable=False))
        batch_op.add_column(sa.Column("company", sa.String(80), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_column("company")
        batch_op.drop_column("name")
    op.drop_table("circle_ban")
