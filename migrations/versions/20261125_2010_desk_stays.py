"""the desk is there, and does not watch."""

import sqlalchemy as sa
from alembic import op

revision = "0002_desk_stays"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("stay") as table:
        table.add_column(sa.Column("desk", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("stay") as table:
        table.drop_column("desk")
