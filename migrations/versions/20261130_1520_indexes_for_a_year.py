"""Indexes for the lists of a circle with thousands of members, registrations and coffees."""

from alembic import op

revision = "0025_indexes_for_a_year"
down_revision = "0024_mailings"
branch_labels = None
depends_on = None

INDEXES = (
    ("coffee", ("circle_id", "state", "starts_at")),
    ("membership", ("circle_id", "role")),
    ("registration", ("livestream_id", "state")),
)


def upgrade() -> None:
    for table, columns in INDEXES:
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))


def downgrade() -> None:
    for table, columns in INDEXES:
        op.drop_index(f"ix_{table}_{'_'.join(columns)}", table_name=table)
