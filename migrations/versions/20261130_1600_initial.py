"""Create every table."""

import sqlalchemy as sa
from alembic import op

from events.core.db.session import UtcDateTime

revision = "initial"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "caused_mail",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("pool", sa.String(length=10), nullable=False),
        sa.Column("sender_id", sa.String(length=26), nullable=True),
        sa.Column("recipient_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=40), nullable=False),
        sa.Column("group_id", sa.String(length=26), nullable=True),
        sa.Column("sent_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caused_mail")),
    )
    with op.batch_alter_table("caused_mail", schema=None) as batch_op:
        batch_op.create_index("ix_caused_mail_group_id_sent_at", ["group_id", "sent_at"], unique=False)
        batch_op.create_index(
            "ix_caused_mail_recipient_id_sent_at", ["recipient_id", "sent_at"], unique=False
        )
        batch_op.create_index("ix_caused_mail_sender_id_sent_at", ["sender_id", "sent_at"], unique=False)

    op.create_table(
        "circle",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("joining", sa.String(length=20), nullable=False),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("colour", sa.String(length=7), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circle")),
        sa.UniqueConstraint("slug", name=op.f("uq_circle_slug")),
    )
    op.create_table(
        "inbox_mark",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("validity", sa.String(length=40), nullable=False),
        sa.Column("last_uid", sa.Integer(), nullable=False),
        sa.Column("read_at", UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_inbox_mark")),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("arguments", sa.Text(), nullable=False),
        sa.Column("lane", sa.String(length=20), server_default="now", nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("lease_until", UtcDateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failing_since", UtcDateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("request_id", sa.String(length=20), nullable=True),
        sa.Column("done_at", UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("key", name=op.f("uq_job_key")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_job_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_job_state"), ["state"], unique=False)
        batch_op.create_index("ix_job_state_lane_due_at", ["state", "lane", "due_at"], unique=False)

    op.create_table(
        "mailing",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("group_id", sa.String(length=26), nullable=False),
        sa.Column("subject_id", sa.String(length=26), nullable=False),
        sa.Column("announces", sa.Boolean(), nullable=False),
        sa.Column("sent_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailing")),
    )
    with op.batch_alter_table("mailing", schema=None) as batch_op:
        batch_op.create_index("ix_mailing_group_id_sent_at", ["group_id", "sent_at"], unique=False)

    op.create_table(
        "outgoing_mail",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("group_id", sa.String(length=26), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("dedup_key", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("planned_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("sent_at", UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_mail")),
        sa.UniqueConstraint("dedup_key", name=op.f("uq_outgoing_mail_dedup_key")),
    )
    with op.batch_alter_table("outgoing_mail", schema=None) as batch_op:
        batch_op.create_index("ix_outgoing_mail_group_id_person_id", ["group_id", "person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outgoing_mail_planned_at"), ["planned_at"], unique=False)

    op.create_table(
        "pending_sign_up",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("browser", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("next", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending_sign_up")),
        sa.UniqueConstraint("email", "browser", name=op.f("uq_pending_sign_up_email_browser")),
    )
    with op.batch_alter_table("pending_sign_up", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pending_sign_up_created_at"), ["created_at"], unique=False)

    op.create_table(
        "revocation",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("sign_in_id", sa.String(), nullable=True),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("room", sa.String(), nullable=True),
        sa.Column("keys_of", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revocation")),
    )
    with op.batch_alter_table("revocation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_revocation_at"), ["at"], unique=False)

    op.create_table(
        "room",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.String(length=26), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("pinned_seq", sa.Integer(), nullable=True),
        sa.Column("opened_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room")),
        sa.UniqueConstraint("subject_id", name=op.f("uq_room_subject_id")),
    )
    op.create_table(
        "turn_check",
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("checked_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("worked_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("url", name=op.f("pk_turn_check")),
    )
    op.create_table(
        "user",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("confirmed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("is_operator", sa.Boolean(), nullable=False),
        sa.Column("headline", sa.String(length=120), nullable=False),
        sa.Column("company", sa.String(length=80), nullable=False),
        sa.Column("photo", sa.String(length=40), nullable=True),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("languages", sa.String(length=40), nullable=False),
        sa.Column("theme", sa.String(length=5), server_default="", nullable=False),
        sa.Column("allowed_embeds", sa.Text(), server_default="", nullable=False),
        sa.Column("phone", sa.String(length=20), server_default="", nullable=False),
        sa.Column("shares_phone", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("linkedin", sa.String(length=200), server_default="", nullable=False),
        sa.Column("meeting_link", sa.String(length=300), server_default="", nullable=False),
        sa.Column("handle", sa.String(length=40), nullable=True),
        sa.Column("takes_bookings", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("welcomes", sa.String(length=10), server_default="all", nullable=False),
        sa.Column("key_epoch", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("email", name=op.f("uq_user_email")),
        sa.UniqueConstraint("handle", name=op.f("uq_user_handle")),
    )
    op.create_table(
        "worker_heartbeat",
        sa.Column("worker", sa.String(length=120), nullable=False),
        sa.Column("seen_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("worker", name=op.f("pk_worker_heartbeat")),
    )
    with op.batch_alter_table("worker_heartbeat", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_worker_heartbeat_seen_at"), ["seen_at"], unique=False)

    op.create_table(
        "audit_entry",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.String(length=26), nullable=True),
        sa.Column("what", sa.String(length=60), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["user.id"], name=op.f("fk_audit_entry_actor_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_at"), ["at"], unique=False)

    op.create_table(
        "block",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("blocker_id", sa.String(length=26), nullable=False),
        sa.Column("blocked_id", sa.String(length=26), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["blocked_id"], ["user.id"], name=op.f("fk_block_blocked_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["blocker_id"], ["user.id"], name=op.f("fk_block_blocker_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_block")),
        sa.UniqueConstraint("blocker_id", "blocked_id", name=op.f("uq_block_blocker_id_blocked_id")),
    )
    with op.batch_alter_table("block", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_block_blocked_id"), ["blocked_id"], unique=False)

    op.create_table(
        "booking_page",
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("forms", sa.JSON(), nullable=False),
        sa.Column("lengths", sa.JSON(), nullable=False),
        sa.Column("notice", sa.Integer(), nullable=False),
        sa.Column("horizon", sa.Integer(), nullable=False),
        sa.Column("at_once", sa.Boolean(), nullable=False),
        sa.Column("greets", sa.Boolean(), nullable=False),
        sa.Column("greeting", sa.String(length=240), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_booking_page_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_booking_page")),
    )
    op.create_table(
        "busy_calendar",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("host", sa.String(length=120), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("added_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("read_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("tried_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(length=40), nullable=False),
        sa.Column("notes", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_busy_calendar_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_busy_calendar")),
        sa.UniqueConstraint("user_id", "fingerprint", name=op.f("uq_busy_calendar_user_id_fingerprint")),
    )
    with op.batch_alter_table("busy_calendar", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_busy_calendar_due_at"), ["due_at"], unique=False)

    op.create_table(
        "chat_entry",
        sa.Column("room_id", sa.String(length=26), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("author_id", sa.String(length=26), nullable=False),
        sa.Column("client_id", sa.String(length=64), nullable=False),
        sa.Column("about_seq", sa.Integer(), nullable=True),
        sa.Column("reply_to_seq", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("sent_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("edited_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user.id"], name=op.f("fk_chat_entry_author_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["room_id"], ["room.id"], name=op.f("fk_chat_entry_room_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("room_id", "seq", name=op.f("pk_chat_entry")),
        sa.UniqueConstraint("id", name=op.f("uq_chat_entry_id")),
        sa.UniqueConstraint(
            "room_id", "author_id", "client_id", name=op.f("uq_chat_entry_room_id_author_id_client_id")
        ),
    )
    with op.batch_alter_table("chat_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_chat_entry_author_id"), ["author_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_chat_entry_room_id_about_seq"), ["room_id", "about_seq"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_chat_entry_room_id_sent_at_seq"), ["room_id", "sent_at", "seq"], unique=False
        )

    op.create_table(
        "circle_ban",
        sa.Column("circle_id", sa.String(length=26), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("banned_by_id", sa.String(length=26), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["banned_by_id"], ["user.id"], name=op.f("fk_circle_ban_banned_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_circle_ban_circle_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_circle_ban_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("circle_id", "user_id", name=op.f("pk_circle_ban")),
    )
    with op.batch_alter_table("circle_ban", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_circle_ban_banned_by_id"), ["banned_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_circle_ban_user_id"), ["user_id"], unique=False)

    op.create_table(
        "circle_break",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("circle_id", sa.String(length=26), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_circle_break_circle_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circle_break")),
    )
    with op.batch_alter_table("circle_break", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_circle_break_circle_id"), ["circle_id"], unique=False)

    op.create_table(
        "circle_slug",
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("circle_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_circle_slug_circle_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_circle_slug")),
    )
    with op.batch_alter_table("circle_slug", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_circle_slug_circle_id"), ["circle_id"], unique=False)

    op.create_table(
        "claim",
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("quarter", UtcDateTime(timezone=True), nullable=False),
        sa.Column("holder_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_claim_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "quarter", name=op.f("pk_claim")),
    )
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_claim_holder_id"), ["holder_id"], unique=False)

    op.create_table(
        "day_off",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_day_off_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_off")),
    )
    with op.batch_alter_table("day_off", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_day_off_user_id"), ["user_id"], unique=False)

    op.create_table(
        "exclusion",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("other_id", sa.String(length=26), nullable=True),
        sa.Column("company", sa.String(length=80), nullable=False),
        sa.Column("why", sa.String(length=10), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["other_id"], ["user.id"], name=op.f("fk_exclusion_other_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_exclusion_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exclusion")),
        sa.UniqueConstraint("user_id", "other_id", name=op.f("uq_exclusion_user_id_other_id")),
    )
    with op.batch_alter_table("exclusion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exclusion_other_id"), ["other_id"], unique=False)

    op.create_table(
        "fairness_score",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("circle_id", sa.String(length=26), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("amount", sa.Double(), nullable=False),
        sa.Column("latest", sa.Double(), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_fairness_score_circle_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_fairness_score_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fairness_score")),
        sa.UniqueConstraint("circle_id", "user_id", name=op.f("uq_fairness_score_circle_id_user_id")),
    )
    with op.batch_alter_table("fairness_score", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fairness_score_user_id"), ["user_id"], unique=False)

    op.create_table(
        "feed",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("nonce", sa.String(length=24), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("used_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("changed_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_feed_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
        sa.UniqueConstraint("user_id", name=op.f("uq_feed_user_id")),
    )
    op.create_table(
        "former_handle",
        sa.Column("handle", sa.String(length=40), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_former_handle_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("handle", name=op.f("pk_former_handle")),
    )
    with op.batch_alter_table("former_handle", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_former_handle_user_id"), ["user_id"], unique=False)

    op.create_table(
        "incoming_mail",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("detail", sa.String(length=300), nullable=False),
        sa.Column("calendar_uid", sa.String(length=255), nullable=True),
        sa.Column("stamped_at", sa.String(length=40), nullable=True),
        sa.Column("received_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["user.id"], name=op.f("fk_incoming_mail_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_mail")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_incoming_mail_fingerprint")),
    )
    with op.batch_alter_table("incoming_mail", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incoming_mail_calendar_uid"), ["calendar_uid"], unique=False)
        batch_op.create_index(batch_op.f("ix_incoming_mail_outcome"), ["outcome"], unique=False)
        batch_op.create_index(batch_op.f("ix_incoming_mail_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_incoming_mail_received_at"), ["received_at"], unique=False)

    op.create_table(
        "invitation",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("circle_id", sa.String(length=26), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("invited_by_id", sa.String(length=26), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=80), server_default="", nullable=False),
        sa.Column("company", sa.String(length=80), server_default="", nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_invitation_circle_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["user.id"], name=op.f("fk_invitation_invited_by_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_invitation_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("circle_id", "user_id", name=op.f("uq_invitation_circle_id_user_id")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_invited_by_id"), ["invited_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitation_user_id"), ["user_id"], unique=False)

    op.create_table(
        "join_request",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("circle_id", sa.String(length=26), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_join_request_circle_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_join_request_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_join_request")),
        sa.UniqueConstraint("circle_id", "user_id", name=op.f("uq_join_request_circle_id_user_id")),
    )
    with op.batch_alter_table("join_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_join_request_user_id"), ["user_id"], unique=False)

    op.create_table(
        "livestream",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("circle_id", sa.String(length=26), nullable=False),
        sa.Column("host_id", sa.String(length=26), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("lead", sa.String(length=240), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("preset", sa.String(length=20), nullable=False),
        sa.Column("audience", sa.String(length=20), nullable=False),
        sa.Column("guests_allowed", sa.Boolean(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("aftertalk", sa.Boolean(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("starts_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=True),
        sa.Column("source_ref", sa.String(length=500), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("viewer_note", sa.String(length=240), nullable=False),
        sa.Column("cancel_note", sa.String(length=240), nullable=False),
        sa.Column("published_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("went_live_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("calendar_uid", sa.String(length=80), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("host_sequence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_livestream_circle_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["host_id"], ["user.id"], name=op.f("fk_livestream_host_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_livestream")),
        sa.UniqueConstraint("calendar_uid", name=op.f("uq_livestream_calendar_uid")),
        sa.UniqueConstraint("slug", name=op.f("uq_livestream_slug")),
    )
    with op.batch_alter_table("livestream", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_livestream_circle_id"), ["circle_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_livestream_host_id"), ["host_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_livestream_starts_at"), ["starts_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_livestream_state"), ["state"], unique=False)

    op.create_table(
        "mail_choice",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_mail_choice_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_choice")),
        sa.UniqueConstraint("user_id", "kind", name=op.f("uq_mail_choice_user_id_kind")),
    )
    op.create_table(
        "membership",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("circle_id", sa.String(length=26), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_membership_circle_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_membership_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint("circle_id", "user_id", name=op.f("uq_membership_circle_id_user_id")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_circle_id_role"), ["circle_id", "role"], unique=False)
        batch_op.create_index(batch_op.f("ix_membership_user_id"), ["user_id"], unique=False)

    op.create_table(
        "mute",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("room_id", sa.String(length=26), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("until", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_mute_room_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_mute_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mute")),
        sa.UniqueConstraint("room_id", "user_id", name=op.f("uq_mute_room_id_user_id")),
    )
    with op.batch_alter_table("mute", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mute_user_id"), ["user_id"], unique=False)

    op.create_table(
        "pending_circle",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("circle_id", sa.String(length=26), nullable=True),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_pending_circle_circle_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_pending_circle_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending_circle")),
    )
    with op.batch_alter_table("pending_circle", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pending_circle_circle_id"), ["circle_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pending_circle_user_id"), ["user_id"], unique=False)

    op.create_table(
        "personal_key",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.String(length=40), nullable=False),
        sa.Column("nonce", sa.String(length=24), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("used_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("epoch", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("browser", sa.String(length=40), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_personal_key_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_key")),
        sa.UniqueConstraint(
            "user_id",
            "purpose",
            "subject_id",
            "nonce",
            name=op.f("uq_personal_key_user_id_purpose_subject_id_nonce"),
        ),
    )
    with op.batch_alter_table("personal_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_personal_key_user_id"), ["user_id"], unique=False)

    op.create_table(
        "returned_address",
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("last_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("suppressed_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_returned_address_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_returned_address")),
    )
    op.create_table(
        "round_preference",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("circle_id", sa.String(length=26), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("always", sa.Boolean(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("forms", sa.JSON(), nullable=False),
        sa.Column("lengths", sa.JSON(), nullable=False),
        sa.Column("paused_why", sa.String(length=10), nullable=False),
        sa.Column("paused_until", UtcDateTime(timezone=True), nullable=True),
        sa.Column("silent", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_round_preference_circle_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_round_preference_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_preference")),
        sa.UniqueConstraint("circle_id", "user_id", name=op.f("uq_round_preference_circle_id_user_id")),
    )
    with op.batch_alter_table("round_preference", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_round_preference_user_id"), ["user_id"], unique=False)

    op.create_table(
        "sign_in",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.Column("browser", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_sign_in_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_user_id"), ["user_id"], unique=False)

    op.create_table(
        "topic",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("circle_id", sa.String(length=26), nullable=False),
        sa.Column("name_nl", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_topic_circle_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic")),
        sa.UniqueConstraint("circle_id", "name_nl", name=op.f("uq_topic_circle_id_name_nl")),
    )
    op.create_table(
        "weekly_hours",
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("notice", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_weekly_hours_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_weekly_hours")),
    )
    op.create_table(
        "aftertalk",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("livestream_id", sa.String(length=26), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("next_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("opened_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["livestream_id"], ["livestream.id"], name=op.f("fk_aftertalk_livestream_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aftertalk")),
        sa.UniqueConstraint("livestream_id", name=op.f("uq_aftertalk_livestream_id")),
    )
    op.create_table(
        "agenda_item",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("livestream_id", sa.String(length=26), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("began_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["livestream_id"],
            ["livestream.id"],
            name=op.f("fk_agenda_item_livestream_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_item")),
        sa.UniqueConstraint("livestream_id", "position", name=op.f("uq_agenda_item_livestream_id_position")),
    )
    op.create_table(
        "busy_time",
        sa.Column("calendar_id", sa.String(length=26), nullable=False),
        sa.Column("starts_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["busy_calendar.id"], name=op.f("fk_busy_time_calendar_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("calendar_id", "starts_at", name=op.f("pk_busy_time")),
    )
    op.create_table(
        "coffee",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("circle_id", sa.String(length=26), nullable=False),
        sa.Column("round_id", sa.String(length=26), nullable=True),
        sa.Column("occasion_id", sa.String(length=26), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("starts_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=20), nullable=False),
        sa.Column("place", sa.String(length=300), server_default="", nullable=False),
        sa.Column("invited_by_id", sa.String(length=26), nullable=True),
        sa.Column("asked", sa.String(length=10), server_default="", nullable=False),
        sa.Column("asked_by_id", sa.String(length=26), nullable=True),
        sa.Column("alternatives", sa.JSON(), nullable=False),
        sa.Column("widened", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("answer_by", UtcDateTime(timezone=True), nullable=False),
        sa.Column("proposed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("closed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("follows_id", sa.String(length=26), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["user.id"], name=op.f("fk_coffee_asked_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_coffee_circle_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["follows_id"], ["coffee.id"], name=op.f("fk_coffee_follows_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["user.id"], name=op.f("fk_coffee_invited_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["occasion_id"], ["livestream.id"], name=op.f("fk_coffee_occasion_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coffee")),
    )
    with op.batch_alter_table("coffee", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_coffee_asked_by_id"), ["asked_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_coffee_circle_id"), ["circle_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_coffee_circle_id_state_starts_at"),
            ["circle_id", "state", "starts_at"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_coffee_follows_id"), ["follows_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_coffee_invited_by_id"), ["invited_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_coffee_occasion_id"), ["occasion_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_coffee_round_id"), ["round_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_coffee_starts_at"), ["starts_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_coffee_state"), ["state"], unique=False)

    op.create_table(
        "interest",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("membership_id", sa.String(length=26), nullable=False),
        sa.Column("topic_id", sa.String(length=26), nullable=False),
        sa.Column("side", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_interest_membership_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topic.id"], name=op.f("fk_interest_topic_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interest")),
        sa.UniqueConstraint(
            "membership_id", "topic_id", "side", name=op.f("uq_interest_membership_id_topic_id_side")
        ),
    )
    with op.batch_alter_table("interest", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_interest_topic_id"), ["topic_id"], unique=False)

    op.create_table(
        "livestream_slug",
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("livestream_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["livestream_id"],
            ["livestream.id"],
            name=op.f("fk_livestream_slug_livestream_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_livestream_slug")),
    )
    with op.batch_alter_table("livestream_slug", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_livestream_slug_livestream_id"), ["livestream_id"], unique=False)

    op.create_table(
        "poll",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("livestream_id", sa.String(length=26), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("opened_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("closed_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["livestream_id"], ["livestream.id"], name=op.f("fk_poll_livestream_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll")),
    )
    with op.batch_alter_table("poll", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_poll_livestream_id"), ["livestream_id"], unique=False)

    op.create_table(
        "question",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("livestream_id", sa.String(length=26), nullable=False),
        sa.Column("author_id", sa.String(length=26), nullable=False),
        sa.Column("client_id", sa.String(length=64), nullable=False),
        sa.Column("body", sa.String(length=500), nullable=False),
        sa.Column("nameless", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("asked_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("answered_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user.id"], name=op.f("fk_question_author_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["livestream_id"], ["livestream.id"], name=op.f("fk_question_livestream_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint(
            "livestream_id",
            "author_id",
            "client_id",
            name=op.f("uq_question_livestream_id_author_id_client_id"),
        ),
    )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_livestream_id"), ["livestream_id"], unique=False)

    op.create_table(
        "recording",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("livestream_id", sa.String(length=26), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=True),
        sa.Column("source_ref", sa.String(length=500), nullable=True),
        sa.Column("zero_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("length", sa.Integer(), nullable=True),
        sa.Column("summary", sa.String(length=600), nullable=False),
        sa.Column("ready_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("announced_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["livestream_id"], ["livestream.id"], name=op.f("fk_recording_livestream_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording")),
        sa.UniqueConstraint("livestream_id", name=op.f("uq_recording_livestream_id")),
    )
    op.create_table(
        "registration",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("livestream_id", sa.String(length=26), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("guest", sa.Boolean(), nullable=False),
        sa.Column("visible", sa.Boolean(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["livestream_id"],
            ["livestream.id"],
            name=op.f("fk_registration_livestream_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_registration_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration")),
        sa.UniqueConstraint("livestream_id", "user_id", name=op.f("uq_registration_livestream_id_user_id")),
    )
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_registration_livestream_id_state"), ["livestream_id", "state"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_registration_user_id"), ["user_id"], unique=False)

    op.create_table(
        "round",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("circle_id", sa.String(length=26), nullable=False),
        sa.Column("livestream_id", sa.String(length=26), nullable=True),
        sa.Column("occasion", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=120), server_default="", nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("times", sa.JSON(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("opened_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("closes_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("publish_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("published_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_round_circle_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["livestream_id"], ["livestream.id"], name=op.f("fk_round_livestream_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint("livestream_id", name=op.f("uq_round_livestream_id")),
    )
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_round_circle_id"), ["circle_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_round_state"), ["state"], unique=False)

    op.create_table(
        "stay",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("livestream_id", sa.String(length=26), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("tab", sa.String(length=40), nullable=False),
        sa.Column("desk", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("entered_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("seen_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("left_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["livestream_id"], ["livestream.id"], name=op.f("fk_stay_livestream_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_stay_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stay")),
    )
    with op.batch_alter_table("stay", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_stay_livestream_id_user_id"), ["livestream_id", "user_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_stay_tab"), ["tab"], unique=False)
        batch_op.create_index(batch_op.f("ix_stay_user_id"), ["user_id"], unique=False)

    op.create_table(
        "aftertalk_participant",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("aftertalk_id", sa.String(length=26), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("is_in", sa.Boolean(), nullable=False),
        sa.Column("tab", sa.String(length=40), nullable=True),
        sa.Column("seen_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("joined_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["aftertalk_id"],
            ["aftertalk.id"],
            name=op.f("fk_aftertalk_participant_aftertalk_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_aftertalk_participant_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aftertalk_participant")),
        sa.UniqueConstraint(
            "aftertalk_id", "user_id", name=op.f("uq_aftertalk_participant_aftertalk_id_user_id")
        ),
    )
    with op.batch_alter_table("aftertalk_participant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_aftertalk_participant_tab"), ["tab"], unique=False)
        batch_op.create_index(batch_op.f("ix_aftertalk_participant_user_id"), ["user_id"], unique=False)

    op.create_table(
        "call_stay",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("coffee_id", sa.String(length=26), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("tab", sa.String(length=40), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("entered_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("connected_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("left_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("more", sa.Integer(), nullable=False),
        sa.Column("relay_required", sa.Boolean(), nullable=False),
        sa.Column("direct", sa.Boolean(), nullable=False),
        sa.Column("relay_missed", sa.Boolean(), nullable=False),
        sa.Column("trouble", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(
            ["coffee_id"], ["coffee.id"], name=op.f("fk_call_stay_coffee_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_call_stay_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_stay")),
        sa.UniqueConstraint("coffee_id", "epoch", name=op.f("uq_call_stay_coffee_id_epoch")),
    )
    with op.batch_alter_table("call_stay", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_call_stay_coffee_id_user_id"), ["coffee_id", "user_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_call_stay_tab"), ["tab"], unique=False)
        batch_op.create_index(batch_op.f("ix_call_stay_user_id"), ["user_id"], unique=False)

    op.create_table(
        "chapter",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("recording_id", sa.String(length=26), nullable=False),
        sa.Column("second", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["recording_id"], ["recording.id"], name=op.f("fk_chapter_recording_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chapter")),
        sa.UniqueConstraint("recording_id", "second", name=op.f("uq_chapter_recording_id_second")),
    )
    op.create_table(
        "draft",
        sa.Column("round_id", sa.String(length=26), nullable=False),
        sa.Column("coffees", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("planned_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_draft_round_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_draft")),
    )
    op.create_table(
        "introduction",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("coffee_id", sa.String(length=26), nullable=False),
        sa.Column("circle_id", sa.String(length=26), nullable=False),
        sa.Column("by_id", sa.String(length=26), nullable=False),
        sa.Column("one_id", sa.String(length=26), nullable=False),
        sa.Column("other_id", sa.String(length=26), nullable=False),
        sa.Column("why", sa.String(length=240), nullable=False),
        sa.Column("one_answer", sa.String(length=10), nullable=False),
        sa.Column("other_answer", sa.String(length=10), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("answer_by", UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("made_id", sa.String(length=26), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user.id"], name=op.f("fk_introduction_by_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_introduction_circle_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["coffee_id"], ["coffee.id"], name=op.f("fk_introduction_coffee_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["made_id"], ["coffee.id"], name=op.f("fk_introduction_made_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["one_id"], ["user.id"], name=op.f("fk_introduction_one_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["user.id"], name=op.f("fk_introduction_other_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_introduction")),
        sa.UniqueConstraint(
            "coffee_id",
            "by_id",
            "one_id",
            "other_id",
            name=op.f("uq_introduction_coffee_id_by_id_one_id_other_id"),
        ),
    )
    with op.batch_alter_table("introduction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_introduction_by_id"), ["by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_introduction_circle_id"), ["circle_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_introduction_made_id"), ["made_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_introduction_one_id"), ["one_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_introduction_other_id"), ["other_id"], unique=False)

    op.create_table(
        "look_back",
        sa.Column("coffee_id", sa.String(length=26), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("came", sa.String(length=20), nullable=False),
        sa.Column("quote", sa.String(length=280), nullable=False),
        sa.Column("may_quote", sa.Boolean(), nullable=False),
        sa.Column("answered_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["coffee_id"], ["coffee.id"], name=op.f("fk_look_back_coffee_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_look_back_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("coffee_id", "user_id", name=op.f("pk_look_back")),
    )
    with op.batch_alter_table("look_back", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_look_back_user_id"), ["user_id"], unique=False)

    op.create_table(
        "opt_in",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("round_id", sa.String(length=26), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("times", sa.JSON(), nullable=False),
        sa.Column("forms", sa.JSON(), nullable=False),
        sa.Column("lengths", sa.JSON(), server_default="[30]", nullable=False),
        sa.Column("trio", sa.Boolean(), nullable=False),
        sa.Column("on_my_mind", sa.String(length=240), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("opted_in_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("notify_by", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_opt_in_round_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_opt_in_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opt_in")),
        sa.UniqueConstraint("round_id", "user_id", name=op.f("uq_opt_in_round_id_user_id")),
    )
    with op.batch_alter_table("opt_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_opt_in_user_id"), ["user_id"], unique=False)

    op.create_table(
        "poll_option",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("poll_id", sa.String(length=26), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["poll_id"], ["poll.id"], name=op.f("fk_poll_option_poll_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_option")),
        sa.UniqueConstraint("poll_id", "position", name=op.f("uq_poll_option_poll_id_position")),
    )
    op.create_table(
        "progress",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("recording_id", sa.String(length=26), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("second", sa.Integer(), nullable=False),
        sa.Column("furthest", sa.Integer(), nullable=False),
        sa.Column("finished", sa.Boolean(), nullable=False),
        sa.Column("changed_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["recording_id"], ["recording.id"], name=op.f("fk_progress_recording_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_progress_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress")),
        sa.UniqueConstraint("recording_id", "user_id", name=op.f("uq_progress_recording_id_user_id")),
    )
    with op.batch_alter_table("progress", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_progress_user_id"), ["user_id"], unique=False)

    op.create_table(
        "promise",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("coffee_id", sa.String(length=26), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("what", sa.String(length=240), nullable=False),
        sa.Column("due_on", UtcDateTime(timezone=True), nullable=True),
        sa.Column("done_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["coffee_id"], ["coffee.id"], name=op.f("fk_promise_coffee_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_promise_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise")),
    )
    with op.batch_alter_table("promise", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_promise_coffee_id"), ["coffee_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_promise_user_id"), ["user_id"], unique=False)

    op.create_table(
        "question_vote",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("question_id", sa.String(length=26), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_question_vote_question_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_question_vote_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_vote")),
        sa.UniqueConstraint("question_id", "user_id", name=op.f("uq_question_vote_question_id_user_id")),
    )
    with op.batch_alter_table("question_vote", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_vote_user_id"), ["user_id"], unique=False)

    op.create_table(
        "reply",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("author_id", sa.String(length=26), nullable=False),
        sa.Column("coffee_id", sa.String(length=26), nullable=True),
        sa.Column("circle_id", sa.String(length=26), nullable=False),
        sa.Column("about", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("suggests_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user.id"], name=op.f("fk_reply_author_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_reply_circle_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["coffee_id"], ["coffee.id"], name=op.f("fk_reply_coffee_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply")),
    )
    with op.batch_alter_table("reply", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reply_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_reply_circle_id"), ["circle_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_reply_coffee_id"), ["coffee_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_reply_created_at"), ["created_at"], unique=False)

    op.create_table(
        "run",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("round_id", sa.String(length=26), nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), server_default="0", nullable=False),
        sa.Column("input", sa.Text(), nullable=False),
        sa.Column("output", sa.Text(), nullable=False),
        sa.Column("ran_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_run_round_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
        sa.UniqueConstraint("round_id", "wave", "attempt", name=op.f("uq_run_round_id_wave_attempt")),
    )
    op.create_table(
        "seat",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("coffee_id", sa.String(length=26), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=False),
        sa.Column("answered_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("leaves_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("delivered", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("accepts_replacement", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("on_my_mind", sa.String(length=240), nullable=False),
        sa.Column("phone", sa.String(length=20), server_default="", nullable=False),
        sa.Column("calendar_uid", sa.String(length=80), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("invited", sa.Boolean(), nullable=False),
        sa.Column("took_place", sa.Boolean(), nullable=True),
        sa.Column("worth_it", sa.Boolean(), nullable=True),
        sa.Column("again", sa.Boolean(), nullable=True),
        sa.Column("outcome_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["coffee_id"], ["coffee.id"], name=op.f("fk_seat_coffee_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_seat_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat")),
        sa.UniqueConstraint("calendar_uid", name=op.f("uq_seat_calendar_uid")),
        sa.UniqueConstraint("coffee_id", "user_id", name=op.f("uq_seat_coffee_id_user_id")),
    )
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seat_user_id"), ["user_id"], unique=False)

    op.create_table(
        "shared_details",
        sa.Column("coffee_id", sa.String(length=26), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("changed_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["coffee_id"], ["coffee.id"], name=op.f("fk_shared_details_coffee_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_shared_details_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("coffee_id", "user_id", name=op.f("pk_shared_details")),
    )
    with op.batch_alter_table("shared_details", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shared_details_user_id"), ["user_id"], unique=False)

    op.create_table(
        "shared_note",
        sa.Column("coffee_id", sa.String(length=26), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by_id", sa.String(length=26), nullable=True),
        sa.Column("changed_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["user.id"], name=op.f("fk_shared_note_changed_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["coffee_id"], ["coffee.id"], name=op.f("fk_shared_note_coffee_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("coffee_id", name=op.f("pk_shared_note")),
    )
    with op.batch_alter_table("shared_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shared_note_changed_by_id"), ["changed_by_id"], unique=False)

    op.create_table(
        "stranded",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("coffee_id", sa.String(length=26), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("circle_id", sa.String(length=26), nullable=False),
        sa.Column("since", UtcDateTime(timezone=True), nullable=False),
        sa.Column("looking_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("found_id", sa.String(length=26), nullable=True),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_stranded_circle_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["coffee_id"], ["coffee.id"], name=op.f("fk_stranded_coffee_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["found_id"], ["coffee.id"], name=op.f("fk_stranded_found_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_stranded_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stranded")),
        sa.UniqueConstraint("coffee_id", "user_id", name=op.f("uq_stranded_coffee_id_user_id")),
    )
    with op.batch_alter_table("stranded", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stranded_circle_id"), ["circle_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stranded_found_id"), ["found_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stranded_user_id"), ["user_id"], unique=False)

    op.create_table(
        "poll_vote",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("poll_id", sa.String(length=26), nullable=False),
        sa.Column("option_id", sa.String(length=26), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["option_id"], ["poll_option.id"], name=op.f("fk_poll_vote_option_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["poll_id"], ["poll.id"], name=op.f("fk_poll_vote_poll_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_poll_vote_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_vote")),
        sa.UniqueConstraint("poll_id", "user_id", name=op.f("uq_poll_vote_poll_id_user_id")),
    )
    with op.batch_alter_table("poll_vote", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_poll_vote_option_id"), ["option_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_poll_vote_user_id"), ["user_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("poll_vote", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_poll_vote_user_id"))
        batch_op.drop_index(batch_op.f("ix_poll_vote_option_id"))

    op.drop_table("poll_vote")
    with op.batch_alter_table("stranded", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stranded_user_id"))
        batch_op.drop_index(batch_op.f("ix_stranded_found_id"))
        batch_op.drop_index(batch_op.f("ix_stranded_circle_id"))

    op.drop_table("stranded")
    with op.batch_alter_table("shared_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shared_note_changed_by_id"))

    op.drop_table("shared_note")
    with op.batch_alter_table("shared_details", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shared_details_user_id"))

    op.drop_table("shared_details")
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_seat_user_id"))

    op.drop_table("seat")
    op.drop_table("run")
    with op.batch_alter_table("reply", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reply_created_at"))
        batch_op.drop_index(batch_op.f("ix_reply_coffee_id"))
        batch_op.drop_index(batch_op.f("ix_reply_circle_id"))
        batch_op.drop_index(batch_op.f("ix_reply_author_id"))

    op.drop_table("reply")
    with op.batch_alter_table("question_vote", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_vote_user_id"))

    op.drop_table("question_vote")
    with op.batch_alter_table("promise", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_promise_user_id"))
        batch_op.drop_index(batch_op.f("ix_promise_coffee_id"))

    op.drop_table("promise")
    with op.batch_alter_table("progress", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_progress_user_id"))

    op.drop_table("progress")
    op.drop_table("poll_option")
    with op.batch_alter_table("opt_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_opt_in_user_id"))

    op.drop_table("opt_in")
    with op.batch_alter_table("look_back", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_look_back_user_id"))

    op.drop_table("look_back")
    with op.batch_alter_table("introduction", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_introduction_other_id"))
        batch_op.drop_index(batch_op.f("ix_introduction_one_id"))
        batch_op.drop_index(batch_op.f("ix_introduction_made_id"))
        batch_op.drop_index(batch_op.f("ix_introduction_circle_id"))
        batch_op.drop_index(batch_op.f("ix_introduction_by_id"))

    op.drop_table("introduction")
    op.drop_table("draft")
    op.drop_table("chapter")
    with op.batch_alter_table("call_stay", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_call_stay_user_id"))
        batch_op.drop_index(batch_op.f("ix_call_stay_tab"))
        batch_op.drop_index(batch_op.f("ix_call_stay_coffee_id_user_id"))

    op.drop_table("call_stay")
    with op.batch_alter_table("aftertalk_participant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_aftertalk_participant_user_id"))
        batch_op.drop_index(batch_op.f("ix_aftertalk_participant_tab"))

    op.drop_table("aftertalk_participant")
    with op.batch_alter_table("stay", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stay_user_id"))
        batch_op.drop_index(batch_op.f("ix_stay_tab"))
        batch_op.drop_index(batch_op.f("ix_stay_livestream_id_user_id"))

    op.drop_table("stay")
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_round_state"))
        batch_op.drop_index(batch_op.f("ix_round_circle_id"))

    op.drop_table("round")
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_registration_user_id"))
        batch_op.drop_index(batch_op.f("ix_registration_livestream_id_state"))

    op.drop_table("registration")
    op.drop_table("recording")
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_livestream_id"))
        batch_op.drop_index(batch_op.f("ix_question_author_id"))

    op.drop_table("question")
    with op.batch_alter_table("poll", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_poll_livestream_id"))

    op.drop_table("poll")
    with op.batch_alter_table("livestream_slug", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_livestream_slug_livestream_id"))

    op.drop_table("livestream_slug")
    with op.batch_alter_table("interest", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_interest_topic_id"))

    op.drop_table("interest")
    with op.batch_alter_table("coffee", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_coffee_state"))
        batch_op.drop_index(batch_op.f("ix_coffee_starts_at"))
        batch_op.drop_index(batch_op.f("ix_coffee_round_id"))
        batch_op.drop_index(batch_op.f("ix_coffee_occasion_id"))
        batch_op.drop_index(batch_op.f("ix_coffee_invited_by_id"))
        batch_op.drop_index(batch_op.f("ix_coffee_follows_id"))
        batch_op.drop_index(batch_op.f("ix_coffee_circle_id_state_starts_at"))
        batch_op.drop_index(batch_op.f("ix_coffee_circle_id"))
        batch_op.drop_index(batch_op.f("ix_coffee_asked_by_id"))

    op.drop_table("coffee")
    op.drop_table("busy_time")
    op.drop_table("agenda_item")
    op.drop_table("aftertalk")
    op.drop_table("weekly_hours")
    op.drop_table("topic")
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_user_id"))

    op.drop_table("sign_in")
    with op.batch_alter_table("round_preference", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_round_preference_user_id"))

    op.drop_table("round_preference")
    op.drop_table("returned_address")
    with op.batch_alter_table("personal_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_personal_key_user_id"))

    op.drop_table("personal_key")
    with op.batch_alter_table("pending_circle", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pending_circle_user_id"))
        batch_op.drop_index(batch_op.f("ix_pending_circle_circle_id"))

    op.drop_table("pending_circle")
    with op.batch_alter_table("mute", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mute_user_id"))

    op.drop_table("mute")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_membership_user_id"))
        batch_op.drop_index(batch_op.f("ix_membership_circle_id_role"))

    op.drop_table("membership")
    op.drop_table("mail_choice")
    with op.batch_alter_table("livestream", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_livestream_state"))
        batch_op.drop_index(batch_op.f("ix_livestream_starts_at"))
        batch_op.drop_index(batch_op.f("ix_livestream_host_id"))
        batch_op.drop_index(batch_op.f("ix_livestream_circle_id"))

    op.drop_table("livestream")
    with op.batch_alter_table("join_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_join_request_user_id"))

    op.drop_table("join_request")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_user_id"))
        batch_op.drop_index(batch_op.f("ix_invitation_invited_by_id"))

    op.drop_table("invitation")
    with op.batch_alter_table("incoming_mail", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incoming_mail_received_at"))
        batch_op.drop_index(batch_op.f("ix_incoming_mail_person_id"))
        batch_op.drop_index(batch_op.f("ix_incoming_mail_outcome"))
        batch_op.drop_index(batch_op.f("ix_incoming_mail_calendar_uid"))

    op.drop_table("incoming_mail")
    with op.batch_alter_table("former_handle", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_former_handle_user_id"))

    op.drop_table("former_handle")
    op.drop_table("feed")
    with op.batch_alter_table("fairness_score", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fairness_score_user_id"))

    op.drop_table("fairness_score")
    with op.batch_alter_table("exclusion", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exclusion_other_id"))

    op.drop_table("exclusion")
    with op.batch_alter_table("day_off", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_day_off_user_id"))

    op.drop_table("day_off")
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_claim_holder_id"))

    op.drop_table("claim")
    with op.batch_alter_table("circle_slug", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_circle_slug_circle_id"))

    op.drop_table("circle_slug")
    with op.batch_alter_table("circle_break", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_circle_break_circle_id"))

    op.drop_table("circle_break")
    with op.batch_alter_table("circle_ban", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_circle_ban_user_id"))
        batch_op.drop_index(batch_op.f("ix_circle_ban_banned_by_id"))

    op.drop_table("circle_ban")
    with op.batch_alter_table("chat_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_chat_entry_room_id_sent_at_seq"))
        batch_op.drop_index(batch_op.f("ix_chat_entry_room_id_about_seq"))
        batch_op.drop_index(batch_op.f("ix_chat_entry_author_id"))

    op.drop_table("chat_entry")
    with op.batch_alter_table("busy_calendar", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_busy_calendar_due_at"))

    op.drop_table("busy_calendar")
    op.drop_table("booking_page")
    with op.batch_alter_table("block", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_block_blocked_id"))

    op.drop_table("block")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entry_at"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_actor_id"))

    op.drop_table("audit_entry")
    with op.batch_alter_table("worker_heartbeat", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_worker_heartbeat_seen_at"))

    op.drop_table("worker_heartbeat")
    op.drop_table("user")
    op.drop_table("turn_check")
    op.drop_table("room")
    with op.batch_alter_table("revocation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_revocation_at"))

    op.drop_table("revocation")
    with op.batch_alter_table("pending_sign_up", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pending_sign_up_created_at"))

    op.drop_table("pending_sign_up")
    with op.batch_alter_table("outgoing_mail", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outgoing_mail_planned_at"))
        batch_op.drop_index("ix_outgoing_mail_group_id_person_id")

    op.drop_table("outgoing_mail")
    with op.batch_alter_table("mailing", schema=None) as batch_op:
        batch_op.drop_index("ix_mailing_group_id_sent_at")

    op.drop_table("mailing")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index("ix_job_state_lane_due_at")
        batch_op.drop_index(batch_op.f("ix_job_state"))
        batch_op.drop_index(batch_op.f("ix_job_due_at"))

    op.drop_table("job")
    op.drop_table("inbox_mark")
    op.drop_table("circle")
    with op.batch_alter_table("caused_mail", schema=None) as batch_op:
        batch_op.drop_index("ix_caused_mail_sender_id_sent_at")
        batch_op.drop_index("ix_caused_mail_recipient_id_sent_at")
        batch_op.drop_index("ix_caused_mail_group_id_sent_at")

    op.drop_table("caused_mail")
