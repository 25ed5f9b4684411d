"""Add the country of a circle, for its public holidays."""

import sqlalchemy as sa
from alembic import op

revision = "circle_country"
down_revision = "initial"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("circle", schema=None) as batch_op:
        batch_op.add_column(sa.Column("country", sa.String(length=2), server_default="NL", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("circle", schema=None) as batch_op:
        batch_op.drop_column("country")
