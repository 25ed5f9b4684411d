"""A decline is held for a while before the others hear it."""

import sqlalchemy as sa
from alembic import op

from events.core.db import UtcDateTime

revision = "0022_held_declines"
down_revision = "0021_tries_of_drafts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.add_column(sa.Column("leaves_at", UtcDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.drop_column("leaves_at")
