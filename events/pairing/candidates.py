"""Candidate edges of a wave: every allowed pair up to 400 people, beyond that those who meet most asks."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from events.pairing.bit_masks import Flags, Ints
from events.pairing.bit_tables import Tables
from events.pairing.topic_overlap import asks_met, map_overlapping_pairs, overlap_limits

T = TypeVar("T")
Found = tuple[Ints, Ints, Ints]

MAX_COMPLETE_PEOPLE = 400  # up to here every allowed pair is a candidate
TARGET_CANDIDATES = 100  # about half of them turn out to be forbidden
MIN_CANDIDATES = 40
FEW_CANDIDATES = 16  # people with fewer are given the best of a window
WINDOW_PEOPLE = 3_000  # others compared for a person with few candidates
BLOCK_CELLS = 300_000  # per block: fits in the L2 cache


@dataclass(frozen=True)
class Edges:
    """Allowed pairs (one < other) with scores in millionths; three int64 arrays of equal length."""

    one: Ints
    other: Ints
    score: Ints
    complete: bool

    def __len__(self) -> int:
        return len(self.one)

    def only(self, kept: Flags) -> "Edges":
        return Edges(self.one[kept], self.other[kept], self.score[kept], self.complete)


def find_edges(tables: Tables, met: bool) -> Edges:
    """Candidate pairs of a wave; `met` admits repeated pairs."""
    if tables.n <= MAX_COMPLETE_PEOPLE:
        scores = np.triu(tables.block(0, tables.n, met) + 1, 1)
        one, other = np.nonzero(scores)
        return Edges(one, other, scores[one, other].astype(np.int64) - 1, complete=True)

    def allowed(one: Ints, other: Ints) -> Found:
        score = tables.pairs(one, other, met)
        kept = score >= 0
        return one[kept], other[kept], score[kept].astype(np.int64)

    sides = asks_met(tables)
    found = map_overlapping_pairs(sides, overlap_limits(sides, TARGET_CANDIDATES, MIN_CANDIDATES), 2, allowed)
    # Pairs with a shared interaction are candidates whatever their topics.
    found.append(allowed(*upper_pairs(tables.moments, tables.n)))
    edges = _merge(tables.n, found)
    degree = np.bincount(edges.one, minlength=tables.n) + np.bincount(edges.other, minlength=tables.n)
    few = np.flatnonzero(degree < FEW_CANDIDATES)
    if not len(few):
        return edges
    return _merge(tables.n, [(edges.one, edges.other, edges.score), *_best_of_window(tables, few, met)])


def map_row_blocks(n: int, work: Callable[[int, int], T]) -> list[T]:
    """Results of `work(start, stop)` over row blocks of about BLOCK_CELLS cells; NumPy releases the
    GIL for two threads.
    """
    step = max(1, BLOCK_CELLS // max(1, n))
    starts = range(0, n, step)
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda start: work(start, min(n, start + step)), starts))


def _merge(n: int, found: list[Found]) -> Edges:
    one, other, score = (np.concatenate(side) for side in zip(*found, strict=True))
    _, first = np.unique(one * n + other, return_index=True)
    return Edges(one[first], other[first], score[first], complete=False)


def upper_pairs(keys: Ints, n: int) -> tuple[Ints, Ints]:
    """Pairs (one < other) of the given keys, without duplicates."""
    one, other = np.divmod(np.unique(keys), max(1, n))
    return one[one < other], other[one < other]


def _best_of_window(tables: Tables, few: Ints, met: bool) -> list[Found]:
    """FEW_CANDIDATES best partners within a window of others, by score minus the partner's best gain.

    Without that term everyone would list the same people: those who received least.
    """
    dear = tables.gain.max(axis=1)
    found = []
    for some in np.array_split(few, -(-len(few) * WINDOW_PEOPLE // BLOCK_CELLS)):
        others = (some[0] * 7919 + np.arange(min(WINDOW_PEOPLE, tables.n))) % tables.n
        one, other = np.repeat(some, len(others)), np.tile(others, len(some))
        score = tables.pairs(one, other, met).reshape(len(some), -1)
        regret = np.where(score < 0, np.int32(-(1 << 30)), score - dear[others][None, :])
        width = min(FEW_CANDIDATES, len(others))
        best = np.argpartition(-regret, width - 1, axis=1)[:, :width]
        row, column = np.repeat(np.arange(len(some)), width), best.reshape(-1)
        kept = score[row, column] >= 0
        one, other = some[row[kept]], others[column[kept]]
        low, high = np.minimum(one, other), np.maximum(one, other)
        found.append((low, high, score[row[kept], column[kept]].astype(np.int64)))
    return found
