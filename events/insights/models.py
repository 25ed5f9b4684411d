"""Table of the goals that circles set themselves."""

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from events.core.db.session import Base, Ref


class CircleGoal(Base):
    """How many conversations a quarter a circle aims at, from the quarter of `since` (its first day) on
    until the next row; None for no goal.
    """

    __tablename__ = "circle_goal"

    circle_id: Mapped[Ref] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"), primary_key=True)
    since: Mapped[date] = mapped_column(primary_key=True)
    conversations: Mapped[int | None]
