"""State machine of a livestream: every transition from every state."""

import pytest

from events.livestreams.models import STATES
from events.livestreams.rules.states import STEPS, is_done

ALLOWED = {
    ("draft", "publish", "announced"),
    ("announced", "open_lobby", "lobby"),
    ("lobby", "close_lobby", "announced"),
    ("announced", "start", "live"),
    ("lobby", "start", "live"),
    ("live", "return_to_lobby", "lobby"),
    ("live", "pause", "paused"),
    ("paused", "resume", "live"),
    ("live", "end", "ended"),
    ("paused", "end", "ended"),
    ("ended", "show_replay", "replay"),
    ("replay", "hide_replay", "ended"),
    ("ended", "undo_end", "live"),
    ("announced", "miss", "missed"),
    ("lobby", "miss", "missed"),
    ("missed", "replan", "announced"),
    ("missed", "start", "live"),
    ("announced", "hold", "ended"),
    ("lobby", "hold", "ended"),
    ("missed", "hold", "ended"),
    *(
        (state, "cancel", "cancelled")
        for state in ("draft", "announced", "lobby", "live", "paused", "missed")
    ),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("step", STEPS)
def test_only_the_steps_of_the_table_are_allowed(state: str, step: str) -> None:
    assert (state in STEPS[step].before) == ((state, step, STEPS[step].after) in ALLOWED)


def test_a_transition_already_made_counts_as_done() -> None:
    assert is_done("start", "live")
    assert not is_done("start", "paused")
