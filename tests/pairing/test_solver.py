"""Property tests of the solver: hard rules, most seats, best score, and true bounds."""

import copy
import random
from functools import cache
from itertools import combinations

import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.pairing.bit_tables import tabulate
from events.pairing.parsing import read_problem
from events.pairing.solver import match
from tests.pairing.match_checker import Document, allowed, faults, generate, met_pairs
from tests.support.test_depth import examples

IDS = "abcdefghij"
STARTS = [f"2026-11-24T{hour:02}:{minute}:00Z" for hour in (9, 10, 11) for minute in ("00", "15")]


def some(*values: str, least: int = 0) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), min_size=least, max_size=3, unique=True)


@st.composite
def rounds(draw: st.DrawFn, most: int = 7, coffees: int = 1) -> Document:
    """Small rounds in which every hard rule applies."""
    ids = IDS[: draw(st.integers(0, most))]
    people = [
        {
            "id": one,
            "offers": draw(some("tax", "Tax ", "bread", "steel")),
            "asks": draw(some("tax", "bread", "steel")),
            "languages": draw(st.sampled_from([["nl"], ["nl", "en"], ["en"]])),
            "company": draw(st.sampled_from([None, None, "", "Acme", " acme", "Bolt"])),
            "never": draw(some(*ids)) if draw(st.integers(0, 3)) == 0 else [],
            "free": draw(some(*STARTS)),
            "forms": draw(st.sampled_from([["online"], ["phone", "online"], ["phone"]])),
            "trio": draw(st.integers(0, 3)) > 0,
            "coffees": draw(st.integers(1, coffees)),
            "luck": draw(st.sampled_from([0.0, 0.5, 3.0])),
        }
        for one in ids
    ]
    pairs = [list(pair) for pair in combinations(ids, 2)]
    chosen = st.lists(st.sampled_from(pairs), max_size=8) if pairs else st.just([])
    codes = st.sampled_from(["again", "asked_same_question"])
    return {
        "people": people,
        "met": draw(chosen),
        "together": [[*pair, draw(codes)] for pair in draw(chosen)],
        "locked": [[*pair, draw(st.sampled_from(STARTS))] for pair in draw(chosen)[:2]]
        if draw(st.booleans())
        else [],
        "need": draw(st.sampled_from([0.0, 0.5, 1.0])),
        "slot_minutes": 30,
        "seed": draw(st.integers(0, 5)),
    }


def plan(document: Document) -> Document:
    return match(read_problem(document)).as_json()


def without_seconds(document: Document) -> Document:
    shown = copy.deepcopy(document)
    shown["stats"].pop("seconds")
    return shown


def options(document: Document) -> dict[frozenset[str], float]:
    """Every allowed pair and trio with its score, each solved in a round of its own."""
    people = {person["id"]: person for person in document["people"]}
    found: dict[frozenset[str], float] = {}
    for one, other in combinations(people, 2):
        if allowed(people[one], people[other]):
            pair = {**document, "people": [people[one], people[other]], "locked": []}
            for field in ("met", "together"):
                pair[field] = [row for row in document[field] if set(row[:2]) <= {one, other}]
            pair["people"] = [{**person, "never": []} for person in pair["people"]]
            found[frozenset((one, other))] = plan(pair)["stats"]["score"]
    for trio in combinations(people, 3):
        pairs = [frozenset(pair) for pair in combinations(trio, 2)]
        three = [people[one] for one in trio]
        common = all(
            set.intersection(*(set(person[field]) for person in three))
            for field in ("free", "languages", "forms")
        )
        if common and all(person["trio"] for person in three) and all(pair in found for pair in pairs):
            found[frozenset(trio)] = sum(found[pair] for pair in pairs) / 2
    return found


def fresh(document: Document, groups: dict[frozenset[str], float]) -> dict[frozenset[str], float]:
    """Options without a repeated pair."""
    met = met_pairs(document)
    return {group: score for group, score in groups.items() if not any(pair <= group for pair in met)}


def every_plan(document: Document, groups: dict[frozenset[str], float]) -> list[tuple[int, int, float]]:
    """(people seated, trios, score) of every possible plan."""

    @cache
    def plans(left: frozenset[str]) -> frozenset[tuple[int, int, float]]:
        if not left:
            return frozenset([(0, 0, 0.0)])
        first = min(left)
        found = set(plans(left - {first}))
        for group, score in groups.items():
            if first in group and group <= left:
                for seated, trios, total in plans(left - group):
                    found.add((seated + len(group), trios + (len(group) == 3), round(total + score, 6)))
        return frozenset(found)

    return list(plans(frozenset(person["id"] for person in document["people"])))


@settings(max_examples=examples(30), deadline=None)
@given(rounds())
def test_no_hard_rule_is_ever_broken(document: Document) -> None:
    assert faults(document, plan(document)) == []


