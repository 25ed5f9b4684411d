"""Table of guests at members' livestreams."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from events.accounts.models import User
from events.core.db.session import Base, Id, Ref


class Guest(Base):
    """Somebody who is no member, at one livestream, and who brought them.

    `state`: requested (a link was mailed), asked (waits for the team), accepted or declined by the team.
    Whether a guest has a place or waits for one is told by the registration.
    """

    __tablename__ = "guest"
    __table_args__ = (
        UniqueConstraint("livestream_id", "user_id"),
        Index(None, "livestream_id", "invited_by_id"),
    )

    id: Mapped[Id]
    livestream_id: Mapped[Ref] = mapped_column(ForeignKey("livestream.id", ondelete="CASCADE"))
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    invited_by_id: Mapped[str | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    state: Mapped[str] = mapped_column(String(10), default="requested")
    created_at: Mapped[datetime]
    user: Mapped[User] = relationship(foreign_keys=[user_id])
    invited_by: Mapped[User | None] = relationship(foreign_keys=[invited_by_id])
