"""Add coffees that are handed on to a colleague.

Revision ID: handovers
Revises: introduced_people
"""

import sqlalchemy as sa
from alembic import op

from events.core.db.session import UtcDateTime

revision = "handovers"
down_revision = "introduced_people"
branch_labels = None
depends_on = None

OWNERS = (("circle_id", "circle"), ("coffee_id", "coffee"), ("from_id", "user"), ("to_id", "user"), ("for_id", "user"))


def upgrade() -> None:
    op.create_table(
        "handover",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("circle_id", sa.String(26), nullable=False),
        sa.Column("coffee_id", sa.String(26), nullable=False),
        sa.Column("from_id", sa.String(26), nullable=False),
        sa.Column("to_id", sa.String(26), nullable=False),
        sa.Column("for_id", sa.String(26), nullable=False),
        sa.Column("company", sa.String(80), nullable=False),
        sa.Column("why", sa.String(240), nullable=False),
        sa.Column("answer", sa.String(10), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("answer_by", UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("made_id", sa.String(26), nullable=True),
        *(
            sa.ForeignKeyConstraint([own], [f"{of}.id"], name=op.f(f"fk_handover_{own}"), ondelete="CASCADE")
            for own, of in OWNERS
        ),
        sa.ForeignKeyConstraint(
            ["made_id"], ["coffee.id"], name=op.f("fk_handover_made_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
        sa.UniqueConstraint(
            "coffee_id", "from_id", "to_id", name=op.f("uq_handover_coffee_id_from_id_to_id")
        ),
    )
    with op.batch_alter_table("handover", schema=None) as batch_op:
        for column in ("circle_id", "from_id", "for_id", "made_id"):
            batch_op.create_index(op.f(f"ix_handover_{column}"), [column])
        batch_op.create_index(op.f("ix_handover_to_id_answer"), ["to_id", "answer"])
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.add_column(sa.Column("handed_to_id", sa.String(26), nullable=True))
        batch_op.create_index(op.f("ix_seat_handed_to_id"), ["handed_to_id"])
        batch_op.create_foreign_key(
            op.f("fk_seat_handed_to_id"), "user", ["handed_to_id"], ["id"], ondelete="SET NULL"
        )


def downgrade() -> None:
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_seat_handed_to_id"), type_="foreignkey")
        batch_op.drop_index(op.f("ix_seat_handed_to_id"))
        batch_op.drop_column("handed_to_id")
    op.drop_table("handover")
