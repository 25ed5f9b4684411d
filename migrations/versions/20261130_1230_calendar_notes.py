"""What of a calendar was not read, or counts as busy without being understood, by kind."""

import sqlalchemy as sa
from alembic import op

revision = "0018_calendar_notes"
down_revision = "0017_key_epochs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("busy_calendar", schema=None) as batch_op:
        batch_op.add_column(sa.Column("notes", sa.JSON(), server_default="{}", nullable=False))
    # Codes that are no longer given; the next reading says what is so.
    op.execute(
        "UPDATE busy_calendar SET problem = 'unreachable'"
        " WHERE problem IN ('address_private', 'too_often', 'too_many_times')"
    )


def downgrade() -> None:
    with op.batch_alter_table("busy_calendar", schema=None) as batch_op:
        batch_op.drop_column("notes")
