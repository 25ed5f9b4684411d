"""Who waited in a call for somebody who did not come. Of who did not come nothing is kept."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from events.core.db.session import Base, Id, Ref


class Stranded(Base):
    """Someone who waited at a coffee, when they asked for another (`looking_at`), and what came of it."""

    __tablename__ = "stranded"
    __table_args__ = (UniqueConstraint("coffee_id", "user_id"),)

    id: Mapped[Id]
    coffee_id: Mapped[Ref] = mapped_column(ForeignKey("coffee.id", ondelete="CASCADE"))
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    circle_id: Mapped[Ref] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"), index=True)
    since: Mapped[datetime]
    looking_at: Mapped[datetime | None]
    found_id: Mapped[str | None] = mapped_column(ForeignKey("coffee.id", ondelete="SET NULL"), index=True)
