"""Tables of office hours, and of the member who spoke at a livestream."""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from events.core.db.session import Base, Id, Ref


class OfficeHour(Base):
    """One time at which a person offers to talk on after a livestream.

    It claims no time; whoever takes it gets a coffee, which does. `closes_at`: last moment to take it.
    `taken_by_id` and `coffee_id` count while that coffee is not cancelled.
    """

    __tablename__ = "office_hour"
    __table_args__ = (UniqueConstraint("livestream_id", "user_id", "starts_at"),)

    id: Mapped[Id]
    livestream_id: Mapped[Ref] = mapped_column(ForeignKey("livestream.id", ondelete="CASCADE"))
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    created_at: Mapped[datetime]
    taken_by_id: Mapped[str | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    coffee_id: Mapped[str | None] = mapped_column(ForeignKey("coffee.id", ondelete="SET NULL"), index=True)

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at) / timedelta(minutes=1))


class LivestreamSpeaker(Base):
    """The member who spoke at a livestream, named by its team; shown on its page."""

    __tablename__ = "livestream_speaker"

    livestream_id: Mapped[str] = mapped_column(
        ForeignKey("livestream.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
