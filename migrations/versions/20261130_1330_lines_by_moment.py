"""Lines of a room can be found by their moment."""

from alembic import op

revision = "0022_lines_by_moment"
down_revision = "0022_held_declines"
branch_labels = None
depends_on = None

NAME = "ix_chat_entry_room_id_sent_at_seq"


def upgrade() -> None:
    op.create_index(NAME, "chat_entry", ["room_id", "sent_at", "seq"])


def downgrade() -> None:
    op.drop_index(NAME, table_name="chat_entry")
