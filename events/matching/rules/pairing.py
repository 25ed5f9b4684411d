"""As many pairs as there can be, and of all such pairings the one that scores most."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import rustworkx

from events.matching.rules.augmenting import ALONE, Neighbours, Search
from events.matching.rules.candidates import Edges
from events.matching.rules.relaxation import Relaxed, relax, seats_first
from events.matching.rules.tables import Ints, Tables

EXACT = 2_000  # people up to whom Edmonds' weighted algorithm is fast enough
REGION = 1_200  # people around what the relaxation left in halves, paired exactly
NEARBY = 6
STEPS = 3_000_000  # of a search over every allowed pair


@dataclass(frozen=True)
class Pairing:
    """`partner[i]` or ALONE."""

    partner: list[int]
    relaxed: Relaxed | None


def pair_up(tables: Tables, edges: Edges) -> Pairing:
    """Exact on the candidates up to EXACT people; beyond, the relaxation repaired. Never fewer pairs."""
    # People without a coffee go before people who have one: only then does the score count.
    value = edges.score + (tables.needy[edges.one] + tables.needy[edges.other].astype(np.int64)) * (
        0 if tables.needy.all() else seats_first(edges)
    )
    relaxed = None
    if tables.n <= EXACT:
        partner = _exactly(tables.n, edges.one, edges.other, value)
    else:
        relaxed = relax(tables.n, edges, value - edges.score + seats_first(edges))
        partner = _repaired(tables.n, edges, value, relaxed)
    if not edges.complete:
        partner = more_pairs(tables, partner, listed(tables.n, edges))
    return Pairing(partner, relaxed if tables.needy.all() else None)


def more_pairs(tables: Tables, partner: list[int], nearby: Neighbours) -> list[int]:
    """The maximum of pairs over all that rules allow: first by candidates, then by everybody."""
    everybody = rows(tables, met=False)
    for neighbours in (nearby, everybody):
        alone = [person for person, other in enumerate(partner) if other == ALONE]
        if len(alone) < 2 or sum(1 for person in alone if len(everybody(person))) < 2:
            break
        search = Search(list(partner), neighbours, STEPS)
        search.pair_more()
        partner = search.partner
    return partner


def listed(n: int, edges: Edges) -> Neighbours:
    """Everybody's candidates."""
    lists: list[list[int]] = [[] for _ in range(n)]
    for one, other in zip(edges.one.tolist(), edges.other.tolist(), strict=True):
        lists[one].append(other)
        lists[other].append(one)
    return lists.__getitem__


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


def _repaired(n: int, edges: Edges, value: Ints, relaxed: Relaxed) -> list[int]:
    partner, loose = _untangled(relaxed.partner.tolist())
    if not loose:
        return partner
    region = _region(n, edges, value, relaxed, partner, loose)
    place = np.full(n, -1, dtype=np.int64)
    place[region] = np.arange(len(region))
    inside = (place[edges.one] >= 0) & (place[edges.other] >= 0)
    local = _exactly(len(region), place[edges.one[inside]], place[edges.other[inside]], value[inside])
    for at, mate in enumerate(local):
        partner[region[at]] = ALONE if mate == ALONE else int(region[mate])
    return partner


def _untangled(following: list[int]) -> tuple[list[int], list[int]]:
    """Cycles of even length are pairs; people in odd ones, or by themselves, are loose."""
    partner, loose, seen = [ALONE] * len(following), [], [False] * len(following)
    for start in range(len(following)):
        cycle, at = [], start
        while not seen[at]:
            seen[at] = True
            cycle.append(at)
            at = following[at]
        if len(cycle) % 2:
            loose += cycle
        else:
            for one, other in zip(cycle[::2], cycle[1::2], strict=True):
                partner[one], partner[other] = other, one
    return partner, loose


def _region(
    n: int, edges: Edges, value: Ints, relaxed: Relaxed, partner: list[int], loose: list[int]
) -> Ints:
    """The loose, and for two steps those whom it costs least to pair them with, each with their partner."""
    cost = relaxed.price[edges.one] + relaxed.price[edges.other] - value
    ends = np.concatenate([edges.one, edges.other])
    order = np.lexsort((np.concatenate([cost, cost]), ends))
    ends, others = ends[order], np.concatenate([edges.other, edges.one])[order]
    starts = np.searchsorted(ends, np.arange(n + 1))
    region = dict.fromkeys(loose)
    wave = list(loose)
    for _ in range(2):
        found: dict[int, None] = {}
        for person in wave:
            for other in others[starts[person] : min(starts[person] + NEARBY, starts[person + 1])].tolist():
                for joined in (other, partner[other]):
                    if joined != ALONE and joined not in region and len(region) < REGION + len(loose):
                        region[joined] = found[joined] = None
        wave = list(found)
    return np.array(sorted(region), dtype=np.int64)
