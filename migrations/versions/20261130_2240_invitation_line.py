"""Add the team's own line in the mail of an invitation.

Revision ID: invitation_line
Revises: listing_choice
"""

import sqlalchemy as sa
from alembic import op

revision = "invitation_line"
down_revision = "listing_choice"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("circle", schema=None) as batch_op:
        batch_op.add_column(sa.Column("invitation_line", sa.String(140), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("circle", schema=None) as batch_op:
        batch_op.drop_column("invitation_line")
