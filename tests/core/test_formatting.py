"""Formatting of dates and relative times."""

from datetime import UTC, datetime, timedelta

import pytest

from events.core.i18n.formatting import distance

NOW = datetime(2026, 11, 30, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("gap", "english"),
    [
        (timedelta(minutes=20), "in 20 minutes"),
        (timedelta(hours=20), "in 20 hours"),
        (timedelta(days=1, hours=8), "in 1 day"),
        (timedelta(days=6), "in 6 days"),
        (timedelta(days=9), "in 9 days"),
        (timedelta(days=13), "in 13 days"),
        (timedelta(days=21), "in 3 weeks"),
        (timedelta(days=-9), "9 days ago"),
    ],
)
def test_a_distance_of_more_than_a_week_is_not_called_a_week(gap: timedelta, english: str) -> None:
    assert distance(NOW + gap, NOW, "en") == english
