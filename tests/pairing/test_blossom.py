"""Tests of the blossom search: maximum number of pairs, and a barrier that proves it."""

import random

import networkx
import pytest

from events.pairing.blossom import UNMATCHED, BlossomSearch, min_unmatched


@pytest.mark.parametrize("seed", range(150))
def test_the_search_finds_as_many_pairs_as_networkx(seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - a test graph, not a secret
    n = draw.randint(1, 40)
    graph = networkx.gnp_random_graph(n, draw.choice([0.03, 0.06, 0.1, 0.2]), seed=seed)
    near = [list(graph[person]) for person in range(n)]
    partner = [UNMATCHED] * n
    if seed % 2:
        for one, other in networkx.maximal_matching(graph):
            partner[one], partner[other] = other, one
    search = BlossomSearch(partner, near.__getitem__)
    search.pair_more()
    for one, other in enumerate(partner):
        assert other == UNMATCHED or (partner[other] == one and graph.has_edge(one, other))
    alone = partner.count(UNMATCHED)
    assert n - alone == 2 * len(networkx.max_weight_matching(graph, maxcardinality=True))
    assert search.proven
    assert min_unmatched(search, lambda component: False) == alone
    assert min_unmatched(search, lambda component: True) == 0


def test_a_search_that_runs_out_of_steps_says_so() -> None:
    search = BlossomSearch(
        [UNMATCHED] * 3, lambda person: [other for other in range(3) if other != person], budget=1
    )
    search.pair_more()
    assert not search.proven
