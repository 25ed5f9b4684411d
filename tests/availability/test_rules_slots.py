"""Times offered by a round, over both clock changes, and days left out."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from events.availability.rules.slots import busy_between, is_working_day, offer_times, quarters

AMSTERDAM = "Europe/Amsterdam"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# Published on a Friday, so the clock change falls in the offered days.
GOLDEN = [
    (
        "Europe/Amsterdam",
        utc("2026-10-16T10:00"),  # winter time begins on 2026-10-25
        [
            "2026-10-19T08:30",
            "2026-10-20T14:00",
            "2026-10-21T06:30",
            "2026-10-22T12:00",
            "2026-10-26T18:30",
            "2026-10-27T11:30",
            "2026-10-28T09:30",
            "2026-10-30T15:00",
        ],
    ),
    (
        "Europe/Amsterdam",
        utc("2027-03-19T11:00"),  # summer time begins on 2027-03-28, which is Easter; Good Friday before it
        [
            "2027-03-22T09:30",
            "2027-03-23T15:00",
            "2027-03-24T07:30",
            "2027-03-25T13:00",
            "2027-03-30T17:30",
            "2027-03-31T10:30",
            "2027-04-01T08:30",
            "2027-04-02T14:00",
        ],
    ),
    (
        "America/New_York",
        utc("2026-10-23T15:00"),  # winter time begins there on 2026-11-01, a week after Europe
        [
            "2026-10-26T14:30",
            "2026-10-27T20:00",
            "2026-10-28T12:30",
            "2026-10-29T18:00",
            "2026-11-03T00:30",
            "2026-11-03T17:30",
            "2026-11-04T15:30",
            "2026-11-06T21:00",
        ],
    ),
]


@pytest.mark.parametrize(("zone", "published", "expected"), GOLDEN)
def test_the_golden_table_of_wall_times_over_a_change_of_the_clocks(
    zone: str, published: datetime, expected: list[str]
) -> None:
    assert offer_times(published, zone) == [utc(text) for text in expected]


@pytest.mark.parametrize("day", range(0, 370, 3))
def test_offered_times_are_spread_over_working_days_three_to_fourteen(day: int) -> None:
    published = utc("2026-01-01T11:00") + timedelta(days=day)
    times = offer_times(published, AMSTERDAM)
    local = [time.astimezone(ZoneInfo(AMSTERDAM)) for time in times]
    first = published.astimezone(ZoneInfo(AMSTERDAM)).date()
    assert len(times) == len(set(times)) == 8
    assert times == sorted(times)
    assert all(3 <= (time.date() - first).days <= 14 for time in local)
    assert all(is_working_day(time.date(), "NL") for time in local)
    assert len({time.time() for time in local}) >= 5
    assert len({time.weekday() for time in local}) >= 3
    assert not [time for time in local if time.weekday() == 4 and time.hour == 19]


def test_busy_quarters_are_replaced_by_other_times() -> None:
    published = utc("2026-10-16T10:00")
    first = offer_times(published, AMSTERDAM)
    again = offer_times(published, AMSTERDAM, busy=set(quarters(first[0], 15)))
    assert first[0] not in again
    assert len(again) == 8


def test_a_fortnight_without_any_free_day_offers_nothing() -> None:
    published = utc("2026-10-16T10:00")
    busy = {quarter for gap in range(30) for quarter in quarters(published + timedelta(days=gap), 24 * 60)}
    assert offer_times(published, AMSTERDAM, busy=busy) == []
    closed = {published.date() + timedelta(days=gap) for gap in range(200)}
    assert offer_times(published, AMSTERDAM, closed=closed) == []


def test_a_round_leaves_out_the_holidays_of_its_country() -> None:
    published = utc("2027-07-02T10:00")  # 4 July 2027 is a Sunday, observed in the United States on Monday
    holiday, all_saints = date(2027, 7, 5), date(2027, 11, 1)
    assert is_working_day(holiday, "NL")
    assert not is_working_day(holiday, "US")
    assert is_working_day(all_saints, "NL")
    assert not is_working_day(all_saints, "BE")
    offered = {time.date() for time in offer_times(published, "America/New_York", country="NL")}
    assert holiday in offered
    assert holiday not in {time.date() for time in offer_times(published, "America/New_York", country="US")}


def test_a_meeting_takes_every_quarter_it_touches() -> None:
    assert quarters(utc("2026-12-04T09:30"), 30) == [utc("2026-12-04T09:30"), utc("2026-12-04T09:45")]
    assert quarters(utc("2026-12-04T09:40"), 30) == [
        utc("2026-12-04T09:30"),
        utc("2026-12-04T09:45"),
        utc("2026-12-04T10:00"),
    ]
    assert busy_between(utc("2026-12-04T09:40"), 30, {utc("2026-12-04T10:00")})
    assert not busy_between(utc("2026-12-04T09:40"), 15, {utc("2026-12-04T10:00")})
