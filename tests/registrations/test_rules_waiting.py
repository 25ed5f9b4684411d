"""Times of the waiting list: how long a place is held and when offers stop, never at night."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.registrations.rules import answer_by, has_room, last_call_at

ZONE = "Europe/Amsterdam"
THERE = ZoneInfo(ZONE)
START = "4 20:00"  # in December: the fourth at eight in the evening


def at(moment: str) -> datetime:
    """ "3 18:30" of December 2026, on the clock of the livestream."""
    day, _, hour = moment.partition(" ")
    hours, minutes = map(int, hour.split(":"))
    return datetime(2026, 12, int(day), hours, minutes, tzinfo=THERE).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("4 20:00", "4 18:00"),  # two hours ahead
        ("4 10:00", "4 08:00"),
        ("4 09:30", "4 08:00"),  # half past seven is night: as soon as the night is over
        ("4 09:00", "4 08:00"),
        ("4 08:30", "3 20:00"),  # too short in the morning: the evening before
        ("4 07:00", "3 20:00"),
        ("5 00:30", "4 20:00"),  # an evening that begins after midnight
        ("4 23:00", "4 21:00"),
    ],
)
def test_when_places_go_to_whoever_is_first(start: str, expected: str) -> None:
    assert last_call_at(at(start), ZONE) == at(expected)


@pytest.mark.parametrize(
    ("now", "start", "expected"),
    [
        ("1 12:00", "14 20:00", "2 12:00"),  # a day
        ("1 18:00", START, "2 18:00"),  # three days ahead, still a day
        ("3 12:00", START, "4 10:00"),  # a third of thirty hours ends at ten in the evening: the morning
        ("4 09:00", START, "4 12:00"),  # a third of nine hours
        ("4 15:00", START, "4 16:00"),  # never less than an hour
        ("4 16:59", START, "4 17:59"),
        ("4 17:00", START, "4 18:00"),
        ("4 17:01", START, None),  # less than an hour before the last call
        ("4 18:00", START, None),
        ("4 21:00", START, None),
        ("2 21:30", START, None),  # the night
        ("3 03:00", START, None),
        ("3 07:59", START, None),
        ("3 08:00", START, "3 19:20"),
        ("3 19:30", "4 08:00", None),  # half an hour before a last call on the evening before
    ],
)
def test_how_long_a_place_is_kept(now: str, start: str, expected: str | None) -> None:
    found = answer_by(at(now), at(start), ZONE)
    assert found == (at(expected) if expected else None)


@given(
    minute=st.integers(min_value=0, max_value=240 * 24 * 60),
    ahead=st.integers(min_value=0, max_value=40 * 24 * 60),
    zone=st.sampled_from([ZONE, "America/New_York", "Asia/Kolkata", "UTC"]),
)
def test_an_answer_is_due_by_day_within_a_day_and_a_half_and_before_the_last_call(
    minute: int, ahead: int, zone: str
) -> None:
    now = datetime(2026, 3, 20, tzinfo=UTC) + timedelta(minutes=minute)
    starts_at = now + timedelta(minutes=ahead)
    last_call = last_call_at(starts_at, zone)
    assert last_call <= starts_at - timedelta(hours=1)
    until = answer_by(now, starts_at, zone)
    if until is None:
        return
    assert now + timedelta(minutes=59) < until <= last_call
    assert until - now <= timedelta(hours=38)
    for moment in (now, until):
        local = moment.astimezone(ZoneInfo(zone))
        assert (8, 0) <= (local.hour, local.minute) < (21, 30)


@pytest.mark.parametrize(
    ("capacity", "held", "waiting", "calling", "room"),
    [
        (None, 900, 3, False, True),
        (5, 4, 0, False, True),
        (5, 5, 0, False, False),
        (5, 4, 1, False, False),  # who waits goes first
        (5, 4, 1, True, True),  # whoever is first
        (5, 5, 1, True, False),
        (5, 7, 0, True, False),  # made smaller
    ],
)
def test_who_finds_room(capacity: int | None, held: int, waiting: int, calling: bool, room: bool) -> None:
    assert has_room(capacity, held, waiting, calling=calling) is room
