"""Add the circle's page: its line, logo, what visitors see, and who of the team is named.

Revision ID: circle_page
Revises: invitation_look
"""

import sqlalchemy as sa
from alembic import op

revision = "circle_page"
down_revision = "waiting_list"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("circle", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lead", sa.String(length=160), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("logo", sa.String(length=40), nullable=True))
        batch_op.add_column(
            sa.Column("shows_members_evenings", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("findable", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.create_index(batch_op.f("ix_circle_findable"), ["findable"], unique=False)
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.add_column(sa.Column("named", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(sa.text("UPDATE circle SET findable = true WHERE joining IN ('open', 'on_request')"))


def downgrade() -> None:
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_column("named")
    with op.batch_alter_table("circle", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_circle_findable"))
        batch_op.drop_column("findable")
        batch_op.drop_column("shows_members_evenings")
        batch_op.drop_column("logo")
        batch_op.drop_column("lead")
