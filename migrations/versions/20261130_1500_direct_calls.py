"""Whether a stay in a call needs a relay, got one, and may do without."""

import sqlalchemy as sa
from alembic import op

revision = "0024_direct_calls"
down_revision = "0023_turn_checks"
branch_labels = None
depends_on = None

COLUMNS = ("relay_required", "direct", "relay_missed")


def upgrade() -> None:
    with op.batch_alter_table("call_stay") as batch:
        for name in COLUMNS:
            batch.add_column(sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table("call_stay") as batch:
        for name in COLUMNS:
            batch.drop_column(name)
