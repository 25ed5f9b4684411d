"""Add the setting of a circle that shows title and date behind the link of a members' livestream.

Revision ID: shared_links
Revises: series
"""

import sqlalchemy as sa
from alembic import op

revision = "shared_links"
down_revision = "series"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("circle", schema=None) as batch_op:
        batch_op.add_column(sa.Column("links_shown", sa.Boolean(), server_default=sa.true(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("circle", schema=None) as batch_op:
        batch_op.drop_column("links_shown")
