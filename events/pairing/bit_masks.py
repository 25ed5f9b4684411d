"""Sets as bit masks, one row a machine word and one column a person: rules by AND and popcount."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Masks = npt.NDArray[np.uint64]
Counts = npt.NDArray[np.uint8]

WORD = 64


def masks_of(lists: Sequence[Iterable[object]], sizes: Mapping[str, int] | None = None) -> Masks:
    """Masks of these sets, shape (words, n). With `sizes` a value has as many bits as it says, in that
    order, or none: a popcount is then a weighted sum.
    """
    if sizes is None:
        values = sorted({value for own in lists for value in own}, key=str)
        places = {value: range(at, at + 1) for at, value in enumerate(values)}
        size = len(values)
    else:
        places, size = {}, 0
        for word, bits in sizes.items():
            places[word] = range(size, size + bits)
            size += bits
    masks = np.zeros((max(1, -(-size // WORD)), len(lists)), dtype=np.uint64)
    nothing = range(0)
    cells = [(bit, at) for at, own in enumerate(lists) for value in own for bit in places.get(value, nothing)]
    if cells:
        bit, at = np.array(cells, dtype=np.int64).T
        np.bitwise_or.at(masks, (bit // WORD, at), np.uint64(1) << (bit % WORD).astype(np.uint64))
    return masks


def intersect(masks: Masks, one: Ints, other: Ints) -> Flags:
    hit = (masks[0][one] & masks[0][other]) != 0
    for word in masks[1:]:
        hit |= (word[one] & word[other]) != 0
    return np.asarray(hit)


def count_common(mine: Masks, one: Ints, theirs: Masks, other: Ints) -> Counts:
    """Bits in common, of at most 255."""
    many = np.bitwise_count(mine[0][one] & theirs[0][other])
    for left, right in zip(mine[1:], theirs[1:], strict=True):
        many += np.bitwise_count(left[one] & right[other])
    return np.asarray(many)


def max_size(masks: Masks) -> int:
    """Bits of the largest set."""
    return int(np.bitwise_count(masks).sum(axis=0, dtype=np.int64).max(initial=0))
