"""Who is busy when, one row per person and quarter of an hour; and when people are usually free."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from events.core.db.session import Base, Id, Ref


class Claim(Base):
    """A quarter of an hour that a person has given away. The primary key makes double booking impossible."""

    __tablename__ = "claim"

    user_id: Mapped[str] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    quarter: Mapped[datetime] = mapped_column(primary_key=True)  # its start, UTC
    holder_id: Mapped[str] = mapped_column(String(26), index=True)  # the coffee that took it


class WeeklyHours(Base):
    """When a person is usually free: `hours` are hours of the week (Monday 00:00 is 0), wall time in `zone`.

    A refinement: an empty list says nothing. `before` and `after` are minutes, `notice` is in hours.
    """

    __tablename__ = "weekly_hours"

    user_id: Mapped[str] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    zone: Mapped[str] = mapped_column(String(64))
    hours: Mapped[list[int]] = mapped_column(JSON, default=list)
    before: Mapped[int] = mapped_column(default=0)
    after: Mapped[int] = mapped_column(default=0)
    notice: Mapped[int] = mapped_column(default=0)


class DayOff(Base):
    """Days on which a person has no coffee, the first and the last included, by their own calendar."""

    __tablename__ = "day_off"

    id: Mapped[Id]
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]


class BusyCalendar(Base):
    """A private calendar of a person, read for its busy times.

    The address is a secret: `sealed` opens with the installation's key, `fingerprint` finds doubles, and
    `host` is all that is ever shown of it. `notes` counts by kind what the last reading left out, or took
    for busy without understanding it. `read_at` is the last reading that worked; `problem` says why the
    last one did not, `failures` how many in a row. It is read again at `due_at`.
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
    """A span in which a calendar says busy: when, and nothing else."""

    __tablename__ = "busy_time"

    calendar_id: Mapped[str] = mapped_column(
        ForeignKey("busy_calendar.id", ondelete="CASCADE"), primary_key=True
    )
    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    ends_at: Mapped[datetime]


class CircleBreak(Base):
    """Days on which a circle has no coffees, the first and the last included, by the circle's calendar."""

    __tablename__ = "circle_break"

    id: Mapped[Id]
    circle_id: Mapped[Ref] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
