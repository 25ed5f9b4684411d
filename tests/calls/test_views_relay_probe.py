"""Tests of relay credentials in the device check: near confirmed coffees only."""

from datetime import UTC, datetime, timedelta

import pytest

from events.calls import rules

START = datetime(2026, 12, 3, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "before", "given"),
    [
        ("confirmed", timedelta(hours=23), True),
        ("confirmed", timedelta(0), True),
        ("confirmed", timedelta(hours=25), False),
        ("proposed", timedelta(hours=1), False),
        ("cancelled", timedelta(hours=1), False),
    ],
)
def test_a_relay_is_probed_for_a_confirmed_coffee_that_is_near(
    state: str, before: timedelta, *, given: bool
) -> None:
    assert rules.may_probe_relay(state, START, START - before) is given
