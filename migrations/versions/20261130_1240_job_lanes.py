"""Lanes of jobs, since when one fails, the request it follows from; heartbeats of workers."""

import sqlalchemy as sa
from alembic import op

from events.core.db import UtcDateTime

revision = "0020_job_lanes"
down_revision = "0019_bans"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("job") as batch:
        batch.add_column(sa.Column("lane", sa.String(20), nullable=False, server_default="now"))
        batch.add_column(sa.Column("failing_since", UtcDateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("request_id", sa.String(20), nullable=True))
        batch.create_index("ix_job_state_lane_due_at", ["state", "lane", "due_at"])
    # A mail with a planned minute is one to many.
    op.execute("UPDATE job SET lane = 'people' WHERE name = 'core.mail.send_mail' AND state = 'waiting'")
    op.execute(
        "UPDATE job SET lane = 'bulk' WHERE state = 'waiting' AND key IN "
        "(SELECT 'mail:' || id FROM outgoing_mail WHERE state = 'waiting' AND planned_at IS NOT NULL)"
    )
    op.create_table(
        "worker_heartbeat",
        sa.Column("worker", sa.String(120), nullable=False),
        sa.Column("seen_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("worker", name=op.f("pk_worker_heartbeat")),
    )
    op.create_index(op.f("ix_worker_heartbeat_seen_at"), "worker_heartbeat", ["seen_at"], unique=False)


def downgrade() -> None:
    op.drop_table("worker_heartbeat")
    with op.batch_alter_table("job") as batch:
        batch.drop_index("ix_job_state_lane_due_at")
        batch.drop_column("request_id")
        batch.drop_column("failing_since")
        batch.drop_column("lane")
