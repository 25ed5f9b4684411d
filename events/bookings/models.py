"""Tables of booking pages and of former handles."""

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from events.core.db.session import Base, Ref


class BookingPage(Base):
    """Offer to people who plan a coffee with this person; handle and open state are on the user.

    `lengths` are in minutes, `notice` in hours, `horizon` in days. `at_once`: confirmed without asking.
    `greets`: visitors see name and greeting, and how to join.
    """

    __tablename__ = "booking_page"

    user_id: Mapped[str] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    forms: Mapped[list[str]] = mapped_column(JSON, default=lambda: ["online"])
    lengths: Mapped[list[int]] = mapped_column(JSON, default=lambda: [30])
    notice: Mapped[int] = mapped_column(default=24)
    horizon: Mapped[int] = mapped_column(default=21)
    at_once: Mapped[bool] = mapped_column(default=False)
    greets: Mapped[bool] = mapped_column(default=False)
    greeting: Mapped[str] = mapped_column(String(240), default="")


class FormerHandle(Base):
    """A former handle redirects to the present one and stays reserved for its owner."""

    __tablename__ = "former_handle"

    handle: Mapped[str] = mapped_column(String(40), primary_key=True)
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
