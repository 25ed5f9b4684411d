"""Whether another of the round is welcome too, when a coffee falls through."""

import sqlalchemy as sa
from alembic import op

revision = "0008_with_another"
down_revision = "0007_minutes_of_mail"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.add_column(sa.Column("with_another", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.drop_column("with_another")
