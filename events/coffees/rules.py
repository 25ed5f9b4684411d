"""Pure rules of coffees: outcome states, deadlines, times, and grouping of reasons."""

import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations
from typing import TypeVar
from zoneinfo import ZoneInfo

from events.availability.rules.working_days import WorkingDays

ANSWER_DAYS = 2  # working days, until noon
INVITATION_DAYS = 5  # working days
INVITATION_NOTICE = timedelta(days=2)  # before the first proposed time
MIN_NOTICE = timedelta(hours=2)  # before a newly chosen time
OFFERED_AHEAD = timedelta(days=21)  # horizon of offered times
MAX_AHEAD = timedelta(days=60)  # of any coffee
MIN_AUTO_CONFIRM_DELAY, MAX_AUTO_CONFIRM_DELAY = timedelta(minutes=2), timedelta(minutes=30)
CALL_OPENS = timedelta(minutes=15)  # before the start
CALL_CLOSES = timedelta(minutes=60)  # after the end
AUTO_CLOSE_AFTER = timedelta(days=7)  # closed without a reported outcome
DECLINE_DELAY = timedelta(minutes=10)  # undo is possible until then
REPLACEMENT_NEWS_WITHIN = timedelta(hours=24)  # deadline for people who were left
FIRST_WAKING_HOUR, LAST_WAKING_HOUR = 8, 21
PROMISE_HOUR = time(8)
ANSWER_HOUR = time(12)
HOUR = timedelta(hours=1)
OPEN = ("proposed", "confirmed")
AGREED_STATES = ("confirmed", "met")
PAST_OR_AGREED = ("confirmed", "met", "missed")  # agreed, whatever came of it
CLOSED_STATES = ("declined", "cancelled", "expired")
FORMS_WITH_PLACE = ("location", "own_link")  # a place, or a meeting address
STARTS_APART = 5  # index step between days in spread_over_days
OUTCOMES = ("insight", "contact", "collaboration", "pleasant", "nothing")  # what came of it, a month later
INTRODUCTION_DAYS = 7
COFFEES_BY_WISH = 1  # within a circle's window, of two who both said "again"; then others come first
PITCHES_HEEDED = 3  # different people who said so, before a pitcher comes later than others
ROOM_OPEN_FOR = timedelta(days=14)  # after the end, for what one thinks of later
MONTH_LATER = timedelta(days=30)
DETAILS = ("phone", "email", "linkedin")
SIDES = {"offers": "theirs", "asks": "mine"}
FIRST_MEETING_CODES = {
    "new",
    "again",
    "met_before",
    "met_earlier",
    "followed",
    "both_new",
}  # untrue after a first meeting

R = TypeVar("R", bound=Mapping[str, object])


def state_after(took_place: Sequence[bool | None], *, by_call: bool = False) -> str:
    """State of a coffee from each participant's answer to "did it take place?".

    Met: two yes, or one yes without a no; with evidence `by_call`, nobody's no is enough. Missed: all
    answered no. Otherwise confirmed, as agreed.
    """
    yes = sum(answer is True for answer in took_place)
    no = sum(answer is False for answer in took_place)
    if yes >= 2 or (no == 0 and (yes == 1 or by_call)):
        return "met"
    return "missed" if took_place and no == len(took_place) else "confirmed"


def why_room_closed(state: str, ends_at: datetime, moment: datetime) -> str | None:
    """The error code why the coffee's room accepts no messages now; None if it does."""
    if state == "proposed":
        return "coffee_chat_not_open"
    if state in PAST_OR_AGREED and moment < ends_at + ROOM_OPEN_FOR:
        return None
    return "coffee_chat_closed"


def mutual_pairs(again: Mapping[str, bool | None]) -> set[frozenset[str]]:
    """Pairs who both answered "again"; a one-sided answer is never disclosed."""
    willing = sorted(user_id for user_id, answer in again.items() if answer is True)
    return {frozenset(pair) for pair in combinations(willing, 2)}


def pairs_with_wish_left(
    meetings: Iterable[tuple[Mapping[str, bool | None], bool]],
) -> set[frozenset[str]]:
    """Pairs whose latest meeting both answered "again", and who had COFFEES_BY_WISH at most.

    Meetings oldest first: each person's "again", and whether it counts as a coffee of the window.
    """
    wished: dict[frozenset[str], bool] = {}
    had: Counter[frozenset[str]] = Counter()
    for again, counts in meetings:
        mutual = mutual_pairs(again)
        for pair in pairs(again):
            wished[pair] = pair in mutual
            had[pair] += counts
    return {pair for pair, wish in wished.items() if wish and had[pair] <= COFFEES_BY_WISH}


def pairs(user_ids: Iterable[str]) -> set[frozenset[str]]:
    return {frozenset(pair) for pair in combinations(sorted(set(user_ids)), 2)}


def may_be_handed_on(kind: str, state: str, seats: int, starts_at: datetime, now: datetime) -> bool:
    """A coffee of two that is proposed or stands, some hours before it begins."""
    return kind == "coffee" and state in OPEN and seats == 2 and starts_at >= now + MIN_NOTICE


