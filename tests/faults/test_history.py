"""The checker itself: it sees each kind of fault, and nothing in a true story."""

import pytest

from tests.faults.chat_checker import Heard, History, find_faults

STORED: list[Heard] = [(1, "a", "one"), (2, "b", "two"), (3, "c", "three")]


def true_story() -> History:
    history = History()
    for number, client_id, words in STORED:
        history.note_try(client_id, words)
        history.note_kept(client_id, number, 0.01)
    return history


def test_a_correct_history_has_no_faults() -> None:
    history = true_story()
    history.note_try("d", "never acknowledged and never stored")
    assert find_faults(history, STORED, {"Bram": STORED, "Dana, who came later": STORED[1:]}) == []


@pytest.mark.parametrize(
    ("stored", "heard"),
    [
        (STORED[:2], STORED[:2]),  # an acknowledged one is gone
        ([*STORED, (4, "d", "three")], [*STORED, (4, "d", "three")]),  # one stands there twice
        ([STORED[0], (3, "b", "two"), (4, "c", "three")], []),  # a number is missing
        (STORED, [STORED[1], STORED[0], STORED[2]]),  # another order
        (STORED, STORED[:2]),  # one was never heard
        (STORED, [*STORED[:2], STORED[1], STORED[2]]),  # one was heard twice
    ],
)
def test_every_kind_of_fault_is_seen(stored: list[Heard], heard: list[Heard]) -> None:
    assert find_faults(true_story(), stored, {"Bram": heard} if heard else {}) != []


def test_a_resend_under_another_number_is_seen() -> None:
    history = true_story()
    history.note_kept("a", 9, 0.01)
    assert find_faults(history, STORED, {}) != []
