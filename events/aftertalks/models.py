"""Tables of the after-talk: one row a livestream, one a participant."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from events.accounts.models import User
from events.core.db.session import Base, Id, Ref


class Aftertalk(Base):
    """Short talks right after a livestream: everyone who joined is paired at once, turn after turn.

    `state`: gathering, talking, resting or over. `turn` counts turns begun. `step` rises with every
    change of state; `next_at` is its end, None while waiting for people. Times are of the server's clock.
    """

    __tablename__ = "aftertalk"

    id: Mapped[Id]
    livestream_id: Mapped[Ref] = mapped_column(ForeignKey("livestream.id", ondelete="CASCADE"), unique=True)
    state: Mapped[str] = mapped_column(String(20), default="gathering")
    turn: Mapped[int] = mapped_column(default=0)
    step: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]  # the livestream ended


class AftertalkParticipant(Base):
    """`is_in` until they leave; `tab` is the socket of their open page.

    `seen_at`: last heartbeat or closing of that page. Absent participants are not paired.
    """

    __tablename__ = "aftertalk_participant"
    __table_args__ = (UniqueConstraint("aftertalk_id", "user_id"),)

    id: Mapped[Id]
    aftertalk_id: Mapped[Ref] = mapped_column(ForeignKey("aftertalk.id", ondelete="CASCADE"))
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    is_in: Mapped[bool] = mapped_column(default=True)
    tab: Mapped[str | None] = mapped_column(String(40), index=True)
    seen_at: Mapped[datetime | None]
    joined_at: Mapped[datetime]
    user: Mapped[User] = relationship()
