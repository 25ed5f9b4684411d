"""Score of a pair: rises with every ask met, concave, and higher for those who received least.

The benefit b of one person (see `weights`) rises with each ask met, without a ceiling, and with things
shared, which together stay below one ask met. The gain of that person is

    (1 - need) * b ** 0.25  +  need * 4 * ln((1 + prior + b) / (1 + prior))

where `prior` is the sum of earlier benefits. Both terms are concave in b: the first ask met adds most,
and each further one less, but never nothing. `need` moves weight to what a person received in all: the
same benefit gains less for someone who had more. A pair scores the sum of both gains. A person in a trio
gains the mean over both partners: the trio scores exactly half the sum of its three pairs, which the
upper bound relies on.
"""

import math

import numpy as np
import numpy.typing as npt

from events.pairing.weights import MAX_SHARED, USUAL, benefit

UNIT = 1_000_000  # scores are integers, in millionths
POWER = 0.25
FAIRNESS_WEIGHT = 4
MAX_CELLS = 100_000_000  # of the table of gains; a crowd's asks met beyond it add nothing
BLOCK_CELLS = 1_000_000


def gains(
    prior_benefit: npt.NDArray[np.float64], need: float, asks_met: int, shared: int, thirds: int
) -> npt.NDArray[np.int32]:
    """Gains in millionths, shape (n, (asks_met + 1) * (shared + 1)): person by level. A level counts
    steps of `thirds` of a topic.

    Even and at least 2, so half of three pairs is whole.
    """
    size = thirds / USUAL
    benefits = np.array(
        [benefit(met * size, same * size) for met in range(asks_met + 1) for same in range(shared + 1)]
    )
    found = np.empty((len(prior_benefit), len(benefits)), dtype=np.int32)
    here = (1 - need) * benefits[None, :] ** POWER
    for rows in np.array_split(np.arange(len(prior_benefit)), max(1, found.size // BLOCK_CELLS)):
        in_all = np.log1p(benefits[None, :] / (1 + prior_benefit[rows, None]))
        blended = here + need * FAIRNESS_WEIGHT * in_all
        # Even numbers, so that half the sum of three pairs stays whole.
        found[rows] = 2 * np.maximum(1, np.round(blended * UNIT / 2))
    return found


def max_levels(n: int, asks_met: int, shared: int, thirds: int) -> tuple[int, int]:
    """Highest levels of a table for n people of whom a pair meets and shares at most so much."""
    shared = min(shared, math.ceil(MAX_SHARED * USUAL / thirds))
    return max(1, min(asks_met, MAX_CELLS // (max(1, n) * (shared + 1)) - 1)), shared
