"""invitations between people."""

import sqlalchemy as sa
from alembic import op

revision = "0003_invitations"
down_revision = "0005_feeds"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("user") as batch_op:
        batch_op.add_column(sa.Column("welcomes", sa.String(length=10), nullable=False, server_default="all"))
    with op.batch_alter_table("coffee") as batch_op:
        batch_op.add_column(sa.Column("invited_by_id", sa.String(length=26), nullable=True))
        batch_op.create_index(batch_op.f("ix_coffee_invited_by_id"), ["invited_by_id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_coffee_invited_by_id_user"), "user", ["invited_by_id"], ["id"], ondelete="SET NULL"
        )
    with op.batch_alter_table("seat") as batch_op:
        batch_op.add_column(sa.Column("delivered", sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade() -> None:
    with op.batch_alter_table("seat") as batch_op:
        batch_op.drop_column("delivered")
    with op.batch_alter_table("coffee") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_coffee_invited_by_id_user"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_coffee_invited_by_id"))
        batch_op.drop_column("invited_by_id")
    with op.batch_alter_table("user") as batch_op:
        batch_op.drop_column("welcomes")
