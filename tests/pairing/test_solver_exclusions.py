"""Property tests: excluded pairs never meet, over many rounds of few people."""

from collections.abc import Callable
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.pairing.parsing import read_problem
from events.pairing.solver import match
from tests.pairing.match_checker import Document
from tests.support.test_depth import examples

ROUNDS = 6
STARTS = [f"2026-11-24T{hour:02}:00:00Z" for hour in range(9, 13)]
Keep = Callable[[Document, Document], None]


def one_blocks(one: Document, other: Document) -> None:
    one["never"] = [other["id"]]


def the_other_blocks(one: Document, other: Document) -> None:
    other["never"] = [one["id"]]


def same_company(one: Document, other: Document) -> None:
    one["company"], other["company"] = "Bakkerij Bol", " bakkerij  BOL"


def no_language(one: Document, other: Document) -> None:
    one["languages"], other["languages"] = ["nl"], ["en"]


def no_form(one: Document, other: Document) -> None:
    one["forms"], other["forms"] = ["phone"], ["online"]


def no_time(one: Document, other: Document) -> None:
    one["free"], other["free"] = STARTS[:2], STARTS[2:]


def no_rule(one: Document, other: Document) -> None:
    pass


@st.composite
def circles(draw: st.DrawFn) -> list[Document]:
    """Two to five people, so few that exclusions are hard to keep."""
    return [
        {
            "id": name,
            "offers": draw(st.sampled_from([[], ["tax"], ["bread"]])),
            "asks": draw(st.sampled_from([[], ["tax"], ["bread"]])),
            "languages": ["nl", "en"],
            "free": STARTS,
            "forms": ["online", "phone"],
            "trio": draw(st.booleans()),
        }
        for name in "abcde"[: draw(st.integers(2, 5))]
    ]


def meetings(people: list[Document], keep: Keep, seed: int) -> set[frozenset[str]]:
    """Pairs that met in successive rounds, each of which knows the earlier ones."""
    met: set[frozenset[str]] = set()
    in_three: set[str] = set()
    keep(people[0], people[1])
    for number in range(ROUNDS):
        document = {
            "people": [{**person, "trio_last": person["id"] in in_three} for person in people],
            "met": sorted(sorted(pair) for pair in met),
            "together": [["a", "b", "again"]] if number % 2 else [],
            "seed": seed + number,
        }
        groups = [coffee.people for coffee in match(read_problem(document)).coffees]
        in_three = {one for group in groups if len(group) == 3 for one in group}
        met |= {frozenset(pair) for group in groups for pair in combinations(group, 2)}
    return met


@pytest.mark.parametrize("keep", [one_blocks, the_other_blocks, same_company, no_language, no_form, no_time])
@settings(max_examples=examples(3), deadline=None)
@given(people=circles(), seed=st.integers(0, 2**40))
def test_pairs_excluded_by_a_rule_never_meet(keep: Keep, people: list[Document], seed: int) -> None:
    assert frozenset("ab") not in meetings(people, keep, seed)


@settings(max_examples=examples(3), deadline=None)
@given(people=circles(), seed=st.integers(0, 2**40))
def test_without_an_exclusion_they_meet(people: list[Document], seed: int) -> None:
    willing = [{**person, "trio": True} for person in people]  # else a seat for everybody may part them
    assert frozenset("ab") in meetings(willing, no_rule, seed)
