"""Widen the index of coffees by livestream, so that its report counts without reading rows."""

from alembic import op

revision = "coffee_occasion_index"
down_revision = "viewer_counts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("coffee", schema=None) as batch_op:
        batch_op.drop_index("ix_coffee_occasion_id")
        batch_op.create_index(
            "ix_coffee_occasion_id_state_kind_closed_at_id",
            ["occasion_id", "state", "kind", "closed_at", "id"],
            unique=False,
        )


def downgrade() -> None:
    with op.batch_alter_table("coffee", schema=None) as batch_op:
        batch_op.drop_index("ix_coffee_occasion_id_state_kind_closed_at_id")
        batch_op.create_index("ix_coffee_occasion_id", ["occasion_id"], unique=False)
