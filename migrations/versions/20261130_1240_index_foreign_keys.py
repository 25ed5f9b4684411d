"""Index every foreign key, so that neither a join nor a cascade reads a whole table."""

from alembic import op

revision = "0020_index_foreign_keys"
down_revision = "0020_job_lanes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_circle_ban_banned_by_id", "circle_ban", ["banned_by_id"])
    op.create_index("ix_circle_ban_user_id", "circle_ban", ["user_id"])
    op.create_index("ix_audit_entry_actor_id", "audit_entry", ["actor_id"])
    op.create_index("ix_call_stay_user_id", "call_stay", ["user_id"])
    op.create_index("ix_circle_slug_circle_id", "circle_slug", ["circle_id"])
    op.create_index("ix_coffee_asked_by_id", "coffee", ["asked_by_id"])
    op.create_index("ix_introduction_by_id", "introduction", ["by_id"])
    op.create_index("ix_introduction_circle_id", "introduction", ["circle_id"])
    op.create_index("ix_introduction_made_id", "introduction", ["made_id"])
    op.create_index("ix_invitation_invited_by_id", "invitation", ["invited_by_id"])
    op.create_index("ix_invitation_user_id", "invitation", ["user_id"])
    op.create_index("ix_join_request_user_id", "join_request", ["user_id"])
    op.create_index("ix_livestream_host_id", "livestream", ["host_id"])
    op.create_index("ix_livestream_slug_livestream_id", "livestream_slug", ["livestream_id"])
    op.create_index("ix_luck_user_id", "luck", ["user_id"])
    op.create_index("ix_mute_user_id", "mute", ["user_id"])
    op.create_index("ix_pending_circle_circle_id", "pending_circle", ["circle_id"])
    op.create_index("ix_poll_vote_option_id", "poll_vote", ["option_id"])
    op.create_index("ix_poll_vote_user_id", "poll_vote", ["user_id"])
    op.create_index("ix_promise_user_id", "promise", ["user_id"])
    op.create_index("ix_question_author_id", "question", ["author_id"])
    op.create_index("ix_question_vote_user_id", "question_vote", ["user_id"])
    op.create_index("ix_shared_note_changed_by_id", "shared_note", ["changed_by_id"])
    op.create_index("ix_stay_user_id", "stay", ["user_id"])


def downgrade() -> None:
    op.drop_index("ix_circle_ban_banned_by_id", "circle_ban")
    op.drop_index("ix_circle_ban_user_id", "circle_ban")
    op.drop_index("ix_audit_entry_actor_id", "audit_entry")
    op.drop_index("ix_call_stay_user_id", "call_stay")
    op.drop_index("ix_circle_slug_circle_id", "circle_slug")
    op.drop_index("ix_coffee_asked_by_id", "coffee")
    op.drop_index("ix_introduction_by_id", "introduction")
    op.drop_index("ix_introduction_circle_id", "introduction")
    op.drop_index("ix_introduction_made_id", "introduction")
    op.drop_index("ix_invitation_invited_by_id", "invitation")
    op.drop_index("ix_invitation_user_id", "invitation")
    op.drop_index("ix_join_request_user_id", "join_request")
    op.drop_index("ix_livestream_host_id", "livestream")
    op.drop_index("ix_livestream_slug_livestream_id", "livestream_slug")
    op.drop_index("ix_luck_user_id", "luck")
    op.drop_index("ix_mute_user_id", "mute")
    op.drop_index("ix_pending_circle_circle_id", "pending_circle")
    op.drop_index("ix_poll_vote_option_id", "poll_vote")
    op.drop_index("ix_poll_vote_user_id", "poll_vote")
    op.drop_index("ix_promise_user_id", "promise")
    op.drop_index("ix_question_author_id", "question")
    op.drop_index("ix_question_vote_user_id", "question_vote")
    op.drop_index("ix_shared_note_changed_by_id", "shared_note")
    op.drop_index("ix_stay_user_id", "stay")
