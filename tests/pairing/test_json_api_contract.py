"""Tests of the contract: coffee fields, locks, prior benefit, repeated pairs, and reasons for staying
unmatched.
"""

from typing import Any

import pytest

from events.pairing.parsing import read_problem
from events.pairing.solver import match
from tests.pairing.match_checker import Document

STARTS = [f"2026-11-24T{hour:02}:{minute}:00Z" for hour in (9, 10, 11) for minute in ("00", "15")]


def plan(document: Document) -> Document:
    return match(read_problem(document)).as_json()


def person(name: str, **changes: Any) -> Document:
    return {"id": name, "languages": ["nl"], "free": STARTS[:1], **changes}


def test_a_coffee_is_described_as_the_contract_says() -> None:
    anna = person("anna", offers=["tax"], asks=["bread"], free=STARTS)
    bram = person("bram", offers=["bread"], asks=["Tax"], free=STARTS[1:])
    shown = plan({"people": [anna, bram], "together": [["anna", "bram", "asked_same_question"]]})
    (coffee,) = shown["coffees"]
    assert coffee["people"] == ["anna", "bram"]
    assert coffee["starts_at"] == "2026-11-24T09:15:00Z"
    assert coffee["alternatives"] == STARTS[2:5]
    assert coffee["form"] == "online"
    assert coffee["widened"] == []
    assert coffee["reasons"]["anna"] == [
        {"code": "offers", "topic": "bread", "with": "bram"},
        {"code": "asks", "topic": "tax", "with": "bram"},
        {"code": "asked_same_question", "with": "bram"},
    ]
    assert shown["without"] == []
    assert {"seated", "seated_most", "score", "bound", "seconds"} <= set(shown["stats"])


def test_strangers_without_a_topic_are_new_to_each_other() -> None:
    (coffee,) = plan({"people": [person("a"), person("b")]})["coffees"]
    assert coffee["reasons"] == {"a": [{"code": "new", "with": "b"}], "b": [{"code": "new", "with": "a"}]}


def test_a_locked_pair_meets_at_its_time_unless_a_rule_forbids_it() -> None:
    people = [person(name, free=STARTS) for name in "abcd"]
    locked = [["a", "c", STARTS[4]]]
    coffees = plan({"people": people, "locked": locked})["coffees"]
    assert (["a", "c"], STARTS[4]) in [(coffee["people"], coffee["starts_at"]) for coffee in coffees]
    people[0]["never"] = ["c"]
    shown = plan({"people": people, "locked": locked})
    assert ["a", "c"] not in [coffee["people"] for coffee in shown["coffees"]]
    assert shown["stats"]["locked_refused"] == 1
    assert shown["stats"]["seated"] == 4


def test_people_with_least_prior_benefit_are_seated_first() -> None:
    people = [person("host", trio=False), person("lucky", luck=4.0), person("unlucky", luck=0.5)]
    people[1]["company"] = people[2]["company"] = "Acme"
    for seed in range(5):
        assert plan({"people": people, "seed": seed})["without"] == [{"id": "lucky", "why": "nobody_left"}]


def test_a_mutual_wish_to_meet_again_is_not_widening() -> None:
    document = {"people": [person("a"), person("b")], "met": [["a", "b"]]}
    assert plan(document)["coffees"][0]["widened"] == ["met"]
    again = plan({**document, "together": [["a", "b", "again"]]})["coffees"][0]
    assert again["widened"] == []
    assert again["reasons"]["a"] == [{"code": "again", "with": "b"}]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"never": ["b", "c"]}, "only_excluded"),
        ({"company": "acme"}, "only_excluded"),
        ({"languages": ["fy"]}, "no_common_language"),
        ({"forms": ["phone"]}, "no_common_form"),
        ({"free": []}, "no_common_time"),
        ({"trio": False}, "nobody_left"),
    ],
)
def test_unmatched_people_have_a_reason(change: Document, why: str) -> None:
    people = [person("a", luck=9.0), person("b", company="Acme"), person("c", company="ACME ")]
    people[0].update(change)
    if why == "nobody_left":
        people[1:] = [person("b"), person("c")]
    shown = plan({"people": people, "need": 1.0})
    assert {"id": "a", "why": why} in shown["without"]


def test_one_person_and_no_people_have_a_plan() -> None:
    assert plan({"people": []})["coffees"] == []
    assert plan({"people": [person("a")]})["without"] == [{"id": "a", "why": "nobody_else"}]
    few = {"people": [person("a"), person("b"), person("c", trio=False)], "met": [["a", "c"], ["b", "c"]]}
    assert plan(few)["without"] == [{"id": "c", "why": "met_everyone"}]
