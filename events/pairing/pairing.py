"""Maximum-cardinality matching of highest weight: exact up to 1,200 people, beyond that an auction
with repair.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import rustworkx

from events.pairing.auction import run_auction
from events.pairing.bit_masks import Ints
from events.pairing.bit_tables import Tables
from events.pairing.blossom import UNMATCHED, BlossomSearch, Neighbours
from events.pairing.candidates import Edges
from events.pairing.cycles import split_into_pairs
from events.pairing.dual_prices import CandidateLists, Prices, candidate_lists, solve_dual

MAX_EXACT_PEOPLE = 1_200  # up to here Edmonds' weighted algorithm is fast enough
MAX_REGION_PEOPLE = 1_200  # around those the auction left unmatched, solved exactly
MAX_REPAIRS = 6  # stops when none is matched any more
REGION_CANDIDATES = 6
SEARCH_BUDGET = 3_000_000  # edges visited
NEEDY_BONUS = 20  # in best scores


@dataclass(frozen=True)
class Pairing:
    """`partner[i]` or UNMATCHED; `price` when dual prices were computed for the plain scores."""

    partner: list[int]
    price: Prices | None


def pair_people(tables: Tables, edges: Edges) -> Pairing:
    """Exact on the candidates up to MAX_EXACT_PEOPLE; beyond, an auction with local repair. Never
    fewer pairs.
    """
    # People without a coffee come before people who have one; the score decides within that.
    first = 0 if tables.needy.all() else NEEDY_BONUS * int(edges.score.max(initial=1))
    value = edges.score + (tables.needy[edges.one] + tables.needy[edges.other].astype(np.int64)) * first
    price = None
    if tables.n <= MAX_EXACT_PEOPLE:
        partner = _max_weight_matching(tables.n, edges.one, edges.other, value)
        lists = None if edges.complete else candidate_lists(tables.n, edges)
    else:
        valued = replace(edges, score=value)
        lists = candidate_lists(tables.n, valued)
        price, close = solve_dual(tables.n, lists, 0.0)
        partner, alone = split_into_pairs(run_auction(tables.n, close, price))
        partner = _repair(tables.n, valued, lists, price, partner, alone)
    if lists is not None:
        partner = augment_pairs(tables, partner, lists)
    return Pairing(partner, price if tables.needy.all() else None)


def augment_pairs(tables: Tables, partner: list[int], lists: CandidateLists) -> list[int]:
    """Maximum number of pairs under all rules: search the candidates first, then every allowed pair."""
    everybody = neighbours_of(tables, met=False)

    def nearby(person: int) -> Sequence[int]:
        near: list[int] = lists.partner[lists.of(person)].tolist()
        return near

    for neighbours in (nearby, everybody):
        alone = [person for person, other in enumerate(partner) if other == UNMATCHED]
        if len(alone) < 2 or sum(1 for person in alone if len(everybody(person))) < 2:
            break
        search = BlossomSearch(list(partner), neighbours, SEARCH_BUDGET)
        search.pair_more()
        partner = search.partner
    return partner


def neighbours_of(tables: Tables, met: bool) -> Neighbours:
    """Function that computes and caches everyone a person may meet."""
    kept: dict[int, list[int]] = {}

    def row(person: int) -> Sequence[int]:
        if person not in kept:
            kept[person] = np.flatnonzero(tables.block(person, person + 1, met)[0] >= 0).tolist()
        return kept[person]

    return row


def _max_weight_matching(n: int, one: Ints, other: Ints, value: Ints) -> list[int]:
    graph = rustworkx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(n))
    graph.add_edges_from(list(zip(one.tolist(), other.tolist(), value.tolist(), strict=True)))
    partner = [UNMATCHED] * n
    for left, right in rustworkx.max_weight_matching(graph, max_cardinality=True, weight_fn=int):
        partner[left], partner[right] = right, left
    return partner


def _repair(
    n: int, edges: Edges, lists: CandidateLists, price: Prices, partner: list[int], alone: list[int]
) -> list[int]:
    for _ in range(MAX_REPAIRS):
        if not alone:
            break
        region = _region(lists, price, partner, alone)
        place = np.full(n, -1, dtype=np.int64)
        place[region] = np.arange(len(region))
        inside = (place[edges.one] >= 0) & (place[edges.other] >= 0)
        local = _max_weight_matching(
            len(region), place[edges.one[inside]], place[edges.other[inside]], edges.score[inside]
        )
        for at, mate in enumerate(local):
            partner[region[at]] = UNMATCHED if mate == UNMATCHED else int(region[mate])
        still = [int(person) for person in region if partner[person] == UNMATCHED]
        if len(still) == len(alone):
            break
        alone = still
    return partner


def _region(lists: CandidateLists, price: Prices, partner: list[int], alone: list[int]) -> Ints:
    """Unmatched people and, breadth first, their cheapest candidates, each with their partner."""
    most = len(alone) + MAX_REGION_PEOPLE
    region = dict.fromkeys(alone)
    wave = list(alone)
    while wave and len(region) < most:
        found: dict[int, None] = {}
        for person in wave:
            mine = lists.of(person)
            others = lists.partner[mine]
            order = np.argsort(price[others] - lists.score[mine], kind="stable")
            for other in others[order[:REGION_CANDIDATES]].tolist():
                for joined in (other, partner[other]):
                    if joined != UNMATCHED and joined not in region and len(region) < most:
                        region[joined] = found[joined] = None
        wave = list(found)
    return np.array(sorted(region), dtype=np.int64)
