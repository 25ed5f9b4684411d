"""Add the goals that circles set themselves.

Revision ID: circle_goal
Revises: invitation_look
"""

import sqlalchemy as sa
from alembic import op

revision = "circle_goal"
down_revision = "messages"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "circle_goal",
        sa.Column("circle_id", sa.String(length=26), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("conversations", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_circle_goal_circle_id_circle"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("circle_id", "since", name=op.f("pk_circle_goal")),
    )


def downgrade() -> None:
    op.drop_table("circle_goal")
