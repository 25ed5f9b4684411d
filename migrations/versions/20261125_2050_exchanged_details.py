"""details that people exchange after a coffee, and the address of a LinkedIn page."""

import sqlalchemy as sa
from alembic import op

from events.core.db import UtcDateTime

revision = "0005_details"
down_revision = "0002_nazit"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shared_details",
        sa.Column("coffee_id", sa.String(length=26), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("changed_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["coffee_id"], ["coffee.id"], name=op.f("fk_shared_details_coffee_id_coffee"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_shared_details_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("coffee_id", "user_id", name=op.f("pk_shared_details")),
    )
    with op.batch_alter_table("shared_details", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shared_details_user_id"), ["user_id"], unique=False)
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.add_column(sa.Column("linkedin", sa.String(length=200), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.drop_column("linkedin")
    op.drop_table("shared_details")
