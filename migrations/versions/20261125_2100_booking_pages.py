"""booking pages."""

import sqlalchemy as sa
from alembic import op

revision = "0006_booking_pages"
down_revision = "0006_circle_breaks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("user") as batch_op:
        batch_op.add_column(sa.Column("handle", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("takes_bookings", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.create_unique_constraint(batch_op.f("uq_user_handle"), ["handle"])
    op.create_table(
        "booking_page",
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("forms", sa.JSON(), nullable=False),
        sa.Column("lengths", sa.JSON(), nullable=False),
        sa.Column("notice", sa.Integer(), nullable=False),
        sa.Column("horizon", sa.Integer(), nullable=False),
        sa.Column("at_once", sa.Boolean(), nullable=False),
        sa.Column("greets", sa.Boolean(), nullable=False),
        sa.Column("greeting", sa.String(length=240), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_booking_page_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_booking_page")),
    )
    op.create_table(
        "former_handle",
        sa.Column("handle", sa.String(length=40), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_former_handle_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("handle", name=op.f("pk_former_handle")),
    )
    with op.batch_alter_table("former_handle") as batch_op:
        batch_op.create_index(batch_op.f("ix_former_handle_user_id"), ["user_id"])


def downgrade() -> None:
    op.drop_table("former_handle")
    op.drop_table("booking_page")
    with op.batch_alter_table("user") as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_user_handle"), type_="unique")
        batch_op.drop_column("takes_bookings")
        batch_op.drop_column("handle")
