"""The half-integral relaxation: matching on the bipartite double cover, and the bound it proves.

Each person stands once on either side, each pair is an edge both ways, and a self-loop of value 0 means
"stays out". Half the value of the best assignment is the optimum over x >= 0 with sum_j x_ij <= 1 for
each i; a pair is x = 1 and a trio is three halves, so every plan of pairs and trios is a point of it.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from events.matching.rules.candidates import Edges, over_blocks
from events.matching.rules.tables import Ints, Tables

SEATS_FIRST = 20  # times the best score
ROUNDS = 400  # of tightening the prices; more would sharpen the bound, never mend it
PRICED = 12_500  # people up to whom every pair outside the candidates is priced too

Prices = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Relaxed:
    """`partner[i]` is whom i is assigned (i itself: stays out); price_i + price_j >= value."""

    partner: Ints
    price: Prices


def relax(n: int, edges: Edges, bonus: Ints | int) -> Relaxed:
    """The optimum when every pair is worth its score plus the bonus."""
    loops = np.arange(n)
    value = (edges.score + bonus).astype(np.float64)
    row = np.concatenate([edges.one, edges.other, loops])
    column = np.concatenate([edges.other, edges.one, loops])
    # Everything is raised by one, since an explicit zero vanishes from a sparse matrix.
    worth = np.concatenate([value, value, np.zeros(n)]) + 1
    graph = csr_matrix((worth, (row, column)), shape=(n, n))
    _, partner = min_weight_full_bipartite_matching(graph, maximize=True)
    return Relaxed(partner.astype(np.int64), _prices(graph, partner) - 0.5)


def bound(tables: Tables, edges: Edges, seats: int, met: bool, known: Relaxed | None = None) -> int:
    """No plan of pairs and trios that seats so many of these people scores more (in millionths).

    Each bonus per pair gives a true bound, sum of prices less bonus * seats / 2; the least is taken.
    `known` is the relaxation under `seats_first`, when it was needed before.
    """
    if not len(edges):
        return 0
    top = int(edges.score.max())
    known = known or relax(tables.n, edges, seats_first(edges))
    seatable = len(np.union1d(edges.one, edges.other))
    bonuses = () if seats >= seatable else (0, top // 2, top, 2 * top)
    relaxed = [(seats_first(edges), known), *((bonus, relax(tables.n, edges, bonus)) for bonus in bonuses)]
    return min(_bound_of(tables, edges, one.price, bonus, seats, met) for bonus, one in relaxed)


def seats_first(edges: Edges) -> int:
    """A bonus per pair large enough that the relaxation leaves out hardly anybody who could be seated."""
    return SEATS_FIRST * int(edges.score.max(initial=1))


def _bound_of(tables: Tables, edges: Edges, price: Prices, bonus: int, seats: int, met: bool) -> int:
    if not edges.complete:
        price = _priced_beyond(tables, price, bonus, met)
    return int(np.ceil(price.sum() - bonus * seats / 2)) + 1


def _prices(graph: csr_matrix, partner: Ints) -> Prices:
    """Prices that prove the assignment: feasible always, tight when the rounds suffice."""
    n = graph.shape[0]
    starts, columns, worth = graph.indptr[:-1], graph.indices, graph.data
    rows = np.repeat(np.arange(n), np.diff(graph.indptr))
    own = np.zeros(n)
    chosen = columns == partner[rows]
    own[rows[chosen]] = worth[chosen]
    left = own / 2
    right = np.empty(n)
    for _ in range(ROUNDS):
        right[partner] = own - left
        raised = np.maximum(left, np.maximum.reduceat(worth - right[columns], starts))
        if np.array_equal(raised, left):
            break
        left = raised
    order = np.argsort(columns, kind="stable")
    ends = np.searchsorted(columns[order], np.arange(n))
    right = np.maximum.reduceat((worth - left[rows])[order], ends)
    return np.asarray((left + right) / 2)


def _priced_beyond(tables: Tables, price: Prices, bonus: int, met: bool) -> Prices:
    """Raises prices until they cover every pair, candidates or not."""
    if tables.n > PRICED:
        most = tables.gain.max(axis=1).astype(np.float64)
        return np.asarray(np.maximum(price, most + bonus / 2))
    share = np.ceil(price - bonus / 2).clip(-(10**9), 10**9).astype(np.int32)

    def missing(start: int, stop: int) -> npt.NDArray[np.int32]:
        scores = tables.block(start, stop, met, first=start)
        short = scores - share[start:stop, None]
        short -= share[None, start:]
        short[scores < 0] = 0
        return np.asarray(short.max(axis=1))

    raised = np.concatenate(over_blocks(tables.n, missing))
    return np.asarray(np.maximum(price, share + bonus / 2) + np.maximum(0, raised))
