"""Rules of rooms: when messages and edits are accepted."""

from datetime import UTC, datetime, timedelta

import pytest

from events.chat import rules

NOW = datetime(2026, 11, 23, 21, 0, tzinfo=UTC)


@pytest.mark.parametrize("state", ["lobby", "live", "paused"])
def test_the_room_is_open_while_people_are_together(state: str) -> None:
    assert rules.why_closed(state, None, NOW) is None


@pytest.mark.parametrize("state", ["draft", "announced"])
def test_the_room_opens_with_the_lobby(state: str) -> None:
    assert rules.why_closed(state, None, NOW) == "chat_not_open"


@pytest.mark.parametrize("state", ["ended", "replay"])
def test_the_room_stays_open_for_two_hours(state: str) -> None:
    assert rules.why_closed(state, NOW - timedelta(minutes=119), NOW) is None
    assert rules.why_closed(state, NOW - timedelta(minutes=120), NOW) == "chat_closed"


def test_the_room_of_a_cancelled_livestream_is_closed() -> None:
    assert rules.why_closed("cancelled", None, NOW) == "chat_closed"


def test_a_message_may_be_edited_for_ten_minutes() -> None:
    assert rules.may_still_edit(NOW - timedelta(minutes=10), NOW)
    assert not rules.may_still_edit(NOW - timedelta(minutes=10, seconds=1), NOW)
