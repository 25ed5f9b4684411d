"""Tests of the solver's JSON interface, in this process and in the child process."""

import json

from events.core.jobs.subprocess_pool import offload
from events.pairing.json_api import match_json
from events.pairing.parsing import read_problem
from events.pairing.solver import match
from tests.pairing.match_checker import generate

CHILD = "events.pairing.json_api:match_json"


def without_seconds(answer: object) -> object:
    assert isinstance(answer, dict)
    answer["stats"].pop("seconds")
    return answer


def test_the_answer_is_the_plan_as_json() -> None:
    document = generate(12)
    plan = match(read_problem(document)).as_json()
    assert without_seconds(match_json(document)) == without_seconds(plan)


def test_the_child_gives_the_same_answer() -> None:
    document = generate(12)
    assert without_seconds(offload(CHILD, document)) == without_seconds(
        json.loads(json.dumps(match_json(document)))
    )


def test_an_invalid_document_returns_one_sentence() -> None:
    assert match_json({"people": [{"id": "a"}]}) == {"error": "people[0].languages: This field is missing."}
    assert offload(CHILD, []) == match_json([])
