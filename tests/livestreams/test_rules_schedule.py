"""Wall time conversion, sort order and the next agenda item."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.core.errors import Invalid
from events.livestreams.models import AgendaItem, Livestream
from events.livestreams.rules.schedule import (
    current_item,
    next_item,
    sort_livestreams,
    utc_of_wall_time,
    wall_time,
)

AMSTERDAM = "Europe/Amsterdam"


@pytest.mark.parametrize(
    ("day", "hour", "zone", "moment"),
    [
        (date(2026, 12, 3), time(20), AMSTERDAM, datetime(2026, 12, 3, 19, tzinfo=UTC)),
        (date(2026, 7, 1), time(20), AMSTERDAM, datetime(2026, 7, 1, 18, tzinfo=UTC)),
        (date(2026, 3, 29), time(1, 59), AMSTERDAM, datetime(2026, 3, 29, 0, 59, tzinfo=UTC)),
        (date(2026, 3, 29), time(3), AMSTERDAM, datetime(2026, 3, 29, 1, tzinfo=UTC)),
        # 02:30 is repeated that night: the first of the two.
        (date(2026, 10, 25), time(2, 30), AMSTERDAM, datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (date(2026, 10, 25), time(3, 30), AMSTERDAM, datetime(2026, 10, 25, 2, 30, tzinfo=UTC)),
        (date(2026, 12, 3), time(20), "America/New_York", datetime(2026, 12, 4, 1, tzinfo=UTC)),
    ],
)
def test_wall_time_is_converted_to_utc(day: date, hour: time, zone: str, moment: datetime) -> None:
    assert utc_of_wall_time(day, hour, zone) == moment


def test_a_time_the_clock_skips_is_refused_at_its_field() -> None:
    with pytest.raises(Invalid) as refused:
        utc_of_wall_time(date(2026, 3, 29), time(2, 30), AMSTERDAM)
    assert refused.value.fields == [("hour", "no_such_time")]


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)))  # noqa: DTZ001 - wall time is meant
def test_wall_time_round_trips_through_the_form(wall: datetime) -> None:
    wall = wall.replace(second=0, microsecond=0)
    try:
        moment = utc_of_wall_time(wall.date(), wall.time(), AMSTERDAM)
    except Invalid:
        return
    assert wall_time(moment, AMSTERDAM) == (f"{wall:%Y-%m-%d}", f"{wall:%H:%M}")


def test_live_ones_sort_first_and_past_ones_last() -> None:
    start = datetime(2026, 12, 3, 19, tzinfo=UTC)
    days = {"ended": -1, "replay": -9, "announced": 5, "draft": 2, "lobby": 0, "live": 0, "cancelled": 3}
    rows = [Livestream(state=state, starts_at=start + timedelta(days=day)) for state, day in days.items()]
    expected = ["live", "lobby", "draft", "announced", "cancelled", "ended", "replay"]
    assert [row.state for row in sort_livestreams(rows)] == expected


def test_the_next_item_is_the_first_after_all_that_began() -> None:
    items = [_item(place, f"item {place}") for place in range(3)]
    assert (current_item(items), next_item(items)) == (None, items[0])
    items[1].began_at = datetime(2026, 12, 3, 19, tzinfo=UTC)
    assert (current_item(items), next_item(items)) == (items[1], items[2])
    items[2].began_at = datetime(2026, 12, 3, 20, tzinfo=UTC)
    assert (current_item(items), next_item(items)) == (items[2], None)


def _item(position: int, title: str, minute: int = 0) -> AgendaItem:
    return AgendaItem(position=position, minute=minute, title=title, began_at=None)
