"""Table of questions to a colleague to come to a coffee instead."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from events.accounts.models import User
from events.circles.models import Circle
from events.core.db.session import Base, Id, Ref


class Handover(Base):
    """One person of a coffee asks a colleague to come instead. `answer`: waiting, yes or no.

    `for_id`: the other person of the coffee, who is asked after a yes. `held`: kept from them, and to
    who asked like one without an answer. `made_id`: the coffee that came of a yes.
    """

    __tablename__ = "handover"
    __table_args__ = (UniqueConstraint("coffee_id", "from_id", "to_id"), Index(None, "to_id", "answer"))

    id: Mapped[Id]
    circle_id: Mapped[Ref] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"), index=True)
    coffee_id: Mapped[Ref] = mapped_column(ForeignKey("coffee.id", ondelete="CASCADE"))
    from_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    to_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    for_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    company: Mapped[str] = mapped_column(String(80))  # as it was named then
    why: Mapped[str] = mapped_column(String(240), default="")
    answer: Mapped[str] = mapped_column(String(10), default="waiting")
    held: Mapped[bool] = mapped_column(default=False)
    answer_by: Mapped[datetime]
    created_at: Mapped[datetime]
    made_id: Mapped[str | None] = mapped_column(ForeignKey("coffee.id", ondelete="SET NULL"), index=True)
    by: Mapped[User] = relationship(foreign_keys=from_id, lazy="joined")
    to: Mapped[User] = relationship(foreign_keys=to_id, lazy="joined")
    other: Mapped[User] = relationship(foreign_keys=for_id, lazy="joined")
    circle: Mapped[Circle] = relationship()
