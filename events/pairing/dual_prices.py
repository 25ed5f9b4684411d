"""Prices for people: near the best there are, and always proof of how much any plan can score.

If price_i + price_j covers the score of every pair, no plan scores more than the sum of all prices (a trio
is three half pairs). The least such sum is the optimum of the half-integral relaxation.

The prices are found by smoothing: everyone in turn asks what their partners would leave them, first with
much tolerance between good and best, then with less. That takes a few sweeps over arrays, whatever the
number of people, where an exact assignment would take minutes for a hundred thousand.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from events.pairing.bit_tables import Ints
from events.pairing.candidates import Edges

Prices = npt.NDArray[np.float64]
Sparse = npt.NDArray[np.floating]

INITIAL_TEMPERATURE, FINAL_TEMPERATURE = (
    100_000.0,
    5_000.0,
)  # tolerance in millionths of a score, first and last
COOLING = 0.85
SWEEPS = 45
PRUNE_SWEEP = 12  # the sweep after which pairs that are far from being anybody's choice are left out,
PRUNE_MARGIN = 12  # in tolerances
SMALL_PROBLEM = 2_000  # people up to whom it costs nothing to be finer still
SMALL_FINAL_TEMPERATURE, SMALL_COOLING, SMALL_SWEEPS = 300.0, 0.98, 400
DESCENT_SWEEPS = 12  # sweeps that only lower prices, and keep them proof


@dataclass(frozen=True)
class CandidateLists:
    """Everybody's candidates in a row: person `who[k]` has those from `start[k]` on."""

    who: Ints
    start: Ints
    partner: npt.NDArray[np.int32]
    score: Sparse

    def left_by(self, price: Sparse) -> Sparse:
        """What each partner would leave."""
        return self.score - price[self.partner]

    @property
    def width(self) -> Ints:
        return np.diff(self.start, append=len(self.partner))

    def of(self, person: int) -> slice:
        """Where the candidates of one person are."""
        at = int(np.searchsorted(self.who, person))
        if at == len(self.who) or self.who[at] != person:
            return slice(0, 0)
        return slice(int(self.start[at]), int(self.start[at + 1]) if at + 1 < len(self.who) else None)


def candidate_lists(n: int, edges: Edges) -> CandidateLists:
    """The candidates of everybody, from both sides of each pair."""
    half = csr_matrix((edges.score.astype(np.float32) + 1, (edges.one, edges.other)), shape=(n, n))
    both = (half + half.T).tocsr()
    who = np.flatnonzero(np.diff(both.indptr))
    return CandidateLists(who, both.indptr[who].astype(np.int64), both.indices, both.data - 1)


def solve_dual(n: int, lists: CandidateLists, floor: float) -> tuple[Prices, CandidateLists]:
    """Prices that cover the score of every candidate, none below the floor; and the lists that matter."""
    price = np.full(n, floor, dtype=np.float32)
    if not len(lists.who):
        return price.astype(np.float64), lists
    price[lists.who] = np.maximum(floor, np.maximum.reduceat(lists.score, lists.start) / 2)
    finest, cooling, sweeps = (
        (SMALL_FINAL_TEMPERATURE, SMALL_COOLING, SMALL_SWEEPS)
        if n <= SMALL_PROBLEM
        else (FINAL_TEMPERATURE, COOLING, SWEEPS)
    )
    tolerance, close = INITIAL_TEMPERATURE, lists
    for sweep in range(sweeps):
        if sweep in (PRUNE_SWEEP, sweeps - 1):
            close = _prune(lists if sweep == PRUNE_SWEEP else close, price, PRUNE_MARGIN * tolerance)
        price[close.who] = np.maximum(floor, (price[close.who] + _soft_maximum(close, price, tolerance)) / 2)
        tolerance = max(finest, tolerance * cooling)
    price = _make_feasible(lists, price, floor)
    for _ in range(DESCENT_SWEEPS):
        best = np.maximum.reduceat(lists.left_by(price), lists.start)
        price[lists.who] = np.maximum(floor, (price[lists.who] + best) / 2)
    # The last time with all digits; a whole millionth is more than these can be wrong by.
    return (_make_feasible(lists, price.astype(np.float64), floor) + 1).astype(np.float64), close


def _soft_maximum(lists: CandidateLists, price: Sparse, tolerance: float) -> Sparse:
    left = lists.left_by(price)
    best = np.maximum.reduceat(left, lists.start)
    left -= np.repeat(best, lists.width)
    left /= np.float32(tolerance)
    np.exp(left, out=left)
    smooth: Sparse = best + np.float32(tolerance) * np.log(np.add.reduceat(left, lists.start))
    return smooth


def _make_feasible(lists: CandidateLists, price: Sparse, floor: float) -> Sparse:
    """The same, raised where a pair was not covered; whoever nobody chooses asks no more than the floor."""
    fair = price.copy()
    fair[lists.who] += np.maximum(floor, np.maximum.reduceat(lists.left_by(price), lists.start))
    fair[lists.who] /= 2
    short = np.maximum.reduceat(lists.left_by(fair), lists.start)
    fair[lists.who] = np.maximum(fair[lists.who], short)
    return np.asarray(fair)


def _prune(lists: CandidateLists, price: Sparse, far: float) -> CandidateLists:
    """Without the pairs that cost both together more than `far`; everybody keeps their best."""
    left = lists.left_by(price)
    best = np.repeat(np.maximum.reduceat(left, lists.start), lists.width)
    owner = np.repeat(lists.who, lists.width)
    kept = (left >= best) | (left >= price[owner] - np.float32(far))
    many = np.add.reduceat(kept.astype(np.int64), lists.start)
    return CandidateLists(lists.who, np.cumsum(many) - many, lists.partner[kept], lists.score[kept])
