"""Pure rules of time: wall time to UTC, lobby and undo windows, and sort order."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from events.core.errors import Invalid
from events.livestreams.models import AgendaItem, Livestream
from events.livestreams.rules.states import GONE, UPCOMING

LOBBY_BEFORE = timedelta(minutes=15)
UNDO_START = timedelta(minutes=2)
LATER = timedelta(minutes=10)
LATER_FROM = timedelta(hours=2)  # before the start; an earlier change of plans is an edit
MAX_DURATION_MINUTES = 600  # minutes
_ORDER = {"live": 0, "paused": 0, "lobby": 1}


def utc_of_wall_time(day: date, hour: time, zone: str) -> datetime:
    """Wall time in a zone as UTC.

    A time skipped in spring raises Invalid (`no_such_time`); a repeated one in autumn is the first.
    """
    wall = datetime.combine(day, hour.replace(tzinfo=None, fold=0))
    there = ZoneInfo(zone)
    moment = wall.replace(tzinfo=there).astimezone(UTC)
    if moment.astimezone(there).replace(tzinfo=None) != wall:
        raise Invalid("no_such_time", fields=[("hour", "no_such_time")])
    return moment


def wall_time(moment: datetime, zone: str) -> tuple[str, str]:
    """(day, hour) in a zone, in the format of date and time inputs."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local:%Y-%m-%d}", f"{local:%H:%M}"


def lobby_opens_at(livestream: Livestream) -> datetime:
    return livestream.starts_at - LOBBY_BEFORE


def later_start(livestream: Livestream, moment: datetime) -> datetime | None:
    """The start after LATER more, counted from now when it is past; None when it is not about to start."""
    if livestream.state not in UPCOMING or moment < livestream.starts_at - LATER_FROM:
        return None
    if moment <= livestream.starts_at:
        return livestream.starts_at + LATER
    return moment.replace(second=0, microsecond=0) + LATER


def return_until(livestream: Livestream, moment: datetime) -> datetime | None:
    """Until when a start can be undone; None if it no longer can."""
    began = livestream.went_live_at if livestream.state == "live" else None
    return began + UNDO_START if began is not None and moment < began + UNDO_START else None


def sort_livestreams(livestreams: Iterable[Livestream]) -> list[Livestream]:
    """Live, then lobby, then upcoming (soonest first), then past (latest first)."""

    def place(livestream: Livestream) -> tuple[int, float]:
        start = livestream.starts_at.timestamp()
        if livestream.state in GONE:
            return 3, -start
        return _ORDER.get(livestream.state, 2), start

    return sorted(livestreams, key=place)


def current_item(agenda: Iterable[AgendaItem]) -> AgendaItem | None:
    """The item that began last."""
    begun = [item for item in agenda if item.began_at is not None]
    return max(begun, key=lambda item: (item.began_at, item.position), default=None)


def next_item(agenda: Iterable[AgendaItem]) -> AgendaItem | None:
    """The first item after all that began."""
    items = list(agenda)
    last = max((item.position for item in items if item.began_at is not None), default=-1)
    return next((item for item in items if item.position > last), None)
