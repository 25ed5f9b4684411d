"""Tests of the solver's large-crowd parts: paths and cycles, feasible dual prices, and replayed runs."""

import json
import random
from itertools import combinations

import numpy as np
import pytest

from events.pairing.auction import UNASSIGNED, Assignment
from events.pairing.bit_tables import tabulate
from events.pairing.candidates import find_edges
from events.pairing.cycles import split_into_pairs
from events.pairing.dual_prices import candidate_lists, solve_dual
from events.pairing.json_api import match_json
from events.pairing.parsing import read_problem
from events.pairing.upper_bound import make_feasible
from tests.pairing.match_checker import generate, give_topics


@pytest.mark.parametrize("seed", range(60))
def test_a_cycle_or_path_splits_where_it_costs_least(seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - test data, not a secret
    many, ring = draw.randint(3, 9), draw.random() < 0.5
    score = [draw.randint(0, 9) for _ in range(many)]
    following = [*range(1, many), 0 if ring else UNASSIGNED]
    partner, alone = split_into_pairs(Assignment(np.array(following), np.array(score)))
    steps = [(one, other) for one, other in enumerate(following) if other != UNASSIGNED]
    assert len(alone) == many % 2
    got = sum(score[one] for one, other in steps if partner[one] == other)
    apart = [
        c for c in combinations(steps, many // 2) if len({p for step in c for p in step}) == many // 2 * 2
    ]
    assert got == max(sum(score[one] for one, _ in choice) for choice in apart)


@pytest.mark.parametrize(("seed", "topics"), [(1, None), (2, None), (3, 20)])
def test_dual_prices_of_a_crowd_are_feasible_for_every_allowed_pair(seed: int, topics: int | None) -> None:
    document = generate(600, seed)
    if topics:
        give_topics(document, most=topics)
    tables, _ = tabulate(read_problem(document))
    edges = find_edges(tables, met=False)
    few = edges.only(np.arange(len(edges)) % 4 == 0)  # so that make_feasible has work
    candidates_only, _ = solve_dual(tables.n, candidate_lists(tables.n, few), 0.0)
    price = make_feasible(tables, candidates_only, met=False)
    scores = tables.block(0, tables.n, met=False)
    most = np.where(scores >= 0, scores, 0)
    np.fill_diagonal(most, 0)
    assert (most <= price[:, None] + price[None, :]).all()
    assert (most > candidates_only[:, None] + candidates_only[None, :]).any()


@pytest.mark.parametrize("n", [12, 450])
def test_a_stored_run_gives_the_same_plan_again(n: int) -> None:
    stored = json.dumps(generate(n, seed=5), separators=(",", ":"), sort_keys=True)
    first, again = match_json(json.loads(stored)), match_json(json.loads(stored))
    for answer in (first, again):
        stats = answer["stats"]
        assert isinstance(stats, dict)
        stats.pop("seconds")
    assert first == again