def answer_until(now: datetime, starts_at: datetime, week: WorkingDays, days: int = ANSWER_DAYS) -> datetime:
    """Deadline for an answer: noon after `days` working days of the circle, or a whole hour before the
    start if that is earlier. Used for proposals, invitations and new times.
    """
    noon = _noon_of(week.later(now.astimezone(week.local).date(), days), week.zone)
    return max(now, min(noon, whole_hour(starts_at - MIN_NOTICE / 2, week.zone)))


def nudge_at(answer_by: datetime, week: WorkingDays) -> datetime:
    """The same hour on the working day before the deadline."""
    local = answer_by.astimezone(week.local)
    return datetime.combine(week.earlier(local.date(), 1), local.time(), tzinfo=week.local).astimezone(UTC)


def introduction_until(now: datetime, zone: str) -> datetime:
    return noon_after(now, INTRODUCTION_DAYS, zone)


def noon_after(now: datetime, days: int, zone: str) -> datetime:
    return _noon_of(now.astimezone(ZoneInfo(zone)).date() + timedelta(days=days), zone)


def _noon_of(day: date, zone: str) -> datetime:
    return datetime.combine(day, ANSWER_HOUR, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def whole_hour(moment: datetime, zone: str) -> datetime:
    """Last whole local hour not after `moment`; some zones have half-hour offsets."""
    local = moment.astimezone(ZoneInfo(zone))
    return local.replace(minute=0, second=0, microsecond=0).astimezone(UTC)


def waking_hour(moment: datetime, zone: str) -> datetime:
    """Last whole hour not after `moment` at which people are up; news is not promised for the night."""
    hour = whole_hour(moment, zone).astimezone(ZoneInfo(zone))
    if hour.hour < FIRST_WAKING_HOUR:
        hour = datetime.combine(hour.date() - timedelta(days=1), time(LAST_WAKING_HOUR), hour.tzinfo)
    return min(hour, hour.replace(hour=LAST_WAKING_HOUR)).astimezone(UTC)


def replacement_news_by(now: datetime, zone: str) -> datetime:
    return waking_hour(now + REPLACEMENT_NEWS_WITHIN, zone)


def auto_confirm_at(asked_at: datetime, coffee_id: str) -> datetime:
    """Time of an automatic confirmation: pseudo-random minutes later, as a person would answer."""
    spread = MAX_AUTO_CONFIRM_DELAY - MIN_AUTO_CONFIRM_DELAY
    return asked_at + MIN_AUTO_CONFIRM_DELAY + spread * (zlib.crc32(coffee_id.encode()) % 997) / 997


def call_window(starts_at: datetime, ends_at: datetime) -> tuple[datetime, datetime]:
    """Opening and closing time of the call."""
    return starts_at - CALL_OPENS, ends_at + CALL_CLOSES


def call_is_open(now: datetime, starts_at: datetime, ends_at: datetime) -> bool:
    opens_at, closes_at = call_window(starts_at, ends_at)
    return opens_at <= now <= closes_at


def other_times(alternatives: Iterable[str], starts_at: datetime, now: datetime) -> list[datetime]:
    """Common times that can still be chosen, sorted."""
    times = set(map(datetime.fromisoformat, alternatives))
    return sorted(time for time in times if time != starts_at and time >= now + MIN_NOTICE)


def spread_over_days(times: Iterable[datetime], zone: str, count: int) -> list[datetime]:
    """A few times, sorted: every day gives one, at a different hour, before any gives two."""
    days: dict[date, list[datetime]] = {}
    for moment in sorted(times):
        days.setdefault(moment.astimezone(ZoneInfo(zone)).date(), []).append(moment)
    chosen: list[datetime] = []
    turn = 0
    while days and len(chosen) < count:
        turn += STARTS_APART // 2  # a second time of a day is in another part of it
        for day in list(days):
            if len(chosen) < count:
                chosen.append(days[day].pop(turn % len(days[day])))
            turn += STARTS_APART
            if not days[day]:
                del days[day]
    return sorted(chosen)


def swap_times(alternatives: Iterable[str], old: datetime | None, new: datetime) -> list[str]:
    """Common times after `new` was chosen instead of `old`, ISO 8601."""
    times = ({*map(datetime.fromisoformat, alternatives)} | ({old} if old is not None else set())) - {new}
    return [time.isoformat() for time in sorted(times)]


def caller_index(numbers: Sequence[str]) -> int:
    """Seat index of the person who calls: the first, unless only the first has a number."""
    return 1 if numbers[0] and not any(numbers[1:]) else 0


def spread(times: Sequence[datetime], count: int) -> list[datetime]:
    """At most `count` times, evenly from first to last."""
    if len(times) <= count:
        return list(times)
    return [times[position * (len(times) - 1) // (count - 1)] for position in range(count)]


def sort_reasons(reasons: Iterable[R], other_id: str, *, only: bool) -> dict[str, list[R]]:
    """Reasons about one partner: theirs (they offer), mine (I offer) and both.

    A reason without `with` belongs to the only partner.
    """
    sorted_: dict[str, list[R]] = {"theirs": [], "mine": [], "both": []}
    for reason in reasons:
        about = reason.get("with")
        if about == other_id or (about is None and only):
            sorted_[SIDES.get(str(reason.get("code")), "both")].append(reason)
    return sorted_


def promise_reminder_at(due_on: datetime, zone: str) -> datetime:
    """Morning of the due day, in the person's zone."""
    return datetime.combine(due_on.date(), PROMISE_HOUR, tzinfo=ZoneInfo(zone))
