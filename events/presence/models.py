"""Table of stays at livestreams."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from events.core.db.session import Base, Id, Ref


class Stay(Base):
    """One tab's stay. `seen_at` moves with each heartbeat; reports merge overlapping stays.

    A stay at the `desk` counts as attendance, not as viewing.
    """

    __tablename__ = "stay"
    __table_args__ = (Index(None, "livestream_id", "user_id"),)

    id: Mapped[Id]
    livestream_id: Mapped[Ref] = mapped_column(ForeignKey("livestream.id", ondelete="CASCADE"))
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    tab: Mapped[str] = mapped_column(String(40), index=True)  # socket id
    desk: Mapped[bool] = mapped_column(default=False, server_default=false())
    entered_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
