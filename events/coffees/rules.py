"""What a coffee's answers add up to, when things may be done, and which reasons belong together."""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations
from typing import TypeVar
from zoneinfo import ZoneInfo

ANSWER_DAYS = 2  # an answer is asked until noon, so many days later
INVITATION_DAYS = 5
INVITATION_NOTICE = timedelta(days=2)  # before the first time, so that there is time to answer
MIN_NOTICE = timedelta(hours=2)  # a time chosen now must leave the others this long
OFFERED_AHEAD = timedelta(days=21)  # so far ahead are times shown to choose from
MAX_AHEAD = timedelta(days=60)  # no further ahead is a coffee planned
MIN_AUTO_CONFIRM_DELAY, MAX_AUTO_CONFIRM_DELAY = timedelta(minutes=2), timedelta(minutes=30)
CALL_OPENS = timedelta(minutes=15)  # before the start
CALL_CLOSES = timedelta(minutes=60)  # after the end
AUTO_CLOSE_AFTER = timedelta(days=7)  # a coffee that nobody told about is closed by then
DECLINE_DELAY = timedelta(minutes=10)  # a decline can be undone for so long, before the others hear it
REPLACEMENT_NEWS_WITHIN = timedelta(hours=24)  # who was left hears of another coffee by then
PROMISE_HOUR = time(8)
ANSWER_HOUR = time(12)
HOUR = timedelta(hours=1)
OPEN = ("proposed", "confirmed")
AGREED_STATES = ("confirmed", "met")
PAST_OR_AGREED = ("confirmed", "met", "missed")  # agreed, whatever came of it
CLOSED_STATES = ("declined", "cancelled", "expired")
FORMS_WITH_PLACE = ("location", "own_link")  # forms for which people name a place, or an address
STARTS_APART = 5  # starts further on, from one day to the next, when a few times are shown
OUTCOMES = ("insight", "contact", "collaboration", "pleasant", "nothing")  # what came of it, a month later
INTRODUCTION_DAYS = 7
MONTH_LATER = timedelta(days=30)
DETAILS = ("phone", "email", "linkedin")
SIDES = {"offers": "theirs", "asks": "mine"}
FIRST_MEETING_CODES = {"new", "again", "met_before", "followed"}  # reasons that a meeting makes untrue

R = TypeVar("R", bound=Mapping[str, object])


def state_after(took_place: Sequence[bool | None]) -> str:
    """What a coffee is, given what each of its people said: did it take place?

    Two who say yes have met. One yes counts while nobody contradicts it. It is missed only when all say
    so. Anything else leaves it as it was agreed: confirmed.
    """
    yes = sum(answer is True for answer in took_place)
    no = sum(answer is False for answer in took_place)
    if yes >= 2 or (yes == 1 and no == 0):
        return "met"
    return "missed" if took_place and no == len(took_place) else "confirmed"


def mutual_pairs(again: Mapping[str, bool | None]) -> set[frozenset[str]]:
    """The pairs of whom both said "again"; nothing else about that answer is ever told."""
    willing = sorted(user_id for user_id, answer in again.items() if answer is True)
    return {frozenset(pair) for pair in combinations(willing, 2)}


def pairs(user_ids: Iterable[str]) -> set[frozenset[str]]:
    return {frozenset(pair) for pair in combinations(sorted(set(user_ids)), 2)}


def answer_until(now: datetime, starts_at: datetime, zone: str, days: int = ANSWER_DAYS) -> datetime:
    """The deadline of an answer: noon some days later, or a whole hour well before it begins.

    The one rule for proposals, invitations and new times, by the circle's clock (`zone`).
    """
    return max(now, min(noon_after(now, days, zone), whole_hour(starts_at - MIN_NOTICE / 2, zone)))


def introduction_until(now: datetime, zone: str) -> datetime:
    return noon_after(now, INTRODUCTION_DAYS, zone)


