"""How much a coffee is worth to each who drinks it: reciprocal, concave, and more for those who got least.

The benefit b of one person lies between 0.15 and 1: something for any new face, most for asks that the
other offers, a little for shared topics and moments. The gain of that person is

    (1 - need) * ln(b / FLOOR)  +  need * ln((luck + b) / (luck + FLOOR))

A pair scores the sum of both gains (the logarithm of Nash's product: one-sided pairs lose); `need` moves
the weight to what someone has had in all. FLOOR is less than any benefit, so that being seated at all is
worth most to whoever had least. Someone in a trio gains the mean of the gains with each of the others:
the trio then scores exactly half the sum of its three pairs, which the proof of the bound relies on.
"""

import numpy as np
import numpy.typing as npt

from events.pairing.weights import ASKS_MET_BENEFIT, BASE_BENEFIT, BENEFIT_FLOOR, MAX_COUNTED, SHARED_BENEFIT

UNIT = 1_000_000  # scores are whole numbers of millionths inside the machine


def level(asks_met: npt.NDArray[np.uint8], shared: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """The column of `gains` for so many asks met and so many things shared (each at most MOST)."""
    return asks_met * np.uint8(MAX_COUNTED + 1) + shared


def gains(luck: npt.NDArray[np.float64], need: float) -> npt.NDArray[np.int32]:
    """For each person (row) the gain at each level (column), in millionths, at least 2 and even."""
    benefit = np.array([BASE_BENEFIT + met + shared for met in ASKS_MET_BENEFIT for shared in SHARED_BENEFIT])
    here = np.log(benefit / BENEFIT_FLOOR)[None, :]
    in_all = np.log((luck[:, None] + benefit[None, :]) / (luck[:, None] + BENEFIT_FLOOR))
    blended = (1 - need) * here + need * in_all
    # Even numbers, so that half the sum of three pairs stays whole.
    return np.asarray(2 * np.maximum(1, np.round(blended * UNIT / 2)), dtype=np.int32)
