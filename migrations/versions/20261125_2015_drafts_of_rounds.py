"""drafts of rounds."""

import sqlalchemy as sa
from alembic import op

from events.core.db import UtcDateTime

revision = "0002_drafts"
down_revision = "0004_stranded"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "draft",
        sa.Column("round_id", sa.String(), nullable=False),
        sa.Column("coffees", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("planned_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_draft_round_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_draft")),
    )
    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.add_column(sa.Column("attempt", sa.Integer(), nullable=False, server_default="0"))
        batch_op.drop_constraint("uq_run_round_id_wave", type_="unique")
        batch_op.create_unique_constraint("uq_run_round_id_wave_attempt", ["round_id", "wave", "attempt"])


def downgrade() -> None:
    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.drop_constraint("uq_run_round_id_wave_attempt", type_="unique")
        batch_op.create_unique_constraint("uq_run_round_id_wave", ["round_id", "wave"])
        batch_op.drop_column("attempt")
    op.drop_table("draft")
