"""Tables of claims, usual hours, days off, external calendars, busy times and breaks."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from events.core.db.session import Base, Id, Ref


class Claim(Base):
    """A quarter of an hour that a person is booked. The primary key prevents double booking."""

    __tablename__ = "claim"

    user_id: Mapped[str] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    quarter: Mapped[datetime] = mapped_column(primary_key=True)  # start, UTC
    holder_id: Mapped[str] = mapped_column(String(26), index=True)  # coffee id


class WeeklyHours(Base):
    """A person's usual hours: hours of the week (Monday 00:00 is 0), wall time in `zone`.

    An empty list means unknown. `before` and `after` are minutes, `notice` is hours.
    """

    __tablename__ = "weekly_hours"

    user_id: Mapped[str] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    zone: Mapped[str] = mapped_column(String(64))
    hours: Mapped[list[int]] = mapped_column(JSON, default=list)
    before: Mapped[int] = mapped_column(default=0)
    after: Mapped[int] = mapped_column(default=0)
    notice: Mapped[int] = mapped_column(default=0)


class DayOff(Base):
    """Days without coffees for a person, both ends included, in their zone."""

    __tablename__ = "day_off"

    id: Mapped[Id]
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]


class BusyCalendar(Base):
    """A private calendar of a person, read for its busy times.

    The URL is a secret: `sealed` is its encrypted form, `fingerprint` finds duplicates, and only
    `host` is shown. `notes` counts, by kind, entries that the last refresh skipped or counted as
    busy without understanding them. `read_at` is the last success, `problem` the cause of the last
    failure, `failures` the number of failures in a row, `due_at` the next refresh.
    """

    __tablename__ = "busy_calendar"
    __table_args__ = (UniqueConstraint("user_id", "fingerprint"),)

    id: Mapped[Id]
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    host: Mapped[str] = mapped_column(String(120))
    sealed: Mapped[str] = mapped_column(Text)
    fingerprint: Mapped[str] = mapped_column(String(64))
    added_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    tried_at: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(String(40), default="")
    notes: Mapped[dict[str, int]] = mapped_column(JSON, default=dict, server_default="{}")
    failures: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(index=True)


class BusyTime(Base):
    """A busy span of a calendar, without title or details."""

    __tablename__ = "busy_time"

    calendar_id: Mapped[str] = mapped_column(
        ForeignKey("busy_calendar.id", ondelete="CASCADE"), primary_key=True
    )
    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    ends_at: Mapped[datetime]


class CircleBreak(Base):
    """Days without coffees in a circle, both ends included, in its zone."""

    __tablename__ = "circle_break"

    id: Mapped[Id]
    circle_id: Mapped[Ref] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
