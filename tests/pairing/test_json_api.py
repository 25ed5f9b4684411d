"""The algorithm over JSON, in this process and through the child that the product uses."""

import json
import subprocess
import sys

from events.core.jobs.subprocess_pool import offload
from events.pairing.json_api import match_json
from events.pairing.parsing import read_problem
from events.pairing.solver import match
from tests.pairing.match_checker import generate

CHILD = "events.matching.rules:match_json"


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


def test_a_document_that_cannot_be_matched_comes_back_as_one_sentence() -> None:
    assert match_json({"people": [{"id": "a"}]}) == {"error": "people[0].languages: This field is missing."}
    assert offload(CHILD, []) == match_json([])


def test_the_web_never_loads_what_only_the_child_needs() -> None:
    """The doors, jobs and reads of rounds work without the solver in memory."""
    check = (
        "import sys, events.matching.views, events.matching.jobs, events.matching.listeners;"
        "print([name for name in ('scipy', 'rustworkx', 'events.matching.rules') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
