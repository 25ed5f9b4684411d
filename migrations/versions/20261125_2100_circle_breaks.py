"""breaks of circles."""

import sqlalchemy as sa
from alembic import op

revision = "0006_circle_breaks"
down_revision = "0006_look_back"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "circle_break",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("circle_id", sa.String(length=26), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_circle_break_circle_id_circle"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circle_break")),
    )
    with op.batch_alter_table("circle_break", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_circle_break_circle_id"), ["circle_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("circle_break", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_circle_break_circle_id"))
    op.drop_table("circle_break")
