"""When a round closes and is published, which of its times can still be chosen, and what a coffee is worth.

Pure; it stands beside the reads because the package of the algorithm loads what the web must not load.
"""

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from events.availability.rules.slots import SATURDAY, dutch_holidays, offer_times
from events.coffees.rules import whole_hour
from events.rounds.models import USUAL_LENGTH, OptIn, Round

NOON = time(12)
EVENING_FROM = time(17)
OPEN_DAYS = 5
TIME_TO_WATCH = timedelta(hours=48)
MAX_OPEN = timedelta(days=14)
LATE_PERIOD = timedelta(days=14)  # after publication one can still say yes
LATE_NEWS_WITHIN = timedelta(days=7)  # who came late hears within this time
RUN_LEAD_TIME = timedelta(hours=1)  # the run that decides starts this long before the promised time
REPAIR_DELAY = timedelta(hours=2)  # so that those who are left shortly after each other can meet each other
MIN_NOTICE = timedelta(hours=24)  # a time found for someone lies at least this far ahead
MIN_AFTER_PUBLICATION = timedelta(days=2)  # a time of a round lies at least this far behind its publication


def closes_after(opened_at: datetime, zone: str, days: int = OPEN_DAYS) -> datetime:
    """So many days later at noon, by the circle's clock."""
    day = opened_at.astimezone(ZoneInfo(zone)).date() + timedelta(days=days)
    return _noon(day, zone)


def closes_with_recording(round_: Round, ready_at: datetime) -> datetime:
    """Who watches later has two days for it, within two weeks; never earlier than it was."""
    return max(round_.closes_at, min(ready_at + TIME_TO_WATCH, round_.opened_at + MAX_OPEN))


def published_after(closes_at: datetime, zone: str) -> datetime:
    """The next working day at noon."""
    day = closes_at.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
    while day.weekday() >= SATURDAY or day in dutch_holidays(day.year):
        day += timedelta(days=1)
    return _noon(day, zone)


def times_after(
    publish_at: datetime, zone: str, kept: Iterable[str] = (), closed: Collection[date] = frozenset()
) -> list[str]:
    """The eight starts of a round that is published then, after a break when the circle has one (`closed`);
    those of `kept` that are late enough stay."""
    fresh = [format_utc(start) for start in offer_times(publish_at, zone, closed=closed)]
    stay = [text for text in kept if parse_time(text) >= publish_at + MIN_AFTER_PUBLICATION]
    added = [text for text in fresh if text not in stay]
    return sorted((stay + added)[: max(len(fresh), len(stay))], key=parse_time)


def is_open(round_: Round, now: datetime) -> bool:
    """Whether one can say yes before the round is published."""
    return round_.state == "open" and now < round_.closes_at


def is_open_late(round_: Round, now: datetime) -> bool:
    """Whether one can still say yes afterwards: while there is a time left to meet at."""
    if round_.state != "published" or round_.published_at is None:
        return False
    return now < round_.published_at + LATE_PERIOD and bool(times_left(round_, now))


def times_left(round_: Round, now: datetime) -> list[datetime]:
    """The starts that can still be chosen."""
    return [start for start in map(parse_time, round_.times) if start >= now + MIN_NOTICE]


def within_parts(starts: Iterable[datetime], parts: Collection[str], zone: str) -> list[datetime]:
    """Those of `starts` in these parts of the day, by the circle's clock."""
    local = ZoneInfo(zone)
    return [start for start in starts if _part_of(start.astimezone(local).time()) in parts]


def longest_common(lengths: Iterable[Collection[int]]) -> int:
    """The longest meeting that suits all of them; the usual one when they share none."""
    shared = set.intersection(*(set(own) for own in lengths))
    return max(shared, default=USUAL_LENGTH)


def is_news_due(opt_in: OptIn, now: datetime) -> bool:
    """Whether this person must hear now that there is nobody, to have it by the time that they were told."""
    return opt_in.notify_by is None or opt_in.notify_by - RUN_LEAD_TIME <= now


def late_news_by(now: datetime, zone: str) -> datetime:
    return whole_hour(now + LATE_NEWS_WITHIN, zone)


def parse_time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def format_utc(start: datetime) -> str:
    """A moment as it is kept in rows: always UTC, so that equal moments are equal texts."""
    return start.astimezone(UTC).isoformat()


def _part_of(hour: time) -> str:
    if hour < NOON:
        return "morning"
    return "afternoon" if hour < EVENING_FROM else "evening"


def _noon(day: date, zone: str) -> datetime:
    return datetime.combine(day, NOON, tzinfo=ZoneInfo(zone)).astimezone(UTC)
