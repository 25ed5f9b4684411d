"""Tables of members who welcome newcomers, and of the coffees that came of it."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from events.core.db.session import Base, Id, Ref


class Welcomer(Base):
    """A member who agreed to have coffee with newcomers of this circle. Shown to nobody."""

    __tablename__ = "welcomer"
    __table_args__ = (UniqueConstraint("circle_id", "user_id"),)

    id: Mapped[Id]
    circle_id: Mapped[Ref] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    since: Mapped[datetime]


class Welcome(Base):
    """One welcome coffee of a newcomer and a welcomer."""

    __tablename__ = "welcome"

    coffee_id: Mapped[str] = mapped_column(ForeignKey("coffee.id", ondelete="CASCADE"), primary_key=True)
    circle_id: Mapped[Ref] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"), index=True)
    newcomer_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    welcomer_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
