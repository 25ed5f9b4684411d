"""who waited at a coffee to which nobody came."""

import sqlalchemy as sa
from alembic import op

from events.core.db import UtcDateTime

revision = "0004_stranded"
down_revision = "0002_replies"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stranded",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("coffee_id", sa.String(length=26), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("circle_id", sa.String(length=26), nullable=False),
        sa.Column("since", UtcDateTime(timezone=True), nullable=False),
        sa.Column("looking_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("found_id", sa.String(length=26), nullable=True),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_stranded_circle_id_circle"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["coffee_id"], ["coffee.id"], name=op.f("fk_stranded_coffee_id_coffee"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["found_id"], ["coffee.id"], name=op.f("fk_stranded_found_id_coffee"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_stranded_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stranded")),
        sa.UniqueConstraint("coffee_id", "user_id", name=op.f("uq_stranded_coffee_id_user_id")),
    )
    with op.batch_alter_table("stranded", schema=None) as batch_op:
        for column in ("circle_id", "found_id", "user_id"):
            batch_op.create_index(batch_op.f(f"ix_stranded_{column}"), [column], unique=False)


def downgrade() -> None:
    op.drop_table("stranded")
