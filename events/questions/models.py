"""Tables of questions and votes."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from events.accounts.models import User
from events.core.db.session import Base, Id, Ref


class Question(Base):
    """`state` is open, live (on stage), answered or hidden.

    The author of a `nameless` question is never shown. `votes` is the stored count of its votes.
    """

    __tablename__ = "question"
    __table_args__ = (UniqueConstraint("livestream_id", "author_id", "client_id"),)

    id: Mapped[Id]
    livestream_id: Mapped[Ref] = mapped_column(ForeignKey("livestream.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    client_id: Mapped[str] = mapped_column(String(64))
    body: Mapped[str] = mapped_column(String(500))
    nameless: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(20), default="open")
    answer: Mapped[str] = mapped_column(Text, default="")
    at_second: Mapped[int | None]  # of the recording, where it was asked
    votes: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    author: Mapped[User] = relationship()


class QuestionVote(Base):
    __tablename__ = "question_vote"
    __table_args__ = (UniqueConstraint("question_id", "user_id"),)

    id: Mapped[Id]
    question_id: Mapped[Ref] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"))
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
