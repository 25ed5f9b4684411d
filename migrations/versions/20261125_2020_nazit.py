"""the nazit, talks among coffees, and what a call needs to go on or to fail without anybody's fault."""

import sqlalchemy as sa
from alembic import op

from events.core.db import UtcDateTime

revision = "0002_nazit"
down_revision = "0004_busy_calendars"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "nazit",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("livestream_id", sa.String(length=26), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("next_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("opened_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["livestream_id"],
            ["livestream.id"],
            name=op.f("fk_nazit_livestream_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nazit")),
        sa.UniqueConstraint("livestream_id", name=op.f("uq_nazit_livestream_id")),
    )
    op.create_table(
        "nazit_place",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("nazit_id", sa.String(length=26), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("is_in", sa.Boolean(), nullable=False),
        sa.Column("tab", sa.String(length=40), nullable=True),
        sa.Column("seen_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("said_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["nazit_id"], ["nazit.id"], name=op.f("fk_nazit_place_nazit_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_nazit_place_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nazit_place")),
        sa.UniqueConstraint("nazit_id", "user_id", name=op.f("uq_nazit_place_nazit_id_user_id")),
    )
    with op.batch_alter_table("nazit_place") as batch_op:
        batch_op.create_index(batch_op.f("ix_nazit_place_tab"), ["tab"], unique=False)
        batch_op.create_index(batch_op.f("ix_nazit_place_user_id"), ["user_id"], unique=False)
    with op.batch_alter_table("coffee") as batch_op:
        batch_op.add_column(
            sa.Column("kind", sa.String(length=10), nullable=False, server_default="coffee")
        )
    with op.batch_alter_table("coffee") as batch_op:
        batch_op.alter_column("kind", server_default=None)
    with op.batch_alter_table("livestream") as batch_op:
        batch_op.add_column(sa.Column("nazit", sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("livestream") as batch_op:
        batch_op.alter_column("nazit", server_default=None)
    with op.batch_alter_table("call_stay") as batch_op:
        batch_op.add_column(sa.Column("more", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("trouble", sa.String(length=20), nullable=True))
    with op.batch_alter_table("call_stay") as batch_op:
        batch_op.alter_column("more", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("call_stay") as batch_op:
        batch_op.drop_column("trouble")
        batch_op.drop_column("more")
    with op.batch_alter_table("livestream") as batch_op:
        batch_op.drop_column("nazit")
    with op.batch_alter_table("coffee") as batch_op:
        batch_op.drop_column("kind")
    op.drop_table("nazit_place")
    op.drop_table("nazit")
