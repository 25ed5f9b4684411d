"""Tables of rooms, entries, mutes and read marks. Every post, edit, deletion and pin is a numbered entry."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from events.accounts.models import User
from events.core.db.session import Base, Id, Ref


class Room(Base):
    """`name` is "livestream:<slug>" or "coffee:<id>"; `seq` is the number of the last entry.

    `pinned_seq` is the number of the pinned message, if any.
    """

    __tablename__ = "room"

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[str] = mapped_column(String(26), unique=True)
    seq: Mapped[int] = mapped_column(default=0)
    pinned_seq: Mapped[int | None]
    opened_at: Mapped[datetime]


class Entry(Base):
    """`kind` is posted, edited, deleted or pinned; the last three refer to a message by
    `about_seq`.

    The body of a posted entry is its current text: an edit replaces it, a deletion empties it, and
    `body_hash` keeps the hash of the text as sent, to recognise a resend. A pinned entry without
    `about_seq` unpins. (room, author, client_id) is unique, so a resend has one effect.
    """

    __tablename__ = "chat_entry"
    __table_args__ = (
        UniqueConstraint("room_id", "author_id", "client_id"),
        Index(None, "room_id", "about_seq"),
        Index(None, "room_id", "sent_at", "seq"),
    )

    room_id: Mapped[str] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(26), unique=True)
    kind: Mapped[str] = mapped_column(String(10))
    author_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    client_id: Mapped[str] = mapped_column(String(64))
    about_seq: Mapped[int | None]
    reply_to_seq: Mapped[int | None]
    body: Mapped[str] = mapped_column(Text, default="")
    body_hash: Mapped[str] = mapped_column(String(64), default="")
    sent_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    author: Mapped[User] = relationship()


class NewEntry(NamedTuple):
    """An entry as it was inserted: an `Entry` that no session holds, made in a fifth of the time."""

    room_id: str
    seq: int
    id: str
    kind: str
    author_id: str
    client_id: str
    about_seq: int | None
    reply_to_seq: int | None
    body: str
    body_hash: str
    sent_at: datetime


class Mute(Base):
    """A person may read but not write in a room until a time."""

    __tablename__ = "mute"
    __table_args__ = (UniqueConstraint("room_id", "user_id"),)

    id: Mapped[Id]
    room_id: Mapped[Ref] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    until: Mapped[datetime]


class ReadMark(Base):
    """How far one person has read a room that keeps this; shown to nobody else.

    `mail_seq` and `mail_at`: first entry and time of the latest mail about unread messages.
    """

    __tablename__ = "read_mark"

    room_id: Mapped[str] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[str] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    seq: Mapped[int] = mapped_column(default=0)
    mail_seq: Mapped[int] = mapped_column(default=0)
    mail_at: Mapped[datetime | None]
