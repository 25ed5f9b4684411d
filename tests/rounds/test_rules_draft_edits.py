"""Tests of manually built coffees: the solver's hard rules and reasons."""

from random import Random

import pytest

from events.pairing.json_api import match_json
from events.rounds.rules.draft_edits import Planned, build_coffee, compare_fit

TIMES = [f"2026-12-0{day}T09:00:00+00:00" for day in range(1, 9)]
CODES = ("again", "both_came", "same_poll")


def problem_of(seed: int) -> dict[str, object]:
    """Nine people with times, topics, companies, languages, forms and exclusions."""
    draw = Random(seed)  # noqa: S311 - the same people every time
    ids = [f"p{number}" for number in range(9)]
    people = [
        {
            "id": one,
            "asks": draw.sample("abcdef", 2),
            "offers": draw.sample("abcdef", 2),
            "languages": draw.choice((["nl"], ["nl", "en"], ["en"])),
            "company": draw.choice(("Bakker", " bakker ", None, "Zaag")),
            "never": [other for other in draw.sample(ids, 1) if other != one],
            "free": sorted(draw.sample(TIMES, 4)),
            "forms": draw.choice((["online"], ["phone", "online"], ["phone"])),
        }
        for one in ids
    ]
    pairs = [sorted(draw.sample(ids, 2)) for _ in range(6)]
    return {
        "people": people,
        "met": pairs[:3],
        "together": [[*pair, code] for pair, code in zip(pairs, CODES * 2, strict=True)],
        "slot_minutes": 30,
        "seed": seed,
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
def test_solver_coffees_can_be_made_by_hand_with_the_same_reasons(seed: int) -> None:
    problem = problem_of(seed)
    coffees = match_json(problem)["coffees"]
    assert isinstance(coffees, list)
    for coffee in coffees:
        start = coffee["starts_at"].replace("Z", "+00:00")
        made = build_coffee(problem, coffee["people"], start)
        assert made is not None
        assert (made["reasons"], made["form"]) == (coffee["reasons"], coffee["form"])
        assert bool(made["widened"]) == bool(coffee["widened"])


@pytest.mark.parametrize("seed", range(12))
def test_the_solver_refuses_to_lock_what_cannot_be_made_by_hand(seed: int) -> None:
    problem = problem_of(seed)
    ids = [f"p{number}" for number in range(9)]
    refused = [
        (one, other)
        for one in ids
        for other in ids
        if one < other and not build_coffee(problem, (one, other))
    ]
    assert refused
    for one, other in refused[:6]:
        answer = match_json({**problem, "locked": [[one, other, TIMES[0]]]})
        assert answer["stats"]["locked_refused"] == 1  # type: ignore[index]  # a JSON document


def test_an_outsider_a_single_person_and_a_duplicate_make_no_coffee() -> None:
    problem = problem_of(1)
    for group in (("p1", "nobody"), ("p1",), ("p1", "p1"), ("p0", "p1", "p2", "p3")):
        assert build_coffee(problem, group) is None


def test_a_wish_to_meet_again_makes_nothing_fit_better() -> None:
    plain: Planned = {
        "people": ["a", "b"], "starts_at": TIMES[0], "form": "online", "alternatives": [], "widened": [],
        "reasons": {"a": [{"code": "new", "with": "b"}], "b": [{"code": "new", "with": "a"}]},
    }  # fmt: skip
    again: Planned = {**plain, "reasons": {who: [{"code": "again", "with": "x"}] for who in ("a", "b")}}
    asked: Planned = {**plain, "reasons": {who: [{"code": "offers", "with": "x"}] for who in ("a", "b")}}
    assert compare_fit([plain], [again]) == "as_well"
    assert (compare_fit([plain], [asked]), compare_fit([asked], [plain])) == ("better", "less_well")
