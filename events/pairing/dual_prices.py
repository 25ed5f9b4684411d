"""Dual prices of the fractional matching: near-optimal, and always a proven upper bound.

If price_i + price_j >= score_ij for every pair, no plan scores more than the sum of prices (a trio counts
as three half pairs). The least such sum is the optimum of the half-integral relaxation.

Prices are found by smoothing: each sweep replaces the maximum over a person's candidates by log-sum-exp
at a falling temperature (simulated annealing of the dual). That takes a few sweeps over arrays for any
number of people, where an exact assignment takes minutes for 100,000.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from events.pairing.bit_masks import Ints
from events.pairing.candidates import Edges

Prices = npt.NDArray[np.float64]
Sparse = npt.NDArray[np.floating]

INITIAL_TEMPERATURE, FINAL_TEMPERATURE = (
    200_000.0,
    10_000.0,
)  # millionths of a score
COOLING = 0.85
SWEEPS = 45
PRUNE_SWEEP = 12  # sweep after which hopeless candidates are dropped
PRUNE_MARGIN = 12  # in temperatures
SMALL_PROBLEM = 2_000  # up to here a finer schedule costs nothing
SMALL_FINAL_TEMPERATURE, SMALL_COOLING, SMALL_SWEEPS = 300.0, 0.98, 400
DESCENT_SWEEPS = 12  # coordinate descent: lowers prices and keeps them feasible


@dataclass(frozen=True)
class CandidateLists:
    """Candidates in CSR form: those of person `who[k]` start at `start[k]`; `partner` and `score` have
    one entry each.
    """

    who: Ints
    start: Ints
    partner: npt.NDArray[np.int32]
    score: Sparse

    def left_by(self, price: Sparse) -> Sparse:
        """Net value of each candidate: score minus the partner's price."""
        return self.score - price[self.partner]

    @property
    def width(self) -> Ints:
        return np.diff(self.start, append=len(self.partner))

    def of(self, person: int) -> slice:
        """Slice of one person's candidates; empty without any."""
        at = int(np.searchsorted(self.who, person))
        if at == len(self.who) or self.who[at] != person:
            return slice(0, 0)
        return slice(int(self.start[at]), int(self.start[at + 1]) if at + 1 < len(self.who) else None)


def candidate_lists(n: int, edges: Edges) -> CandidateLists:
    """Symmetric lists: each pair appears under both people."""
    half = csr_matrix((edges.score.astype(np.float32) + 1, (edges.one, edges.other)), shape=(n, n))
    both = (half + half.T).tocsr()
    who = np.flatnonzero(np.diff(both.indptr))
    return CandidateLists(who, both.indptr[who].astype(np.int64), both.indices, both.data - 1)


def solve_dual(n: int, lists: CandidateLists, floor: float) -> tuple[Prices, CandidateLists]:
    """Feasible prices (n,) in millionths, none below `floor`, and the lists without hopeless candidates.

    Feasible means price_i + price_j >= score_ij for every candidate.
    """
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
    # The last pass in float64; one millionth exceeds its rounding error.
    return (_make_feasible(lists, price.astype(np.float64), floor) + 1).astype(np.float64), close


def _soft_maximum(lists: CandidateLists, price: Sparse, tolerance: float) -> Sparse:
    """Log-sum-exp of each person's net values at this temperature, in millionths."""
    left = lists.left_by(price)
    best = np.maximum.reduceat(left, lists.start)
    left -= np.repeat(best, lists.width)
    left /= np.float32(tolerance)
    np.exp(left, out=left)
    smooth: Sparse = best + np.float32(tolerance) * np.log(np.add.reduceat(left, lists.start))
    return smooth


def _make_feasible(lists: CandidateLists, price: Sparse, floor: float) -> Sparse:
    """Raise prices where a pair is not covered; people without a candidate edge stay at the floor."""
    fair = price.copy()
    fair[lists.who] += np.maximum(floor, np.maximum.reduceat(lists.left_by(price), lists.start))
    fair[lists.who] /= 2
    short = np.maximum.reduceat(lists.left_by(fair), lists.start)
    fair[lists.who] = np.maximum(fair[lists.who], short)
    return np.asarray(fair)


def _prune(lists: CandidateLists, price: Sparse, far: float) -> CandidateLists:
    """Drop candidates whose reduced cost exceeds `far`; each person's best stays."""
    left = lists.left_by(price)
    best = np.repeat(np.maximum.reduceat(left, lists.start), lists.width)
    owner = np.repeat(lists.who, lists.width)
    kept = (left >= best) | (left >= price[owner] - np.float32(far))
    many = np.add.reduceat(kept.astype(np.int64), lists.start)
    return CandidateLists(lists.who, np.cumsum(many) - many, lists.partner[kept], lists.score[kept])
