"""the coffee that follows another."""

import sqlalchemy as sa
from alembic import op

revision = "0003_following"
down_revision = "0002_reach"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("coffee", schema=None) as batch_op:
        batch_op.add_column(sa.Column("follows_id", sa.String(length=26), nullable=True))
        batch_op.create_index(batch_op.f("ix_coffee_follows_id"), ["follows_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_coffee_follows_id_coffee"), "coffee", ["follows_id"], ["id"], ondelete="SET NULL"
        )


def downgrade() -> None:
    with op.batch_alter_table("coffee", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_coffee_follows_id_coffee"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_coffee_follows_id"))
        batch_op.drop_column("follows_id")
