"""Add when a member chose whether the member list shows them; nobody has been asked yet.

Revision ID: listing_choice
Revises: invitation_look
"""

import sqlalchemy as sa
from alembic import op

from events.core.db.session import UtcDateTime

revision = "listing_choice"
down_revision = "circle_page"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.add_column(sa.Column("listing_chosen_at", UtcDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_column("listing_chosen_at")
