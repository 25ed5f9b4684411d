"""Tables of recordings, chapters and watch progress."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from events.core.db.session import Base, Id, Ref


class Recording(Base):
    """The video of one livestream: `state` is expected, ready or broken.

    `zero_at` is the time at which second 0 of the video was live; the chat is aligned to it.
    `summary` holds at most three lines.
    """

    __tablename__ = "recording"

    id: Mapped[Id]
    livestream_id: Mapped[Ref] = mapped_column(ForeignKey("livestream.id", ondelete="CASCADE"), unique=True)
    state: Mapped[str] = mapped_column(String(20), default="expected")
    provider: Mapped[str | None] = mapped_column(String(20))
    source_ref: Mapped[str | None] = mapped_column(String(500))
    zero_at: Mapped[datetime | None]
    length: Mapped[int | None]  # seconds, as a player reported it
    summary: Mapped[str] = mapped_column(String(600), default="")
    ready_at: Mapped[datetime | None]
    announced_at: Mapped[datetime | None]  # when a director announced it by mail


class Chapter(Base):
    """A part of the recording that can be jumped to."""

    __tablename__ = "chapter"
    __table_args__ = (UniqueConstraint("recording_id", "second"),)

    id: Mapped[Id]
    recording_id: Mapped[Ref] = mapped_column(ForeignKey("recording.id", ondelete="CASCADE"))
    second: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))


class Progress(Base):
    """A person's position, in seconds. Private to that person."""

    __tablename__ = "progress"
    __table_args__ = (UniqueConstraint("recording_id", "user_id"),)

    id: Mapped[Id]
    recording_id: Mapped[Ref] = mapped_column(ForeignKey("recording.id", ondelete="CASCADE"))
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    second: Mapped[int] = mapped_column(default=0)
    furthest: Mapped[int] = mapped_column(default=0)
    finished: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime]
