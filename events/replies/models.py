"""What came back by mail: where we are in the mailbox, and what became of each mail."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from events.core.db import Base, Id

OUTCOMES = (
    "accepted", "declined", "noted", "old", "refused", "stranger", "unknown", "automatic", "apart",
)  # fmt: skip


class InboxMark(Base):
    """Up to which number the mailbox is dealt with; `validity` changes when its numbers start anew."""

    __tablename__ = "inbox_mark"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    validity: Mapped[str] = mapped_column(String(40), default="")
    last_uid: Mapped[int] = mapped_column(default=0)
    read_at: Mapped[datetime | None]


class IncomingMail(Base):
    """One mail that was dealt with, never its text. `fingerprint` lets each have its effects once.

    `outcome` is one of OUTCOMES; `apart` are those that could not be read, `detail` says why. Of a calendar's
    answer the entry and the moment of writing are kept, so that one written earlier and delivered later does
    not win.
    """

    __tablename__ = "incoming_mail"

    id: Mapped[Id]
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    outcome: Mapped[str] = mapped_column(String(20), index=True)
    detail: Mapped[str] = mapped_column(String(300), default="")
    calendar_uid: Mapped[str | None] = mapped_column(String(255), index=True)
    stamped_at: Mapped[str | None] = mapped_column(String(40))
    received_at: Mapped[datetime] = mapped_column(index=True)
