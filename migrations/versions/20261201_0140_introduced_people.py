"""Name the two introduced people for what they are: a partner of the coffee and a member.

Revision ID: introduced_people
Revises: companies
"""

import sqlalchemy as sa
from alembic import op

revision = "introduced_people"
down_revision = "companies"
branch_labels = None
depends_on = None

PERSON, ANSWER = sa.String(26), sa.String(10)


def upgrade() -> None:
    _rename(("one", "partner"), ("other", "member"))


def downgrade() -> None:
    _rename(("partner", "one"), ("member", "other"))


def _rename(*pairs: tuple[str, str]) -> None:
    former, new = ([pair[side] for pair in pairs] for side in (0, 1))
    with op.batch_alter_table("introduction", schema=None) as batch_op:
        batch_op.drop_constraint(_unique(former), type_="unique")
        for name in former:
            batch_op.drop_index(f"ix_introduction_{name}_id")
            batch_op.drop_constraint(f"fk_introduction_{name}_id", type_="foreignkey")
        for name, becomes in pairs:
            batch_op.alter_column(f"{name}_id", new_column_name=f"{becomes}_id", existing_type=PERSON)
            batch_op.alter_column(f"{name}_answer", new_column_name=f"{becomes}_answer", existing_type=ANSWER)
    with op.batch_alter_table("introduction", schema=None) as batch_op:
        batch_op.create_unique_constraint(_unique(new), ["coffee_id", "by_id", *(f"{name}_id" for name in new)])
        for name in new:
            batch_op.create_foreign_key(
                f"fk_introduction_{name}_id", "user", [f"{name}_id"], ["id"], ondelete="CASCADE"
            )
            batch_op.create_index(f"ix_introduction_{name}_id", [f"{name}_id"], unique=False)


def _unique(names: list[str]) -> str:
    return f"uq_introduction_coffee_id_by_id_{names[0]}_id_{names[1]}_id"
