"""Table of stranded people. Nothing is stored about those who did not come."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from events.core.db.session import Base, Id, Ref


class Stranded(Base):
    """`looking_at`: last request for a replacement; `found_id`: the coffee that came of it."""

    __tablename__ = "stranded"
    __table_args__ = (UniqueConstraint("coffee_id", "user_id"),)

    id: Mapped[Id]
    coffee_id: Mapped[Ref] = mapped_column(ForeignKey("coffee.id", ondelete="CASCADE"))
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    circle_id: Mapped[Ref] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"), index=True)
    since: Mapped[datetime]
    looking_at: Mapped[datetime | None]
    found_id: Mapped[str | None] = mapped_column(ForeignKey("coffee.id", ondelete="SET NULL"), index=True)
