"""what came of a coffee, a month later."""

import sqlalchemy as sa
from alembic import op

from events.core.db import UtcDateTime

revision = "0006_look_back"
down_revision = "0003_invitations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "look_back",
        sa.Column("coffee_id", sa.String(length=26), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("came", sa.String(length=20), nullable=False),
        sa.Column("quote", sa.String(length=280), nullable=False),
        sa.Column("may_quote", sa.Boolean(), nullable=False),
        sa.Column("said_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["coffee_id"], ["coffee.id"], name=op.f("fk_look_back_coffee_id_coffee"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_look_back_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("coffee_id", "user_id", name=op.f("pk_look_back")),
    )
    with op.batch_alter_table("look_back", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_look_back_user_id"), ["user_id"], unique=False)


def downgrade() -> None:
    op.drop_table("look_back")
