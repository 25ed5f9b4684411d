"""Table of call stays: the presence of browsers in a call, as evidence that a coffee took place."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from events.core.db.session import Base, Id, Ref


class CallStay(Base):
    """One browser in a call. A second tab of the same person replaces the first.

    `epoch` counts the stays of a coffee: two people negotiate under the higher epoch of theirs, so
    signals for an earlier page are recognised as stale. `more`: extensions this person agreed to.
    What a report counts of trouble (`browser`, `browser_version`, `network`, `trouble`) is erased after
    `rules.TECHNICAL_RETENTION`.
    """

    __tablename__ = "call_stay"
    __table_args__ = (Index(None, "coffee_id", "user_id"), UniqueConstraint("coffee_id", "epoch"))

    id: Mapped[Id]
    coffee_id: Mapped[Ref] = mapped_column(ForeignKey("coffee.id", ondelete="CASCADE"))
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    tab: Mapped[str] = mapped_column(String(40), index=True)  # socket id
    epoch: Mapped[int]
    entered_at: Mapped[datetime]
    connected_at: Mapped[datetime | None]  # media flowed
    left_at: Mapped[datetime | None]
    more: Mapped[int] = mapped_column(default=0)  # of ten minutes each
    relay_required: Mapped[bool] = mapped_column(default=False)  # addresses are hidden until both consent
    direct: Mapped[bool] = mapped_column(default=False)  # consent to a direct connection, for this stay
    relay_missed: Mapped[bool] = mapped_column(default=False)  # this browser got no relay
    trouble: Mapped[str | None] = mapped_column(String(20))  # technical failure
    browser: Mapped[str | None] = mapped_column(String(20))  # family, of `rules.BROWSERS`
    browser_version: Mapped[int | None]  # major version
    network: Mapped[str | None] = mapped_column(String(6))  # relay, direct
