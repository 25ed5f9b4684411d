"""Stays: when somebody was at a livestream."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from events.core.db.session import Base, Id, Ref


class Stay(Base):
    """One tab's time at a livestream. `seen_at` moves with each beat; reports merge overlapping stays.

    Whoever directs it from the `desk` was there, but is no viewer.
    """

    __tablename__ = "stay"
    __table_args__ = (Index(None, "livestream_id", "user_id"),)

    id: Mapped[Id]
    livestream_id: Mapped[Ref] = mapped_column(ForeignKey("livestream.id", ondelete="CASCADE"))
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    tab: Mapped[str] = mapped_column(String(40), index=True)  # the socket it came by
    desk: Mapped[bool] = mapped_column(default=False, server_default=false())
    entered_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
