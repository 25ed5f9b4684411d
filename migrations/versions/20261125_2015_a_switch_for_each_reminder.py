"""a switch for each reminder of a coffee."""

import sqlalchemy as sa
from alembic import op

from events.core.ids import new_id

revision = "0002_reminders"
down_revision = "0002_desk_stays"
branch_labels = None
depends_on = None

BEFORE = "coffee_reminder"
NOW = ("coffee_nudge", "coffee_day", "coffee_soon", "coffee_after")
choices = sa.table(
    "mail_choice", sa.column("id"), sa.column("user_id"), sa.column("kind"), sa.column("created_at")
)
keys = sa.table("personal_key", sa.column("purpose"), sa.column("subject_id"))


def upgrade() -> None:
    """Who wanted no reminder gets none of the four; a link in an older mail ends the first of them."""
    connection = op.get_bind()
    declined = connection.execute(sa.select(choices).where(choices.c.kind == BEFORE)).all()
    connection.execute(choices.delete().where(choices.c.kind == BEFORE))
    for row in declined:
        rows = [
            {"id": new_id(), "user_id": row.user_id, "kind": kind, "created_at": row.created_at}
            for kind in NOW
        ]
        connection.execute(choices.insert(), rows)
    old = sa.and_(keys.c.purpose == "mails", keys.c.subject_id == BEFORE)
    connection.execute(keys.update().where(old).values(subject_id="coffee_day"))


def downgrade() -> None:
    """A table without the four kinds wants those reminders."""
    op.get_bind().execute(choices.delete().where(choices.c.kind.in_(NOW)))
