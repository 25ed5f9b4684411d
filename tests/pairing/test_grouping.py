"""Tests of trios: the third seat rotates, without costing seats or new partners."""

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.pairing.parsing import read_problem
from events.pairing.solver import match
from tests.pairing.match_checker import Document, faults, generate
from tests.support.test_depth import examples

START = "2026-11-24T09:00:00Z"


def plan(document: Document) -> Document:
    return match(read_problem(document)).as_json()


def circle(n: int, **changes: Any) -> Document:
    """People who may all meet, with equal scores."""
    people = [{"id": f"p{at}", "languages": ["nl"], "free": [START]} for at in range(n)]
    return {"people": people, **changes}


def sat_before(document: Document, before: set[str]) -> Document:
    people = [{**person, "trio_last": person["id"] in before} for person in document["people"]]
    return {**document, "people": people}


def in_three(shown: Document) -> set[str]:
    return {one for coffee in shown["coffees"] if len(coffee["people"]) == 3 for one in coffee["people"]}


@pytest.mark.parametrize("n", [7, 13])
def test_among_equals_the_trio_is_three_other_people(n: int) -> None:
    document = circle(n)
    for seed in range(2):
        before = in_three(plan({**document, "seed": seed}))
        assert len(before) == 3
        # The same draw would seat the same three again.
        assert in_three(plan({**document, "seed": seed})) == before
        again = plan(sat_before({**document, "seed": seed}, before))
        assert again["stats"]["seated"] == n
        assert len(in_three(again)) == 3
        assert not in_three(again) & before


def test_trio_membership_rotates_in_a_circle_of_seven() -> None:
    """No one sits in a trio twice in a row, though six of seven do within two rounds."""
    document, before = circle(7), set[str]()
    for seed in range(4):
        shown = plan(sat_before({**document, "seed": seed}, before))
        now = in_three(shown)
        assert len(now) == 3
        assert not now & before
        before = now


def test_rotation_costs_no_seat_and_repeats_no_pair() -> None:
    three = circle(3)
    assert plan(sat_before(three, {"p0", "p1", "p2"}))["stats"]["seated"] == 3
    # All but p3 and p4 sat in one; those two have met each other, so that one of the others sits again.
    five = sat_before(circle(5, met=[["p3", "p4"]]), {"p0", "p1", "p2"})
    shown = plan(five)
    assert (shown["stats"]["seated"], shown["stats"]["widened"]) == (5, 0)
    assert len(in_three(shown) & {"p3", "p4"}) == 1


@settings(max_examples=examples(12), deadline=None)
@given(n=st.integers(3, 11), seed=st.integers(0, 10_000), data=st.data())
def test_earlier_trios_never_change_seats_trios_or_repeats(n: int, seed: int, data: st.DataObject) -> None:
    document = generate(n, seed)
    ids = [person["id"] for person in document["people"]]
    before = data.draw(st.sets(st.sampled_from(ids)))
    without, shown = plan(document), plan(sat_before(document, before))
    assert faults(document, shown) == []
    for count in ("seated", "seated_most", "trios", "widened"):
        assert shown["stats"][count] == without["stats"][count]
    assert len(in_three(shown) & before) <= len(in_three(without) & before)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_larger_round_of_an_odd_number_is_still_seated_whole(seed: int) -> None:
    document = generate(121, seed)
    before = {f"p{at}" for at in range(0, 121, 3)}
    without, shown = plan(document), plan(sat_before(document, before))
    assert faults(document, shown) == []
    assert shown["stats"]["seated"] >= without["stats"]["seated"]
    assert all(not set(pair) <= before for pair in combinations(sorted(in_three(shown)), 2))
