"""How many combinations were tried by hand in a draft."""

import sqlalchemy as sa
from alembic import op

revision = "0021_tries_of_drafts"
down_revision = "0020_index_foreign_keys"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tries", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.drop_column("tries")
