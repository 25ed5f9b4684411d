"""Rules of office hours."""

from datetime import UTC, datetime

import pytest

from events.office_hours.rules import closing_time


@pytest.mark.parametrize(
    ("now", "days", "closes"),
    [
        (datetime(2026, 11, 2, 9, 0, tzinfo=UTC), 3, datetime(2026, 11, 5, 22, 59, tzinfo=UTC)),
        # Half past midnight in Amsterdam is another day there.
        (datetime(2026, 11, 2, 23, 30, tzinfo=UTC), 3, datetime(2026, 11, 6, 22, 59, tzinfo=UTC)),
        # The last Sunday of March: an hour less.
        (datetime(2026, 3, 26, 9, 0, tzinfo=UTC), 7, datetime(2026, 4, 2, 21, 59, tzinfo=UTC)),
    ],
)
def test_office_hours_close_at_the_end_of_a_day(now: datetime, days: int, closes: datetime) -> None:
    assert closing_time(now, days, "Europe/Amsterdam") == closes
