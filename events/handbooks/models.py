"""Table of the entries of a circle's book."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from events.accounts.models import User
from events.core.db.session import Base, Id, Ref


class BookEntry(Base):
    """One entry; `kind` is date, role or account.

    A date has a `month` and perhaps a `day`, and comes every year. A role and an account have a holder
    and perhaps a stand-in; both are members, or were. `held` stays true when the holder's account is
    deleted, so that the team still learns of it. Passwords are never part of it.
    """

    __tablename__ = "book_entry"
    __table_args__ = (Index(None, "circle_id", "kind"),)

    id: Mapped[Id]
    circle_id: Mapped[Ref] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(10))
    what: Mapped[str] = mapped_column(String(80))
    note: Mapped[str] = mapped_column(String(400), default="")
    month: Mapped[int | None]
    day: Mapped[int | None]
    address: Mapped[str] = mapped_column(String(200), default="")
    holder_id: Mapped[str | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    stand_in_id: Mapped[str | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    held: Mapped[bool] = mapped_column(default=False, server_default=false())
    changed_at: Mapped[datetime]
    holder: Mapped[User | None] = relationship(foreign_keys=[holder_id])
    stand_in: Mapped[User | None] = relationship(foreign_keys=[stand_in_id])
