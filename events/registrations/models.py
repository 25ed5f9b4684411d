"""Table of registrations for livestreams."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from events.accounts.models import User
from events.core.db.session import Base, Id, Ref
from events.livestreams.models import Livestream


class Registration(Base):
    """One person's registration, or their place on the waiting list.

    `state` is coming or withdrawn; waiting → offered → coming or lapsed; called once places go to
    whoever is first; left. `guest` means not a member when registering. `sequence` belongs to the
    person's calendar entry and rises with each withdrawal and new registration.
    """

    __tablename__ = "registration"
    __table_args__ = (UniqueConstraint("livestream_id", "user_id"), Index(None, "livestream_id", "state"))

    id: Mapped[Id]
    livestream_id: Mapped[Ref] = mapped_column(ForeignKey("livestream.id", ondelete="CASCADE"))
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(20), default="coming")
    guest: Mapped[bool] = mapped_column(default=False)
    visible: Mapped[bool] = mapped_column(default=True)  # may be named among the people who come
    sequence: Mapped[int] = mapped_column(default=0)
    waiting_since: Mapped[datetime | None]  # order of the waiting list
    answer_by: Mapped[datetime | None]  # until when the offered place is held
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    livestream: Mapped[Livestream] = relationship()
    user: Mapped[User] = relationship()
