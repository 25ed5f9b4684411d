"""Remove the queued job that broadcast viewer counts: every process counts for its own viewers.

Revision ID: viewer_counts
Revises: circle_country
"""

from alembic import op

revision = "viewer_counts"
down_revision = "circle_country"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM job WHERE key = 'every:presence.jobs.broadcast_viewer_counts'")


def downgrade() -> None:
    """The job is planned anew by itself."""
