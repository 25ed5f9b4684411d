"""Benefit of a coffee to one person, without NumPy, so that features above can import it.

Topics count by rarity, in thirds: two for a common topic, three for a usual one, four for a rare one.
"""

import math

BASE_BENEFIT = 0.04  # of any new partner
ASK_MET_BENEFIT = 0.36  # of each ask met, however many there are
SHARED_BENEFIT = 0.15  # of the first topic or interaction that is shared
SHARED_DECAY = 0.4  # the next one adds this part of it; all together stay below 0.25
MAX_SHARED = 6  # more add less than 0.002
COMMON, USUAL, RARE = 2, 3, 4  # thirds of a topic
RARITY_FACTOR = 2  # common: named by more than twice as many people as the round's topics on average
MIN_RATED_PEOPLE = 8  # in smaller rounds these numbers say nothing: every topic is a usual one


def benefit(asks_met: float, shared: float) -> float:
    """Rises with each ask met; a shared thing adds less than the one before it."""
    return (
        BASE_BENEFIT
        + ASK_MET_BENEFIT * asks_met
        + SHARED_BENEFIT * (1 - math.pow(SHARED_DECAY, shared)) / (1 - SHARED_DECAY)
    )
