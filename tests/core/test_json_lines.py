"""JSON Lines encoding: round trip, and short lines for long lists."""

import json

from hypothesis import given
from hypothesis import strategies as some

from events.core.cooperative import yield_between
from events.core.jobs.json_lines import ITEMS_PER_LINE, dump_lines, load_lines

VALUES = some.recursive(
    some.none() | some.booleans() | some.integers() | some.text(max_size=5),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=3), inner, max_size=3),
    max_leaves=10,
)


@given(VALUES)
def test_what_is_read_is_what_was_written(document: object) -> None:
    assert load_lines(dump_lines(document)) == document


def test_a_long_list_is_many_short_lines_and_stays_in_order() -> None:
    document = {"seed": 7, "people": [{"id": str(number)} for number in range(10 * ITEMS_PER_LINE + 1)]}
    lines = list(yield_between(dump_lines(document)))
    assert len(lines) == 12
    assert max(len(json.loads(line)[1]) for line in lines[1:]) == ITEMS_PER_LINE
    assert load_lines(lines) == document
