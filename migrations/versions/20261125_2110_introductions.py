"""introductions after a coffee."""

import sqlalchemy as sa
from alembic import op

from events.core.db import UtcDateTime

revision = "0007_introductions"
down_revision = "0012_standing"
branch_labels = None
depends_on = None
PEOPLE = ("by_id", "one_id", "other_id")


def upgrade() -> None:
    op.create_table(
        "introduction",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("coffee_id", sa.String(length=26), nullable=False),
        sa.Column("circle_id", sa.String(length=26), nullable=False),
        *(sa.Column(name, sa.String(length=26), nullable=False) for name in PEOPLE),
        sa.Column("why", sa.String(length=240), nullable=False),
        sa.Column("one_answer", sa.String(length=10), nullable=False),
        sa.Column("other_answer", sa.String(length=10), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("answer_by", UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("made_id", sa.String(length=26), nullable=True),
        sa.ForeignKeyConstraint(
            ["coffee_id"], ["coffee.id"], name=op.f("fk_introduction_coffee_id_coffee"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_introduction_circle_id_circle"), ondelete="CASCADE"
        ),
        *(
            sa.ForeignKeyConstraint(
                [name], ["user.id"], name=op.f(f"fk_introduction_{name}_user"), ondelete="CASCADE"
            )
            for name in PEOPLE
        ),
        sa.ForeignKeyConstraint(
            ["made_id"], ["coffee.id"], name=op.f("fk_introduction_made_id_coffee"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_introduction")),
        sa.UniqueConstraint(
            "coffee_id", "by_id", "one_id", "other_id",
            name=op.f("uq_introduction_coffee_id_by_id_one_id_other_id"),
        ),  # fmt: skip
    )
    with op.batch_alter_table("introduction", schema=None) as batch_op:
        for name in ("one_id", "other_id"):
            batch_op.create_index(batch_op.f(f"ix_introduction_{name}"), [name], unique=False)


def downgrade() -> None:
    op.drop_table("introduction")
