"""Timeline rules of a round: when it closes and is published, and which times remain."""

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from events.availability.rules.slots import offer_times
from events.availability.rules.working_days import WorkingDays
from events.coffees.rules import waking_hour
from events.rounds.models import USUAL_LENGTH, OptIn, Round

NOON = time(12)
EVENING_FROM = time(17)
OPEN_DAYS = 5
TIME_TO_WATCH = timedelta(hours=48)
MAX_OPEN = timedelta(days=14)
EXTRA_DAYS = 3  # that an organiser may add to the time to say yes
LATE_PERIOD = timedelta(days=14)  # late opt-ins after publication
LATE_NEWS_WITHIN = timedelta(days=7)  # deadline of news for late opt-ins
RUN_LEAD_TIME = timedelta(hours=1)  # the deciding run starts this long before the deadline
REPAIR_DELAY = timedelta(hours=2)  # people left within this time are matched in one wave
MIN_NOTICE = timedelta(hours=24)  # before a start that the solver may choose
MIN_AFTER_PUBLICATION = timedelta(days=2)  # before the first start of a round


def closes_after(opened_at: datetime, zone: str, days: int = OPEN_DAYS) -> datetime:
    """Noon after `days` days, in the circle's zone."""
    day = opened_at.astimezone(ZoneInfo(zone)).date() + timedelta(days=days)
    return _noon(day, zone)


def closes_with_recording(round_: Round, ready_at: datetime) -> datetime:
    """TIME_TO_WATCH after the recording, within MAX_OPEN; never earlier than before."""
    return max(round_.closes_at, min(ready_at + TIME_TO_WATCH, round_.opened_at + MAX_OPEN))


def closes_later(round_: Round, zone: str) -> datetime:
    """Noon EXTRA_DAYS after the present closing, within MAX_OPEN."""
    day = round_.closes_at.astimezone(ZoneInfo(zone)).date() + timedelta(days=EXTRA_DAYS)
    return min(_noon(day, zone), round_.opened_at + MAX_OPEN)


def published_after(
    closes_at: datetime, zone: str, country: str, closed: Collection[date] = frozenset()
) -> datetime:
    """Noon of the next working day, in the circle's zone and country, outside its break (`closed`)."""
    week = WorkingDays(zone, country, frozenset(closed))
    return _noon(week.later(closes_at.astimezone(week.local).date(), 1), zone)


def times_after(
    publish_at: datetime,
    zone: str,
    country: str,
    kept: Iterable[str] = (),
    closed: Collection[date] = frozenset(),
) -> list[str]:
    """Eight starts on working days after publication and the circle's break (`closed`); starts of
    `kept` that are late enough stay.
    """
    fresh = [format_utc(start) for start in offer_times(publish_at, zone, country=country, closed=closed)]
    stay = [text for text in kept if parse_time(text) >= publish_at + MIN_AFTER_PUBLICATION]
    added = [text for text in fresh if text not in stay]
    return sorted((stay + added)[: max(len(fresh), len(stay))], key=parse_time)


def is_open(round_: Round, now: datetime) -> bool:
    """Opt-ins before publication."""
    return round_.state == "open" and now < round_.closes_at


def is_open_late(round_: Round, now: datetime) -> bool:
    """Opt-ins after publication, while a time is left."""
    if round_.state != "published" or round_.published_at is None:
        return False
    return now < round_.published_at + LATE_PERIOD and bool(times_left(round_, now))


def times_left(round_: Round, now: datetime) -> list[datetime]:
    return [start for start in map(parse_time, round_.times) if start >= now + MIN_NOTICE]


def within_parts(starts: Iterable[datetime], parts: Collection[str], zone: str) -> list[datetime]:
    """Starts in these parts of the day, in the circle's zone."""
    local = ZoneInfo(zone)
    return [start for start in starts if _part_of(start.astimezone(local).time()) in parts]


def longest_common(lengths: Iterable[Collection[int]]) -> int:
    """Longest length in minutes that all accept; USUAL_LENGTH without one."""
    shared = set.intersection(*(set(own) for own in lengths))
    return max(shared, default=USUAL_LENGTH)


def is_news_due(opt_in: OptIn, now: datetime) -> bool:
    """Whether this person must be told now, to keep the promised deadline."""
    return opt_in.notify_by is None or opt_in.notify_by - RUN_LEAD_TIME <= now


def late_news_by(now: datetime, zone: str) -> datetime:
    return waking_hour(now + LATE_NEWS_WITHIN, zone)


def parse_time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def format_utc(start: datetime) -> str:
    """ISO 8601 in UTC, so that equal times are equal texts in the database."""
    return start.astimezone(UTC).isoformat()


def _part_of(hour: time) -> str:
    if hour < NOON:
        return "morning"
    return "afternoon" if hour < EVENING_FROM else "evening"


def _noon(day: date, zone: str) -> datetime:
    return datetime.combine(day, NOON, tzinfo=ZoneInfo(zone)).astimezone(UTC)
