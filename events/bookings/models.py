"""Tables of booking pages: one a person, and the addresses that they had before."""

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from events.core.db.session import Base, Ref


class BookingPage(Base):
    """What a person offers to whoever plans a coffee with them; address and whether it is open are theirs.

    `forms` and `lengths` (minutes) may be chosen from; `notice` is in hours, `horizon` in days. `at_once`:
    it stands without being asked. `greets`: visitors see name and greeting, and how to come in.
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
    """An address that somebody had before; it leads on to the present one and is nobody else's."""

    __tablename__ = "former_handle"

    handle: Mapped[str] = mapped_column(String(40), primary_key=True)
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
