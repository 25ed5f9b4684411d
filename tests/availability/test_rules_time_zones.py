"""Golden table of one time in many zones, through display, offers and feeds.

Expected wall times come from the C library, not from the code under test.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from events.availability.rules.hours import WeeklyAvailability, free_starts, within_usual_hours
from events.availability.rules.slots import offer_times
from events.core.calendar.free_busy import busy_times
from events.core.calendar.itip import Entry, Mailbox, calendar_file
from events.core.i18n.formatting import when
from tests.core.test_itip import read_back

GOLDEN = [
    ("Europe/Amsterdam", "2026-03-29T00:59", "2026-03-29T01:59"),  # the last minute of winter time
    (
        "Europe/Amsterdam",
        "2026-03-29T01:00",
        "2026-03-29T03:00",
    ),  # half an hour later it would be 02:30, which does not exist
    ("Europe/Amsterdam", "2026-03-29T01:30", "2026-03-29T03:30"),
    ("Europe/Amsterdam", "2026-03-28T01:30", "2026-03-28T02:30"),  # 02:30 on the day before
    ("Europe/Amsterdam", "2026-10-24T22:30", "2026-10-25T00:30"),
    ("Europe/Amsterdam", "2026-10-25T00:30", "2026-10-25T02:30"),  # 02:30 for the first time
    ("Europe/Amsterdam", "2026-10-25T01:30", "2026-10-25T02:30"),  # 02:30 again, an hour later
    ("Europe/Amsterdam", "2026-10-25T02:00", "2026-10-25T03:00"),
    ("Europe/Amsterdam", "2026-10-25T08:30", "2026-10-25T09:30"),
    ("Europe/Amsterdam", "2028-02-29T11:00", "2028-02-29T12:00"),  # the leap day
    ("Europe/Amsterdam", "2026-12-31T23:30", "2027-01-01T00:30"),  # already the next year
    ("Europe/London", "2026-03-29T00:59", "2026-03-29T00:59"),
    ("Europe/London", "2026-03-29T01:00", "2026-03-29T02:00"),
    ("Europe/London", "2026-10-25T00:30", "2026-10-25T01:30"),
    ("Europe/London", "2026-10-25T01:30", "2026-10-25T01:30"),
    ("Europe/Lisbon", "2026-10-25T01:30", "2026-10-25T01:30"),
    ("Europe/Istanbul", "2026-10-25T01:30", "2026-10-25T04:30"),  # without a change
    ("Europe/Moscow", "2026-03-29T01:30", "2026-03-29T04:30"),  # without a change
    ("America/New_York", "2026-03-08T06:59", "2026-03-08T01:59"),
    ("America/New_York", "2026-03-08T07:00", "2026-03-08T03:00"),  # three weeks before Europe
    ("America/New_York", "2026-03-20T13:30", "2026-03-20T09:30"),  # five hours apart
    ("America/New_York", "2026-10-30T13:30", "2026-10-30T09:30"),  # five hours apart
    ("America/New_York", "2026-11-01T05:30", "2026-11-01T01:30"),
    ("America/New_York", "2026-11-01T06:30", "2026-11-01T01:30"),
    ("America/Los_Angeles", "2026-11-01T09:30", "2026-11-01T01:30"),
    ("America/Phoenix", "2026-07-01T16:00", "2026-07-01T09:00"),  # without a change
    ("America/Sao_Paulo", "2026-11-01T12:00", "2026-11-01T09:00"),  # no clock change any more
    ("America/St_Johns", "2026-03-08T05:30", "2026-03-08T03:00"),  # half an hour off
    ("America/St_Johns", "2026-12-07T13:30", "2026-12-07T10:00"),
    ("Asia/Tokyo", "2026-03-29T01:30", "2026-03-29T10:30"),  # without a change
    ("Asia/Kolkata", "2026-12-07T03:30", "2026-12-07T09:00"),  # half an hour off
    ("Asia/Kathmandu", "2026-12-07T03:15", "2026-12-07T09:00"),  # a quarter off
    ("Asia/Tehran", "2026-07-01T05:30", "2026-07-01T09:00"),
    ("Australia/Adelaide", "2026-04-04T16:30", "2026-04-05T02:00"),  # 02:00, repeated at 03:00
    ("Australia/Adelaide", "2026-10-03T16:30", "2026-10-04T03:00"),
    ("Australia/Lord_Howe", "2026-04-04T14:45", "2026-04-05T01:45"),  # clock changes of half an hour
    ("Australia/Lord_Howe", "2026-04-04T15:15", "2026-04-05T01:45"),  # 01:45 again
    ("Australia/Lord_Howe", "2026-10-03T15:29", "2026-10-04T01:59"),
    ("Australia/Lord_Howe", "2026-10-03T15:30", "2026-10-04T02:30"),
    ("Pacific/Chatham", "2026-09-26T14:00", "2026-09-27T03:45"),  # offset of three quarters, change at 02:45
    ("Pacific/Auckland", "2026-12-07T11:00", "2026-12-08T00:00"),  # midnight
    ("Pacific/Kiritimati", "2026-12-31T10:00", "2027-01-01T00:00"),  # first zone in the new year
    ("Pacific/Honolulu", "2027-01-01T09:59", "2026-12-31T23:59"),  # last zone in the old year
    ("Africa/Johannesburg", "2026-07-01T07:00", "2026-07-01T09:00"),
    ("Africa/Cairo", "2026-10-29T20:30", "2026-10-29T23:30"),  # last evening of summer time
]
WEEK = frozenset(range(7 * 24))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_the_table_is_long_enough() -> None:
    assert len(GOLDEN) >= 40
    assert len({zone for zone, _moment, _wall in GOLDEN}) >= 20


@pytest.mark.parametrize(("zone", "moment", "wall"), GOLDEN)
def test_mails_and_pages_show_wall_time(zone: str, moment: str, wall: str) -> None:
    shown = datetime.fromisoformat(wall)
    assert when(utc(moment), "hour", zone, "nl") == f"{shown:%H:%M}"
    assert when(utc(moment), "full", zone, "en") == f"{shown:%A} {shown.day} {shown:%B} {shown.year}"


@pytest.mark.parametrize(("zone", "moment", "wall"), GOLDEN)
def test_usual_hours_are_wall_time(zone: str, moment: str, wall: str) -> None:
    shown = datetime.fromisoformat(wall)
    hour = shown.weekday() * 24 + shown.hour
    assert within_usual_hours(WeeklyAvailability(zone, frozenset({hour})), utc(moment), 1)
    assert not within_usual_hours(WeeklyAvailability(zone, WEEK - {hour}), utc(moment), 1)


@pytest.mark.parametrize(("zone", "moment", "wall"), GOLDEN)
def test_days_off_are_days_of_the_local_date(zone: str, moment: str, wall: str) -> None:
    day = datetime.fromisoformat(wall).date()
    before, after = day - timedelta(days=1), day + timedelta(days=1)
    assert not within_usual_hours(WeeklyAvailability(zone, off=((day, day),)), utc(moment), 1)
    assert within_usual_hours(
        WeeklyAvailability(zone, off=((before, before), (after, after))), utc(moment), 1
    )


def test_a_feed_holds_utc_times() -> None:
    entries = [
        Entry(f"{number}@ontmoet.test", 0, utc(moment), utc(moment) + timedelta(minutes=30), "Koffie")
        for number, (_zone, moment, _wall) in enumerate(GOLDEN)
    ]
    file = calendar_file(entries, "PUBLISH", Mailbox("Ontmoet", "koffie@ontmoet.test"), name="Ontmoet")
    read = [entry["start"] for entry in read_back(file)["entries"]]
    assert read == [f"{moment}:00Z" for _zone, moment, _wall in GOLDEN]


@pytest.mark.parametrize(("zone", "moment", "wall"), GOLDEN)
def test_floating_times_are_in_the_owners_zone(zone: str, moment: str, wall: str) -> None:
    start = datetime.fromisoformat(wall)
    event = f"BEGIN:VEVENT\nUID:1\nDTSTART:{start:%Y%m%dT%H%M%S}\nDURATION:PT15M\nEND:VEVENT\n"
    file = f"BEGIN:VCALENDAR\n{event}END:VCALENDAR\n".encode()
    ((found, _end),) = busy_times(
        file, zone, utc(moment) - timedelta(days=2), utc(moment) + timedelta(days=2)
    )
    assert found.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == start
    assert utc(moment) - found in {
        timedelta(0),
        timedelta(minutes=30),
        timedelta(hours=1),
    }  # the first of two


# (zone, a Saturday before the change, hours from ten o'clock on that day to ten o'clock on the next)
CHANGES = [
    ("Europe/Amsterdam", date(2026, 3, 28), 23.0),
    ("Europe/Amsterdam", date(2026, 10, 24), 25.0),
    ("Europe/London", date(2026, 3, 28), 23.0),
    ("America/New_York", date(2026, 3, 7), 23.0),
    ("America/New_York", date(2026, 3, 28), 24.0),
    ("America/New_York", date(2026, 10, 31), 25.0),
    ("Australia/Lord_Howe", date(2026, 4, 4), 24.5),
    ("Australia/Lord_Howe", date(2026, 10, 3), 23.5),
    ("Pacific/Chatham", date(2026, 9, 26), 23.0),
    ("Asia/Kolkata", date(2026, 3, 28), 24.0),
]


@pytest.mark.parametrize(("zone", "day", "hours"), CHANGES)
def test_wall_time_stays_the_same_over_a_clock_change(zone: str, day: date, hours: float) -> None:
    ten = frozenset(weekday * 24 + 10 for weekday in range(7))
    midnight = datetime.combine(day, datetime.min.time(), tzinfo=ZoneInfo(zone)).astimezone(UTC)
    starts = list(
        free_starts(WeeklyAvailability(zone, ten), midnight, midnight + timedelta(hours=47), 60, busy=())
    )
    assert len(starts) == 2
    assert (starts[1] - starts[0]) / timedelta(hours=1) == hours


def test_half_past_two_is_skipped_in_spring_and_comes_twice_in_autumn() -> None:
    two = WeeklyAvailability("Europe/Amsterdam", frozenset({6 * 24 + 2}))  # Sundays, 2 to 3 o'clock

    def starts(text: str) -> list[str]:
        sunday = utc(text)
        found = free_starts(two, sunday, sunday + timedelta(hours=6), 30, busy=())
        return [f"{start:%H:%M}" for start in found]

    assert starts("2026-03-28T22:00") == []
    assert starts("2026-03-21T22:00") == ["01:00", "01:30"]
    assert starts("2026-10-24T22:00") == ["00:00", "00:30", "01:00", "01:30"]


@pytest.mark.parametrize("zone", sorted({zone for zone, _moment, _wall in GOLDEN}))
@pytest.mark.parametrize("published", ["2026-03-20T10:00", "2026-10-16T10:00", "2028-02-18T10:00"])
def test_times_of_a_round_are_in_the_circles_zone(zone: str, published: str) -> None:
    walls = {start.astimezone(ZoneInfo(zone)) for start in offer_times(utc(published), zone)}
    assert len(walls) == 8
    assert {wall.time().isoformat("minutes") for wall in walls} <= {
        "08:30", "10:30", "12:30", "14:00", "16:00", "19:30",
    }  # fmt: skip
    assert all(wall.weekday() < 5 for wall in walls)
