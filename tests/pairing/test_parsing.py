"""Tests of the problem parser: invalid documents are refused with a path and a sentence."""

import json
from typing import Any

import pytest

from events.pairing.parsing import BadProblem, read_problem

PERSON = {"id": "a", "languages": ["nl"], "free": ["2026-11-24T09:00:00Z"]}
OTHER = {**PERSON, "id": "b"}


def with_person(**changes: Any) -> dict[str, Any]:
    return {"people": [{**PERSON, **changes}, OTHER]}


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ([], "the file"),
        (None, "the file"),
        ({}, "people"),
        ({"people": {}}, "people"),
        ({"people": [1]}, "people[0]"),
        ({"people": [{"id": "a", "free": []}]}, "people[0].languages"),
        ({"people": [PERSON, PERSON]}, "people[1].id"),
        ({"people": [PERSON], "sede": 1}, "the file.sede"),
        (with_person(id=1), "people[0].id"),
        (with_person(id=" "), "people[0].id"),
        (with_person(id="a\x00"), "people[0].id"),
        (with_person(id="\ud800"), "people[0].id"),
        (with_person(id="a" * 201), "people[0].id"),
        (with_person(frends=[]), "people[0].frends"),
        (with_person(offers="tax"), "people[0].offers"),
        (with_person(offers=[None]), "people[0].offers[0]"),
        (with_person(offers=[str(at) for at in range(61)]), "people[0].offers"),
        (with_person(company=3), "people[0].company"),
        (with_person(never=["z"]), "people[0].never[0]"),
        (with_person(free=["2026-11-24T09:00:00"]), "people[0].free[0]"),
        (with_person(free=["tomorrow"]), "people[0].free[0]"),
        (with_person(free=["0001-01-01T00:00:00+14:00"]), "people[0].free[0]"),
        (with_person(trio=1), "people[0].trio"),
        (with_person(trio_last=1), "people[0].trio_last"),
        (with_person(coffees=0), "people[0].coffees"),
        (with_person(coffees=True), "people[0].coffees"),
        (with_person(coffees=1.5), "people[0].coffees"),
        (with_person(luck=float("nan")), "people[0].luck"),
        (with_person(luck=float("inf")), "people[0].luck"),
        (with_person(luck=-1), "people[0].luck"),
        (with_person(luck=10**400), "people[0].luck"),
        ({"people": [PERSON, OTHER], "met": [["a"]]}, "met[0]"),
        ({"people": [PERSON, OTHER], "met": [["a", "z"]]}, "met[0][1]"),
        ({"people": [PERSON, OTHER], "met": [["a", "a"]]}, "met[0]"),
        ({"people": [PERSON, OTHER], "together": [["a", "b"]]}, "together[0]"),
        ({"people": [PERSON, OTHER], "together": [["a", "b", 1]]}, "together[0][2]"),
        ({"people": [PERSON, OTHER], "locked": [["a", "b", "soon"]]}, "locked[0][2]"),
        ({"people": [PERSON], "need": 1.1}, "need"),
        ({"people": [PERSON], "need": "much"}, "need"),
        ({"people": [PERSON], "slot_minutes": 0}, "slot_minutes"),
        ({"people": [PERSON], "seed": 2**64}, "seed"),
        ({"people": [PERSON], "seed": None}, "seed"),
    ],
)
def test_invalid_input_is_refused_with_its_path(document: object, path: str) -> None:
    with pytest.raises(BadProblem) as refused:
        read_problem(document)
    assert refused.value.path == path
    assert refused.value.sentence.endswith(".")


def test_non_finite_numbers_are_refused() -> None:
    with pytest.raises(BadProblem, match="need"):
        read_problem(json.loads('{"people": [], "need": NaN}'))


def test_omitted_fields_have_the_defaults_of_the_contract() -> None:
    problem = read_problem({"people": [PERSON]})
    (person,) = problem.people
    assert (person.forms, person.trio, person.coffees, person.prior_benefit) == (("online",), True, 1, 0.0)
    assert person.trio_last is False
    assert (problem.together, problem.locked, problem.need) == ((), (), 0.5)
    assert (problem.met, problem.slot_minutes, problem.seed) == ((), 30, 0)


def test_starts_in_another_zone_are_the_same_moments() -> None:
    here, there = (
        read_problem(with_person(free=[start])).people[0].free
        for start in ("2026-11-24T10:00:00+01:00", "2026-11-24T09:00:00Z")
    )
    assert here == there
