"""Score of a pair: reciprocal, concave, and higher for those who received least.

The benefit b of one person lies between 0.15 and 1 (see `weights`). The gain of that person is

    (1 - need) * ln(b / BENEFIT_FLOOR)  +  need * ln((prior + b) / (prior + BENEFIT_FLOOR))

where `prior` is the sum of earlier benefits. A pair scores the sum of both gains, the logarithm of the
Nash product: one-sided pairs lose. `need` moves weight to what a person received in all. BENEFIT_FLOOR is
below every benefit, so a first coffee is worth most to those who had least. A person in a trio gains the
mean over both partners: the trio scores exactly half the sum of its three pairs, which the upper bound
relies on.
"""

import numpy as np
import numpy.typing as npt

from events.pairing.weights import ASKS_MET_BENEFIT, BASE_BENEFIT, BENEFIT_FLOOR, MAX_COUNTED, SHARED_BENEFIT

UNIT = 1_000_000  # scores are integers, in millionths


def level(asks_met: npt.NDArray[np.uint8], shared: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Column of `gains` for this number of asks met and things shared (each at most MAX_COUNTED)."""
    return asks_met * np.uint8(MAX_COUNTED + 1) + shared


def gains(prior_benefit: npt.NDArray[np.float64], need: float) -> npt.NDArray[np.int32]:
    """Gains in millionths, shape (n, 16): person by level. Even and at least 2, so half of three pairs
    is whole.
    """
    benefit = np.array([BASE_BENEFIT + met + shared for met in ASKS_MET_BENEFIT for shared in SHARED_BENEFIT])
    here = np.log(benefit / BENEFIT_FLOOR)[None, :]
    in_all = np.log((prior_benefit[:, None] + benefit[None, :]) / (prior_benefit[:, None] + BENEFIT_FLOOR))
    blended = (1 - need) * here + need * in_all
    # Even numbers, so that half the sum of three pairs stays whole.
    return np.asarray(2 * np.maximum(1, np.round(blended * UNIT / 2)), dtype=np.int32)