@settings(max_examples=examples(30), deadline=None)
@given(rounds(most=6, coffees=3))
def test_several_coffees_break_no_rule_and_never_overlap(document: Document) -> None:
    assert faults(document, plan(document)) == []


@settings(max_examples=examples(30), deadline=None)
@given(rounds())
def test_seats_and_score_of_a_small_round_cannot_be_surpassed(document: Document) -> None:
    document["locked"] = []
    stats = plan(document)["stats"]
    groups = options(document)
    most = max(seated for seated, _, _ in every_plan(document, groups))
    assert stats["seated"] == stats["seated_most"] == most
    among = groups if stats["widened"] else fresh(document, groups)
    rivals = [one for one in every_plan(document, among) if one[0] == most]
    assert stats["bound"] >= max(score for _, _, score in rivals) - 1e-5
    if not stats["widened"]:
        fewest = min(trios for _, trios, _ in rivals)
        assert stats["trios"] == fewest
        best = max(score for _, trios, score in rivals if trios == fewest)
        assert stats["score"] == pytest.approx(best, abs=2e-5)


@settings(max_examples=examples(10), deadline=None)
@given(rounds())
def test_people_who_met_meet_again_only_if_someone_would_be_left_out(document: Document) -> None:
    document["locked"] = []
    stats = plan(document)["stats"]
    most = max(seated for seated, _, _ in every_plan(document, fresh(document, options(document))))
    assert (stats["widened"] > 0) == (stats["seated"] > most)


@settings(max_examples=examples(10), deadline=None)
@given(rounds(), st.randoms(use_true_random=False))
def test_the_same_round_gives_the_same_plan_in_any_order(document: Document, draw: random.Random) -> None:
    mixed = copy.deepcopy(document)
    draw.shuffle(mixed["people"])
    draw.shuffle(mixed["met"])
    first = without_seconds(plan(document))
    assert without_seconds(plan(copy.deepcopy(document))) == first
    assert without_seconds(plan(mixed)) == first


@settings(max_examples=examples(10), deadline=None)
@given(rounds(), st.integers(0, 1000))
def test_other_ids_change_no_number_of_the_plan(document: Document, draw: int) -> None:
    """Ids break ties between equal plans: who meets whom may change, but no count and no score."""
    names = {one: f"{draw * 7919 % (31 + at)}-{at}" for at, one in enumerate(IDS)}
    renamed = copy.deepcopy(document)
    for person in renamed["people"]:
        person["id"], person["never"] = names[person["id"]], [names[other] for other in person["never"]]
    for field in ("met", "together", "locked"):
        renamed[field] = [[names[row[0]], names[row[1]], *row[2:]] for row in document[field]]
    mine, theirs = plan(document), plan(renamed)
    assert faults(renamed, theirs) == []
    for count in ("people", "seated", "seated_most", "pairs", "trios", "widened", "locked_refused"):
        assert theirs["stats"][count] == mine["stats"][count]
    assert theirs["stats"]["score"] == pytest.approx(mine["stats"]["score"], abs=2e-5)


@pytest.mark.parametrize("n", [7, 41, 300])
def test_generated_circles_pass_the_independent_checker(n: int) -> None:
    document = generate(n, seed=n)
    shown = plan(document)
    assert faults(document, shown) == []
    assert shown["stats"]["seated"] == shown["stats"]["seated_most"]


@pytest.mark.parametrize(("n", "seed"), [(30, 1), (60, 2), (90, 3)])
def test_the_pairs_are_the_exact_optimum_of_networkx(n: int, seed: int) -> None:
    document = generate(n, seed)
    document["people"] = [{**person, "trio": False} for person in document["people"]]
    shown = plan(document)
    tables, people = tabulate(read_problem(document))
    scores = tables.block(0, n, met=False)
    by_id = {person["id"]: person for person in document["people"]}
    met = met_pairs(document)
    graph = networkx.Graph()
    for at, other in combinations(range(n), 2):
        one, two = by_id[people[at].id], by_id[people[other].id]
        if allowed(one, two) and frozenset((one["id"], two["id"])) not in met:
            graph.add_edge(at, other, weight=int(scores[at, other]))
    best = networkx.max_weight_matching(graph, maxcardinality=True)
    assert shown["stats"]["seated"] >= 2 * len(best)
    if not shown["stats"]["widened"]:
        total = sum(graph.edges[pair]["weight"] for pair in best)
        assert round(shown["stats"]["score"] * 1e6) == pytest.approx(total, abs=n)


@pytest.mark.parametrize("n", [451, 2200])
def test_a_crowd_is_seated_whole_and_close_to_the_bound(n: int) -> None:
    document = generate(n, seed=1)
    shown = plan(document)
    assert faults(document, shown) == []
    assert shown["stats"]["seated"] == shown["stats"]["seated_most"]
    assert shown["stats"]["score"] >= 0.995 * shown["stats"]["bound"]
