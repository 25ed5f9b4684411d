"""Rules of a livestream's end: overdue, automatic end, not started, and taking an end back."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from events.livestreams.models import STATES, Livestream
from events.livestreams.rules.endings import (
    BY_HAND,
    ends_itself_at,
    is_due_to_end,
    is_missed,
    is_overdue,
    undo_end_until,
)
from events.livestreams.rules.schedule import utc_of_wall_time

START = datetime(2026, 12, 3, 19, tzinfo=UTC)
END = START + timedelta(hours=1)
MINUTES = (-61, -1, 0, 10, 14, 15, 44, 45, 46, 60, 180, 1439, 1440, 4320)  # after the planned end
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
ON_AIR, UPCOMING = {"live", "paused"}, {"announced", "lobby"}


def planned(state: str, **more: object) -> Livestream:
    values = {"went_live_at": START, "auto_end_minutes": 45, "held_elsewhere": False}
    return Livestream(state=state, starts_at=START, ends_at=END, **(values | more))


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("after", MINUTES)
def test_every_state_at_every_minute(state: str, after: int) -> None:
    """The whole table: what is true of a livestream so many minutes after its planned end."""
    livestream, now = planned(state), END + minutes(after)
    assert is_overdue(livestream, now) == (state in ON_AIR and after >= 0)
    assert is_due_to_end(livestream, now) == (state in ON_AIR and after >= 45)
    assert is_missed(livestream, now) == (state in UPCOMING and after >= 45)


@pytest.mark.parametrize("margin", [15, 45, 180, BY_HAND])
def test_the_margin_is_that_of_the_livestream(margin: int) -> None:
    livestream = planned("live", auto_end_minutes=margin)
    assert [after for after in MINUTES if is_due_to_end(livestream, END + minutes(after))] == [
        after for after in MINUTES if after >= margin
    ]


@pytest.mark.parametrize(
    ("late", "ends"),
    [
        (-10, 45),
        (0, 45),
        (20, 65),
        (50, 95),
        (90, 135),
    ],  # minutes after the planned start; after the planned end
)
def test_a_late_start_has_as_long_as_was_planned(late: int, ends: int) -> None:
    livestream = planned("live", went_live_at=START + minutes(late))
    assert ends_itself_at(livestream) == END + minutes(ends)


@pytest.mark.parametrize(
    ("asked_at", "nudged", "ends"), [(-20, 10, 45), (5, 35, 45), (40, 70, 70), (44, 74, 74)]
)
def test_more_time_delays_both_the_nudge_and_the_end(asked_at: int, nudged: int, ends: int) -> None:
    livestream = planned("live", extended_until=END + minutes(asked_at + 30))
    assert not is_overdue(livestream, END + minutes(nudged - 1))
    assert is_overdue(livestream, END + minutes(nudged))
    assert ends_itself_at(livestream) == END + minutes(ends)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("after", [0, 1, 14, 15, 16, 4320])
def test_only_an_end_of_the_last_quarter_of_an_hour_can_be_taken_back(state: str, after: int) -> None:
    livestream = planned(state, ended_at=END)
    until = undo_end_until(livestream, END + minutes(after))
    assert until == (END + minutes(15) if state == "ended" and after < 15 else None)


def test_what_was_held_elsewhere_cannot_go_back_on_air() -> None:
    assert undo_end_until(planned("ended", ended_at=END, held_elsewhere=True), END) is None


@pytest.mark.parametrize(
    ("day", "hour", "ends_here"),
    [
        # 01:30 summer time; the clock goes back at 03:00, so 02:30 comes twice: an hour, and 45 minutes.
        (date(2026, 10, 25), time(1, 30), "2026-10-25 02:15 CET"),
        (date(2026, 3, 29), time(1, 30), "2026-03-29 04:15 CEST"),  # 02:00 to 03:00 is skipped
        (date(2026, 12, 31), time(22, 45), "2027-01-01 00:30 CET"),
    ],
)
def test_the_margin_is_counted_in_real_minutes_when_the_clocks_change(
    day: date, hour: time, ends_here: str
) -> None:
    from_here = utc_of_wall_time(day, hour, "Europe/Amsterdam")
    livestream = planned("live")
    livestream.starts_at = livestream.went_live_at = from_here
    livestream.ends_at = from_here + timedelta(hours=1)
    ends = ends_itself_at(livestream)
    assert ends - from_here == minutes(105)
    assert f"{ends.astimezone(AMSTERDAM):%Y-%m-%d %H:%M %Z}" == ends_here
