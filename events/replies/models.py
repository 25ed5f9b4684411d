"""Tables of incoming mail: the position in the mailbox and the outcome of each mail."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from events.accounts.models import User
from events.circles.models import Circle
from events.core.db.session import Base, Id, Ref

OUTCOMES = (
    "accepted", "declined", "noted", "passed_on", "old", "refused", "stranger", "unknown", "automatic",
    "returned", "complaint", "apart",
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


class Reply(Base):
    """What someone wrote in answer to one of our mails, without what was quoted and without files.

    About a coffee it is for the others there; about a circle for its team, or from the team for a member.
    `files` were sent along and not passed on; `suggests_at` is a time that a calendar proposed instead.
    """

    __tablename__ = "reply"

    id: Mapped[Id]
    author_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    coffee_id: Mapped[str | None] = mapped_column(ForeignKey("coffee.id", ondelete="CASCADE"), index=True)
    circle_id: Mapped[Ref] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"), index=True)
    about: Mapped[str] = mapped_column(String(200), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    files: Mapped[int] = mapped_column(default=0)
    suggests_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(index=True)
    author: Mapped[User] = relationship()
    circle: Mapped[Circle] = relationship()
