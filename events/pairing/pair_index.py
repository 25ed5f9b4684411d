"""Membership index for millions of pairs: a Bloom filter with one hash, then binary search.

A pair is one int64 key. One table of bits, indexed by a hash of the key, says in which lists the pair may
be; only those few keys are searched.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Filter = npt.NDArray[np.uint8]

EXCLUDED, MET, TOGETHER = np.uint8(1), np.uint8(2), np.uint8(4)


def build_filter(lists: Mapping[np.uint8, Ints]) -> Filter:
    """Filter of these sorted key lists, each under a bit of its own; about 16 slots a key."""
    marks = np.zeros(1 << max(10, (16 * sum(map(len, lists.values()))).bit_length()), dtype=np.uint8)
    for bit, keys in lists.items():
        marks[hash_slot(keys, len(marks))] |= bit
    return marks


def hash_slot(keys: Ints, size: int) -> Ints:
    """Fibonacci hash of each key below `size`, a power of two."""
    mixed = keys.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return np.asarray((mixed >> np.uint64(65 - size.bit_length())).astype(np.int64))


def contains(keys: Ints, known: Ints, marked: Filter) -> npt.NDArray[np.bool_]:
    """Mask of keys that are in `known` (sorted); only `marked` ones are searched."""
    found = np.zeros(keys.shape, dtype=bool)
    at = np.flatnonzero(marked)
    if len(known) and len(at):
        place = np.minimum(np.searchsorted(known, keys[at]), len(known) - 1)
        found[at] = known[place] == keys[at]
    return found
