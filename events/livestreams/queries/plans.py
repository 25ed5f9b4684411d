"""A livestream's plan in the format of its form, and what its evenings in a series have in common."""

from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from events.circles.models import Circle
from events.circles.rules import label_of
from events.core import clock
from events.core.calendar.public_holidays import public_holidays
from events.core.db.paging import Page, window
from events.livestreams.models import Livestream, Series
from events.livestreams.queries.closed_days import closed_days
from events.livestreams.queries.livestreams import list_agenda
from events.livestreams.rules.agenda import agenda_text
from events.livestreams.rules.schedule import wall_time
from events.livestreams.rules.sources import link_of

CHANGEABLE = ("draft", "announced")  # states in which a change to the series reaches an evening


def plan_of(db: Session, livestream: Livestream) -> dict[str, object]:
    """The values of `LivestreamForm`; None for an empty field."""
    day, hour = wall_time(livestream.starts_at, livestream.zone)
    return {
        "title": livestream.title,
        "day": day,
        "hour": hour,
        "source": link_of(livestream.provider, livestream.source_ref) or None,
        "preset": livestream.preset,
        "lead": livestream.lead or None,
        "description": livestream.description or None,
        "minutes": int((livestream.ends_at - livestream.starts_at).total_seconds() // 60),
        "audience": livestream.audience,
        "guests": "yes" if livestream.guests_allowed else "no",
        "capacity": livestream.capacity,
        "aftertalk": "yes" if livestream.aftertalk else "no",
        "auto_end": livestream.auto_end_minutes,
        "agenda": agenda_text(list_agenda(db, livestream.id)) or None,
        "host": label_of(livestream.host),
        "host_id": livestream.host_id,
    }


def local_day(livestream: Livestream) -> date:
    return livestream.starts_at.astimezone(ZoneInfo(livestream.zone)).date()


def get_series(db: Session, livestream: Livestream) -> Series | None:
    return db.get(Series, livestream.series_id) if livestream.series_id is not None else None


def list_evenings(db: Session, series: Series) -> list[Livestream]:
    """All of them, cancelled ones included, by their start."""
    query = select(Livestream).where(Livestream.series_id == series.id)
    ordered = query.order_by(Livestream.starts_at, Livestream.id)
    return list(db.scalars(ordered.options(joinedload(Livestream.circle), joinedload(Livestream.host))))


def page_of_evenings(db: Session, series: Series, number: int) -> Page[Livestream]:
    query = select(Livestream).where(Livestream.series_id == series.id)
    return Page.of(db.scalars(window(query.order_by(Livestream.starts_at, Livestream.id), number)), number)


def count_evenings(db: Session, series: Series) -> tuple[int, int]:
    """How many there are without the cancelled ones, and how many of those are still drafts."""
    query = select(
        func.count().filter(Livestream.state != "cancelled"), func.count().filter(Livestream.state == "draft")
    ).where(Livestream.series_id == series.id)
    all_, drafts = db.execute(query).one()
    return all_, drafts


def list_due_to_announce(db: Session) -> list[str]:
    """Ids of drafts of a series whose announcement is due."""
    now = clock.now()
    query = select(Livestream.id).where(
        Livestream.state == "draft", Livestream.announce_at <= now, Livestream.starts_at > now
    )
    return list(db.scalars(query.order_by(Livestream.starts_at, Livestream.id)))


def days_off(db: Session, circle: Circle, evenings: list[Livestream]) -> dict[str, str]:
    """By id of an evening still to come: "holiday" or "break", where its day is one."""
    ahead = [one for one in evenings if one.state in CHANGEABLE]
    closed = closed_days(db, circle, [local_day(one) for one in ahead])
    found: dict[str, str] = {}
    for one in ahead:
        day = local_day(one)
        if day in public_holidays(circle.country, day.year):
            found[one.id] = "holiday"
        elif day in closed:
            found[one.id] = "break"
    return found
