"""As many pairs as there can be, and of all such pairings the one that scores most."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import rustworkx

from events.pairing.auction import bid
from events.pairing.bit_tables import Ints, Tables
from events.pairing.blossom import ALONE, Neighbours, Search
from events.pairing.candidates import Edges
from events.pairing.cycles import fall_apart
from events.pairing.dual_prices import Lists, Prices, lists_of, settle

EXACT = 1_200  # people up to whom Edmonds' weighted algorithm is fast enough
REGION = 1_200  # people around whom the auction left alone, paired exactly,
PASSES = 6  # again and again while that helps
NEARBY = 6
STEPS = 3_000_000  # of a search over every allowed pair
SEATS_FIRST = 20  # times the best score


@dataclass(frozen=True)
class Pairing:
    """`partner[i]` or ALONE; and the prices, if any were needed."""

    partner: list[int]
    price: Prices | None


def pair_up(tables: Tables, edges: Edges) -> Pairing:
    """Exact on the candidates up to EXACT people; beyond, an auction repaired. Never fewer pairs."""
    # People without a coffee go before people who have one: only then does the score count.
    first = 0 if tables.needy.all() else SEATS_FIRST * int(edges.score.max(initial=1))
    value = edges.score + (tables.needy[edges.one] + tables.needy[edges.other].astype(np.int64)) * first
    price = None
    if tables.n <= EXACT:
        partner = _exactly(tables.n, edges.one, edges.other, value)
        lists = None if edges.complete else lists_of(tables.n, edges)
    else:
        valued = replace(edges, score=value)
        lists = lists_of(tables.n, valued)
        price, close = settle(tables.n, lists, 0.0)
        partner, alone = fall_apart(bid(tables.n, close, price))
        partner = _repaired(tables.n, valued, lists, price, partner, alone)
    if lists is not None:
        partner = more_pairs(tables, partner, lists)
    return Pairing(partner, price if tables.needy.all() else None)


def more_pairs(tables: Tables, partner: list[int], lists: Lists) -> list[int]:
    """The maximum of pairs over all that rules allow: first by candidates, then by everybody."""
    everybody = rows(tables, met=False)

    def nearby(person: int) -> Sequence[int]:
        near: list[int] = lists.partner[lists.of(person)].tolist()
        return near

    for neighbours in (nearby, everybody):
        alone = [person for person, other in enumerate(partner) if other == ALONE]
        if len(alone) < 2 or sum(1 for person in alone if len(everybody(person))) < 2:
            break
        search = Search(list(partner), neighbours, STEPS)
        search.pair_more()
        partner = search.partner
    return partner


def rows(tables: Tables, met: bool) -> Neighbours:
    """Everybody each person may meet, worked out when asked for."""
    kept: dict[int, list[int]] = {}

    def row(person: int) -> Sequence[int]:
        if person not in kept:
            kept[person] = np.flatnonzero(tables.block(person, person + 1, met)[0] >= 0).tolist()
        return kept[person]

    return row


def _exactly(n: int, one: Ints, other: Ints, value: Ints) -> list[int]:
    graph = rustworkx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(n))
    graph.add_edges_from(list(zip(one.tolist(), other.tolist(), value.tolist(), strict=True)))
    partner = [ALONE] * n
    for left, right in rustworkx.max_weight_matching(graph, max_cardinality=True, weight_fn=int):
        partner[left], partner[right] = right, left
    return partner


def _repaired(
    n: int, edges: Edges, lists: Lists, price: Prices, partner: list[int], alone: list[int]
) -> list[int]:
    for _ in range(PASSES):
        if not alone:
            break
        region = _region(lists, price, partner, alone)
        place = np.full(n, -1, dtype=np.int64)
        place[region] = np.arange(len(region))
        inside = (place[edges.one] >= 0) & (place[edges.other] >= 0)
        local = _exactly(
            len(region), place[edges.one[inside]], place[edges.other[inside]], edges.score[inside]
        )
        for at, mate in enumerate(local):
            partner[region[at]] = ALONE if mate == ALONE else int(region[mate])
        still = [int(person) for person in region if partner[person] == ALONE]
        if len(still) == len(alone):
            break
        alone = still
    return partner


def _region(lists: Lists, price: Prices, partner: list[int], alone: list[int]) -> Ints:
    """Whoever is alone, and for some steps those whom it costs least to pair them with, each with their
    partner."""
    most = len(alone) + REGION
    region = dict.fromkeys(alone)
    wave = list(alone)
    while wave and len(region) < most:
        found: dict[int, None] = {}
        for person in wave:
            mine = lists.of(person)
            others = lists.partner[mine]
            order = np.argsort(price[others] - lists.score[mine], kind="stable")
            for other in others[order[:NEARBY]].tolist():
                for joined in (other, partner[other]):
                    if joined != ALONE and joined not in region and len(region) < most:
                        region[joined] = found[joined] = None
        wave = list(found)
    return np.array(sorted(region), dtype=np.int64)
