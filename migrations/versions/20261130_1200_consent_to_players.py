"""Which other sites' players a person lets in without being asked again."""

import sqlalchemy as sa
from alembic import op

revision = "0014_consent_to_players"
down_revision = "0008_with_another"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.add_column(sa.Column("allowed_embeds", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.drop_column("allowed_embeds")
