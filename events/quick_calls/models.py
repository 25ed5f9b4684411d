"""Table of offers to talk now, read by their own person only and deleted after a day."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from events.core.db.session import Base, Id, Ref


class QuickCallOffer(Base):
    """`until`: end of the offer, earlier when stopped. `looking_at`: last request of the open page.

    `coffee_id`: the coffee that came of it.
    """

    __tablename__ = "quick_call_offer"
    __table_args__ = (Index(None, "circle_id", "until"),)

    id: Mapped[Id]
    circle_id: Mapped[Ref] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    since: Mapped[datetime] = mapped_column(index=True)
    until: Mapped[datetime]
    looking_at: Mapped[datetime]
    coffee_id: Mapped[str | None] = mapped_column(ForeignKey("coffee.id", ondelete="SET NULL"), index=True)
