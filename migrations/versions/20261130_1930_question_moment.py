"""Add to a question the second of the recording at which it was asked.

Revision ID: question_moment
Revises: endings
"""

import sqlalchemy as sa
from alembic import op

revision = "question_moment"
down_revision = "met_window"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.add_column(sa.Column("at_second", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_column("at_second")
