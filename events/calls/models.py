"""Calls: who was in the call of a coffee and since when, as evidence that it took place."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from events.core.db.session import Base, Id, Ref


class CallStay(Base):
    """One browser in the call of a coffee. A second tab of the same person takes the place of the first.

    `epoch` counts the stays of a coffee: what two people negotiate carries the higher one of theirs, so that
    whatever was meant for an earlier page is recognised as old.
    """

    __tablename__ = "call_stay"
    __table_args__ = (Index(None, "coffee_id", "user_id"), UniqueConstraint("coffee_id", "epoch"))

    id: Mapped[Id]
    coffee_id: Mapped[Ref] = mapped_column(ForeignKey("coffee.id", ondelete="CASCADE"))
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    tab: Mapped[str] = mapped_column(String(40), index=True)  # the socket it came by
    epoch: Mapped[int]
    entered_at: Mapped[datetime]
    connected_at: Mapped[datetime | None]  # media flowed
    left_at: Mapped[datetime | None]
    more: Mapped[int] = mapped_column(default=0)  # how many times ten minutes this person agreed to
    relay_required: Mapped[bool] = mapped_column(default=False)  # no address of theirs, unless they agree
    direct: Mapped[bool] = mapped_column(
        default=False
    )  # agreed to a connection without a relay, for this stay
    relay_missed: Mapped[bool] = mapped_column(default=False)  # this browser got no relay
    trouble: Mapped[str | None] = mapped_column(String(20))  # what kept the call from working, nobody's fault
