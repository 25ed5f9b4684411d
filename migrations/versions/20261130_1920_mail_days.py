"""Index outgoing mails by person: one mail a day.

Revision ID: mail_days
Revises: viewer_counts
"""

from alembic import op

revision = "mail_days"
down_revision = "question_moment"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_outgoing_mail_person_id_planned_at", "outgoing_mail", ["person_id", "planned_at"])


def downgrade() -> None:
    op.drop_index("ix_outgoing_mail_person_id_planned_at", "outgoing_mail")
