"""Search for the pairs who meet many of each other's asks, by blocks of bit counts over all pairs.

For two people, u counts the asks of either that the other offers, topics by their weight: one AND and one
popcount a word, so that the five billion pairs of 100,000 people take seconds. A callback receives the
few pairs with u of at least half the sum of both limits.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from events.pairing.bit_masks import Flags, Ints
from events.pairing.bit_tables import Tables

T = TypeVar("T")

MAX_WORDS = 4  # of 64 topics; rarer topics of a crowd are ignored
ROWS, COLUMNS = 16, 4096  # per block: fits in the L1 cache
BLOCKS_PER_STRIP = 16  # blocks of rows in one call of `work`
SAMPLE_SIZE = 2048  # people compared with to estimate a limit
STEPS_PER_TOPIC = 4  # fixed point of a limit

Limits = npt.NDArray[np.int16]  # in steps, STEPS_PER_TOPIC a topic
Words = npt.NDArray[Any]


@dataclass(frozen=True)
class Sides:
    """Masks of shape (words, n): u of a pair counts the bits of `rows` of one in `columns` of the other."""

    rows: Words
    columns: Words

    @property
    def n(self) -> int:
        return int(self.rows.shape[1])


def asks_met(tables: Tables) -> Sides:
    """Asks of either that the other offers; one word if 32 bits suffice."""
    asks, offers = tables.asks[:MAX_WORDS], tables.offers[:MAX_WORDS]
    if _is_short(asks | offers):
        half = np.uint64(32)
        return Sides(asks | offers << half, offers | asks << half)
    return Sides(np.concatenate([asks, offers]), np.concatenate([offers, asks]))


def overlap_limits(sides: Sides, wanted: int, least: int) -> Limits:
    """For each person twice the overlap that about `wanted` others reach, estimated from SAMPLE_SIZE
    people.
    """
    n = sides.n
    seen = np.linspace(0, n - 1, min(n, SAMPLE_SIZE)).astype(np.int64)
    scale = n / len(seen)
    limits = np.zeros(n, dtype=np.int16)
    for start in range(0, n, 64):
        common = _common(sides.rows[:, start : start + 64], sides.columns[:, seen])
        at = len(seen) - 1 - min(len(seen) - 1, int(wanted / scale))
        limit = np.partition(common, at, axis=1)[:, at]
        many = (common >= limit[:, None]).sum(axis=1) * scale
        more = (common > limit[:, None]).sum(axis=1) * scale
        limits[start : start + 64] = limit + ((many > 2 * wanted) & (more >= least))
    return limits


def map_overlapping_pairs(
    sides: Sides, limits: Limits, steps: int, work: Callable[[Ints, Ints], T]
) -> list[T]:
    """Results of `work` on pairs (one < other) with steps * u >= limit[one] + limit[other], strip by
    strip.
    """
    n = sides.n

    def strip(first: int) -> T:
        found = [
            pairs
            for start in range(first, min(n, first + ROWS * BLOCKS_PER_STRIP), ROWS)
            for pairs in _block(sides, limits, steps, start)
        ]
        one, other = (np.concatenate(side) for side in zip(*found, strict=True))
        return work(one, other)

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(strip, range(0, n, ROWS * BLOCKS_PER_STRIP)))


def estimate_pairs(sides: Sides, limits: Limits, steps: int, rows: Ints) -> float:
    """Estimated number of pairs that pass, from a sample of `rows`."""
    n, passing = sides.n, 0
    for start in range(0, len(rows), 64):
        some = rows[start : start + 64]
        left, right = sides.rows[:, some], sides.columns[:, rows]
        passing += int(_passing(left, right, limits[some], limits[rows], steps).sum())
    return passing / max(1, len(rows)) ** 2 * n * n / 2


def _block(sides: Sides, limits: Limits, steps: int, start: int) -> Iterator[tuple[Ints, Ints]]:
    n = sides.n
    stop = min(n, start + ROWS)
    yield np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    for first in range(start, n, COLUMNS):
        last = min(n, first + COLUMNS)
        passing = _passing(
            sides.rows[:, start:stop],
            sides.columns[:, first:last],
            limits[start:stop],
            limits[first:last],
            steps,
        )
        hits = np.flatnonzero(passing)
        if len(hits):
            row, column = np.divmod(hits, last - first)
            ahead = column + first > row + start
            yield row[ahead] + start, column[ahead] + first


def _passing(rows: Words, columns: Words, low: Limits, high: Limits, steps: int) -> Flags:
    reached = _common(rows, columns).astype(np.int16)
    reached *= np.int16(steps)
    reached -= high[None, :]
    return np.asarray(reached >= low[:, None])


def _common(rows: Words, columns: Words) -> npt.NDArray[Any]:
    many = np.bitwise_count(rows[0][:, None] & columns[0][None, :])
    if len(rows) >= MAX_WORDS:
        many = many.astype(np.uint16)  # 256 bits may be in common
    for mine, theirs in zip(rows[1:], columns[1:], strict=True):
        many += np.bitwise_count(mine[:, None] & theirs[None, :])
    return np.asarray(many)


def _is_short(words: Words) -> bool:
    return len(words) == 1 and int(words.max(initial=0)) < 2**32
