"""Add the companies of a circle, from what its members wrote in their profiles.

Revision ID: companies
Revises: shared_links
"""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

from events.core import clock
from events.core.db.session import UtcDateTime
from events.core.ids import new_id

revision = "companies"
down_revision = "shared_links"
branch_labels = None
depends_on = None

LEGAL_FORMS = {"bv", "nv", "vof", "cv", "ltd", "gmbh"}
membership = sa.table(
    "membership", sa.column("id"), sa.column("circle_id"), sa.column("user_id"), sa.column("company_id")
)
person = sa.table("user", sa.column("id"), sa.column("company"))
company = sa.table(
    "company", sa.column("id"), sa.column("circle_id"), sa.column("key"), sa.column("name"),
    sa.column("created_at", UtcDateTime(timezone=True)),
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "company",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("circle_id", sa.String(26), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_company_circle_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company")),
        sa.UniqueConstraint("circle_id", "key", name=op.f("uq_company_circle_id_key")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.add_column(sa.Column("company_id", sa.String(26), nullable=True))
        batch_op.create_index(op.f("ix_membership_company_id"), ["company_id"])
        batch_op.create_foreign_key(
            op.f("fk_membership_company_id"), "company", ["company_id"], ["id"], ondelete="SET NULL"
        )
    _fill(op.get_bind())


def downgrade() -> None:
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_membership_company_id"), type_="foreignkey")
        batch_op.drop_index(op.f("ix_membership_company_id"))
        batch_op.drop_column("company_id")
    op.drop_table("company")


def _fill(db: sa.Connection) -> None:
    query = sa.select(membership.c.id, membership.c.circle_id, person.c.company)
    query = query.join(person, person.c.id == membership.c.user_id).where(person.c.company != "")
    known: dict[tuple[str, str], str] = {}
    for membership_id, circle_id, named in db.execute(query.order_by(membership.c.id)).all():
        key = _key(named)
        if not key:
            continue
        if (circle_id, key) not in known:
            known[circle_id, key] = new_id()
            row = {"id": known[circle_id, key], "circle_id": circle_id, "key": key, "name": named}
            db.execute(company.insert().values(**row, created_at=clock.now()))
        placed = membership.update().where(membership.c.id == membership_id)
        db.execute(placed.values(company_id=known[circle_id, key]))


def _key(name: str) -> str:
    words = re.sub(r"[.,]", "", unicodedata.normalize("NFKC", name)).casefold().split()
    return " ".join(words[:-1] if words[1:] and words[-1] in LEGAL_FORMS else words)[:80]
