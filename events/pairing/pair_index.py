"""Whether a pair is in one of the lists of a round, for millions of pairs at once.

A pair is one number, its key. A small table says by a hash of the key in which lists it may be; only the few
that may be in one are looked up.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Filter = npt.NDArray[np.uint8]

EXCLUDED, MET, TOGETHER = np.uint8(1), np.uint8(2), np.uint8(4)


def build_filter(lists: Mapping[np.uint8, Ints]) -> Filter:
    """The table of these lists, each under a bit of its own."""
    marks = np.zeros(1 << max(10, (16 * sum(map(len, lists.values()))).bit_length()), dtype=np.uint8)
    for bit, keys in lists.items():
        marks[hash_slot(keys, len(marks))] |= bit
    return marks


def hash_slot(keys: Ints, size: int) -> Ints:
    """A place below `size`, a power of two, for each key."""
    mixed = keys.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return np.asarray((mixed >> np.uint64(65 - size.bit_length())).astype(np.int64))


def contains(keys: Ints, known: Ints, marked: Filter) -> npt.NDArray[np.bool_]:
    """Which of the keys are known; only those that are marked can be."""
    found = np.zeros(keys.shape, dtype=bool)
    at = np.flatnonzero(marked)
    if len(known) and len(at):
        place = np.minimum(np.searchsorted(known, keys[at]), len(known) - 1)
        found[at] = known[place] == keys[at]
    return found
