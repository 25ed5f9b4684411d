"""The checker of actions: it sees each kind of fault, and nothing in a true story."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from tests.faults.action_checker import ActionHistory, Stored, find_faults

SEAT, PLACE, STATE = ("seat", "coffee 1", "bram"), ("place", "bram"), ("state",)


def true_actions() -> ActionHistory:
    actions = ActionHistory()
    for thing, value in ((SEAT, "yes"), (PLACE, "coming"), (STATE, "paused")):
        actions.note_try(thing, value)
        actions.note_kept(thing, value)
    return actions


def true_rows() -> Stored:
    return Stored(
        values={SEAT: "yes", PLACE: "coming", STATE: "paused"},
        quarters=[("bram", "14:00"), ("chris", "14:00")],
        capacity=1,
        steps=1,
        undone=[],
        confirmed={("coffee 1", "bram")},
        told={("coffee 1", "bram")},
        sent={"<1@test>"},
        named={"<1@test>", "<0@test>"},
        arrived=Counter({"<1@test>": 1}),
        pages={"page 0": ("paused", 1)},
    )


def test_a_correct_history_has_no_faults_with_or_without_an_unacknowledged_action() -> None:
    assert find_faults(true_actions(), true_rows(), kills=0) == []
    actions, rows = true_actions(), true_rows()
    actions.note_try(STATE, "live")
    assert find_faults(actions, rows, kills=0) == []
    rows.values[STATE], rows.steps, rows.pages = "live", 2, {"page 0": ("live", 2)}
    assert find_faults(actions, rows, kills=0) == []


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda rows: rows.values.update({SEAT: "waiting"}), "acknowledged as yes"),
        (lambda rows: rows.values.pop(PLACE), "acknowledged as coming"),
        (lambda rows: rows.quarters.append(("bram", "14:00")), "two coffees"),
        (lambda rows: rows.values.update({("place", "chris"): "coming"}), "2 places of 1"),
        (lambda rows: setattr(rows, "steps", 2), "the version rose by 2"),
        (lambda rows: rows.pages.update({"page 1": ("live", 0)}), "page 1 ended in"),
        (lambda rows: rows.undone.append("a job"), "not done"),
        (lambda rows: rows.told.clear(), "nobody told bram"),
        (lambda rows: rows.sent.add("<2@test>"), "never arrived"),
        (lambda rows: rows.arrived.update({"<3@test>": 1}), "a name that nobody gave"),
        (lambda rows: rows.arrived.update({"<1@test>": 1}), "1 doubles after 0 kills"),
    ],
)
def test_every_kind_of_fault_is_seen(spoil: Callable[[Stored], Any], words: str) -> None:
    rows = true_rows()
    spoil(rows)
    assert any(words in fault for fault in find_faults(true_actions(), rows, kills=0))
