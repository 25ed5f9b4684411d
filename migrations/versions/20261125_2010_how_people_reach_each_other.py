"""how people reach each other."""

import sqlalchemy as sa
from alembic import op

revision = "0002_reach"
down_revision = "0002_usual_hours"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("user") as batch_op:
        batch_op.add_column(sa.Column("phone", sa.String(length=20), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("shares_phone", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("meeting_link", sa.String(length=300), nullable=False, server_default=""))
    with op.batch_alter_table("coffee") as batch_op:
        batch_op.add_column(sa.Column("place", sa.String(length=300), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("asked", sa.String(length=10), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("asked_by_id", sa.String(length=26), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_coffee_asked_by_id_user"), "user", ["asked_by_id"], ["id"], ondelete="SET NULL"
        )
    with op.batch_alter_table("seat") as batch_op:
        batch_op.add_column(sa.Column("phone", sa.String(length=20), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("seat") as batch_op:
        batch_op.drop_column("phone")
    with op.batch_alter_table("coffee") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_coffee_asked_by_id_user"), type_="foreignkey")
        batch_op.drop_column("asked_by_id")
        batch_op.drop_column("asked")
        batch_op.drop_column("place")
    with op.batch_alter_table("user") as batch_op:
        batch_op.drop_column("meeting_link")
        batch_op.drop_column("shares_phone")
        batch_op.drop_column("phone")