def noon_after(now: datetime, days: int, zone: str) -> datetime:
    day = now.astimezone(ZoneInfo(zone)).date() + timedelta(days=days)
    return datetime.combine(day, ANSWER_HOUR, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def whole_hour(moment: datetime, zone: str) -> datetime:
    """The last whole hour that is not after `moment`; some zones differ from UTC by half an hour."""
    local = moment.astimezone(ZoneInfo(zone))
    return local.replace(minute=0, second=0, microsecond=0).astimezone(UTC)


def replacement_news_by(now: datetime, zone: str) -> datetime:
    """The deadline by which somebody whose coffee fell through now hears of another: within a day."""
    return whole_hour(now + REPLACEMENT_NEWS_WITHIN, zone)


def auto_confirm_at(asked_at: datetime, coffee_id: str) -> datetime:
    """When a coffee stands whose owner wants no questions: after a few minutes, as a person would answer."""
    spread = MAX_AUTO_CONFIRM_DELAY - MIN_AUTO_CONFIRM_DELAY
    return asked_at + MIN_AUTO_CONFIRM_DELAY + spread * (zlib.crc32(coffee_id.encode()) % 997) / 997


def call_window(starts_at: datetime, ends_at: datetime) -> tuple[datetime, datetime]:
    """From when until when the call of a coffee can be entered."""
    return starts_at - CALL_OPENS, ends_at + CALL_CLOSES


def call_is_open(now: datetime, starts_at: datetime, ends_at: datetime) -> bool:
    opens_at, closes_at = call_window(starts_at, ends_at)
    return opens_at <= now <= closes_at


def other_times(alternatives: Iterable[str], starts_at: datetime, now: datetime) -> list[datetime]:
    """The common times that can still be chosen, in order."""
    times = set(map(datetime.fromisoformat, alternatives))
    return sorted(time for time in times if time != starts_at and time >= now + MIN_NOTICE)


def spread_over_days(times: Iterable[datetime], zone: str, count: int) -> list[datetime]:
    """A few of many times, in order: every day gives one, at its own hour, before any gives two."""
    days: dict[date, list[datetime]] = {}
    for moment in sorted(times):
        days.setdefault(moment.astimezone(ZoneInfo(zone)).date(), []).append(moment)
    chosen: list[datetime] = []
    turn = 0
    while days and len(chosen) < count:
        turn += STARTS_APART // 2  # a second one on a day lies at another part of it
        for day in list(days):
            if len(chosen) < count:
                chosen.append(days[day].pop(turn % len(days[day])))
            turn += STARTS_APART
            if not days[day]:
                del days[day]
    return sorted(chosen)


def swap_times(alternatives: Iterable[str], old: datetime | None, new: datetime) -> list[str]:
    """The common times once `new` was chosen instead of `old`, where that was one of them."""
    times = ({*map(datetime.fromisoformat, alternatives)} | ({old} if old is not None else set())) - {new}
    return [time.isoformat() for time in sorted(times)]


def caller_index(numbers: Sequence[str]) -> int:
    """Which of these people, in order of their seats, starts a coffee by phone.

    The first does, unless the first is the only one who can be called.
    """
    return 1 if numbers[0] and not any(numbers[1:]) else 0


def spread(times: Sequence[datetime], count: int) -> list[datetime]:
    """At most `count` of these times, evenly from the first to the last."""
    if len(times) <= count:
        return list(times)
    return [times[position * (len(times) - 1) // (count - 1)] for position in range(count)]


def sort_reasons(reasons: Iterable[R], other_id: str, *, only: bool) -> dict[str, list[R]]:
    """The reasons that concern one partner, as theirs (they offer), mine (I offer) and both.

    A reason without "with" belongs to the `only` partner there is.
    """
    sorted_: dict[str, list[R]] = {"theirs": [], "mine": [], "both": []}
    for reason in reasons:
        about = reason.get("with")
        if about == other_id or (about is None and only):
            sorted_[SIDES.get(str(reason.get("code")), "both")].append(reason)
    return sorted_


def promise_reminder_at(due_on: datetime, zone: str) -> datetime:
    """When who promised something hears of it: in the morning of that day, where they are."""
    return datetime.combine(due_on.date(), PROMISE_HOUR, tzinfo=ZoneInfo(zone))
