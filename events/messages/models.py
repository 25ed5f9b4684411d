"""Tables of organisers' messages and of the people a sent one is still to be queued for."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from events.accounts.models import User
from events.circles.models import Circle
from events.core.db.session import Base, Id, Ref
from events.livestreams.models import Livestream


class Message(Base):
    """One message, a draft until it is sent; what was sent is never changed.

    `audience` is one of `rules.AUDIENCES`. `recipients` is how many people it was sent to. With
    `extends_round` sending it also keeps the coffee round open for three more days.
    """

    __tablename__ = "message"
    __table_args__ = (
        Index(None, "circle_id", "created_at"),
        Index(None, "livestream_id", "created_at"),
    )

    id: Mapped[Id]
    circle_id: Mapped[Ref] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    livestream_id: Mapped[str | None] = mapped_column(ForeignKey("livestream.id", ondelete="CASCADE"))
    author_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    audience: Mapped[str] = mapped_column(String(12))
    subject: Mapped[str] = mapped_column(String(150))
    body: Mapped[str] = mapped_column(Text)
    extends_round: Mapped[bool] = mapped_column(default=False, server_default=false())
    recipients: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None] = mapped_column(index=True)
    author: Mapped[User] = relationship()
    circle: Mapped[Circle] = relationship()
    livestream: Mapped[Livestream | None] = relationship()


class MessageRecipient(Base):
    """A person whom a sent message is for, as chosen when it was sent. Deleted once all mails are queued."""

    __tablename__ = "message_recipient"

    message_id: Mapped[Ref] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[Ref] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True
    )
