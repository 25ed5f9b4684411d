"""Pure rules of registrations: open states, times of the waiting list and add-to-calendar links."""

from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from events.core.mail.daily import NIGHT_UNTIL, after_the_night
from events.livestreams.rules.states import OPEN

HOLDING = ("coming", "offered")  # states of a registration that take up a place
ON_LIST = ("waiting", "offered", "called")
TIME_TO_ANSWER = timedelta(hours=24)
MIN_TIME_TO_ANSWER = timedelta(hours=1)
OFFERS_STOP_BEFORE = timedelta(hours=2)  # the start
MORNING_BEFORE = timedelta(hours=1)  # how late in the morning of an early start the last call may come
GUEST_RATE = "20 per hour"  # requests for a guest's link, of one visitor
EVENING_BEFORE = time(20)
ANSWER_AFTER_NIGHT = time(10)  # an answer due in the night may come until then


def is_open(state: str) -> bool:
    return state in OPEN


def last_call_at(starts_at: datetime, zone: str) -> datetime:
    """When offers stop and free places go to whoever is first: two hours ahead, but not at night."""
    usual = starts_at - OFFERS_STOP_BEFORE
    if not _is_night(usual, zone):
        return usual
    morning = _on_day_of(starts_at, NIGHT_UNTIL, zone)
    if starts_at - morning >= MORNING_BEFORE and morning > usual:
        return morning
    evening = _on_day_of(usual, EVENING_BEFORE, zone)
    return evening if evening < usual else _on_day_of(usual - timedelta(days=1), EVENING_BEFORE, zone)


def answer_by(now: datetime, starts_at: datetime, zone: str) -> datetime | None:
    """Until when a place offered now is held; None while none may be offered.

    A day, near the start a third of the time that is left, never into the night and never beyond
    the last call.
    """
    last_call = last_call_at(starts_at, zone)
    left = last_call - now
    if left < MIN_TIME_TO_ANSWER or _is_night(now, zone):
        return None
    until = now + min(TIME_TO_ANSWER, max(MIN_TIME_TO_ANSWER, left / 3))
    if _is_night(until, zone):
        until = _on_day_of(after_the_night(until, zone), ANSWER_AFTER_NIGHT, zone)
    return min(until, last_call)


def has_room(capacity: int | None, held: int, waiting: int, *, calling: bool) -> bool:
    """Whether somebody may take a place now. Before the last call (`calling`) those who wait go first."""
    return capacity is None or (held < capacity and (calling or waiting == 0))


def _is_night(moment: datetime, zone: str) -> bool:
    return after_the_night(moment, zone) != moment


def _on_day_of(moment: datetime, hour: time, zone: str) -> datetime:
    there = ZoneInfo(zone)
    return datetime.combine(moment.astimezone(there).date(), hour, there).astimezone(UTC)


def google_link(title: str, starts_at: datetime, ends_at: datetime, url: str) -> str:
    times = "/".join(moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ") for moment in (starts_at, ends_at))
    query = {"action": "TEMPLATE", "text": title, "dates": times, "details": url, "location": url}
    return "https://calendar.google.com/calendar/render?" + urlencode(query)


def outlook_link(title: str, starts_at: datetime, ends_at: datetime, url: str) -> str:
    query = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": title,
        "startdt": starts_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "enddt": ends_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "body": url,
        "location": url,
    }
    return "https://outlook.office.com/calendar/0/deeplink/compose?" + urlencode(query)
