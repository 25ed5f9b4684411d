"""Tables of livestreams, their series, their former slugs and their agenda items."""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from events.accounts.models import User
from events.circles.models import Circle
from events.core.db.session import Base, Id, Ref

STATES = ("draft", "announced", "lobby", "live", "paused", "ended", "replay", "missed", "cancelled")
AUTO_END_MINUTES = 45


class Series(Base):
    """Evenings in a rhythm; each is a livestream of its own, announced `announce_days` ahead."""

    __tablename__ = "series"

    id: Mapped[Id]
    circle_id: Mapped[Ref] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"), index=True)
    rhythm: Mapped[str] = mapped_column(String(20))
    announce_days: Mapped[int]
    created_at: Mapped[datetime]


class Livestream(Base):
    """One livestream. `audience` is members or public.

    `version` rises with every change of state or source; pages compare it. `provider` and
    `source_ref` come from the pasted link: an id for youtube and vimeo, "host/uuid" for peertube, a
    full URL for hls and mp4. `calendar_uid` and `sequence` are those of its calendar entry.
    """

    __tablename__ = "livestream"

    id: Mapped[Id]
    circle_id: Mapped[Ref] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"), index=True)
    host_id: Mapped[Ref] = mapped_column(ForeignKey("user.id"), index=True)
    slug: Mapped[str] = mapped_column(String(100), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    lead: Mapped[str] = mapped_column(String(240), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    preset: Mapped[str] = mapped_column(String(20), default="session")
    audience: Mapped[str] = mapped_column(String(20), default="members")
    guests_allowed: Mapped[bool] = mapped_column(default=True)
    capacity: Mapped[int | None]
    aftertalk: Mapped[bool] = mapped_column(default=True)  # offer after-talks at the end
    zone: Mapped[str] = mapped_column(String(64))
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    provider: Mapped[str | None] = mapped_column(String(20))
    source_ref: Mapped[str | None] = mapped_column(String(500))
    state: Mapped[str] = mapped_column(String(20), default="draft", index=True)
    # Minutes after the planned end at which it ends by itself.
    auto_end_minutes: Mapped[int] = mapped_column(default=AUTO_END_MINUTES, server_default="45")
    extended_until: Mapped[datetime | None]  # it does not end by itself before
    ended_itself: Mapped[bool] = mapped_column(default=False, server_default=false())
    held_elsewhere: Mapped[bool] = mapped_column(default=False, server_default=false())
    version: Mapped[int] = mapped_column(default=1)
    viewer_note: Mapped[str] = mapped_column(
        String(240), default=""
    )  # shown to viewers in the lobby or while paused
    cancel_note: Mapped[str] = mapped_column(String(240), default="")
    published_at: Mapped[datetime | None]
    went_live_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    calendar_uid: Mapped[str] = mapped_column(String(80), unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    # Host changes after publishing; part of the hosts' calendar sequence.
    host_sequence: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime]
    series_id: Mapped[Ref | None] = mapped_column(ForeignKey("series.id", ondelete="SET NULL"), index=True)
    own_time: Mapped[bool] = mapped_column(default=False, server_default=false())  # moved by itself
    announce_at: Mapped[datetime | None]  # when a draft of a series is published
    circle: Mapped[Circle] = relationship()
    host: Mapped[User] = relationship()

    @property
    def replays_at_its_link(self) -> bool:
        """Whether the provider keeps the video at the livestream's own URL."""
        return self.provider in {"youtube", "vimeo"}

    def at_minute(self, minute: int) -> datetime:
        """Planned time of an agenda item."""
        return self.starts_at + timedelta(minutes=minute)


class LivestreamSlug(Base):
    """A former slug, which redirects to the current one."""

    __tablename__ = "livestream_slug"

    slug: Mapped[str] = mapped_column(String(100), primary_key=True)
    livestream_id: Mapped[Ref] = mapped_column(ForeignKey("livestream.id", ondelete="CASCADE"), index=True)


class AgendaItem(Base):
    """`began_at` is set when the item becomes current."""

    __tablename__ = "agenda_item"
    __table_args__ = (UniqueConstraint("livestream_id", "position"),)

    id: Mapped[Id]
    livestream_id: Mapped[Ref] = mapped_column(ForeignKey("livestream.id", ondelete="CASCADE"))
    position: Mapped[int]
    minute: Mapped[int]  # planned minutes after the start
    title: Mapped[str] = mapped_column(String(120))
    began_at: Mapped[datetime | None]
