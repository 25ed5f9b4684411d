"""Which pairs are worth weighing: all in a circle, the best of everybody in a crowd, a sample beyond."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from events.matching.rules.tables import Ints, Masks, Tables

T = TypeVar("T")

COMPLETE = 400  # people up to whom every allowed pair is a candidate
SCANNED = 12_500  # people up to whom the best are picked from LISTED others, beyond from a sample
LISTED = 10_000
KEPT = 24
SAMPLED = 28  # drawn in each of the four ways
CELLS = 300_000  # of a block at once: small enough to stay in the cache's neighbourhood
NOISE = 7  # bits that break ties; a score has at most 23
FORBIDDEN = 1 << 23


@dataclass(frozen=True)
class Edges:
    """Allowed pairs (one < other) with their scores in millionths."""

    one: Ints
    other: Ints
    score: Ints
    complete: bool

    def __len__(self) -> int:
        return len(self.one)


def find_edges(tables: Tables, met: bool) -> Edges:
    """The candidate pairs of a wave; `met` admits pairs who met before."""
    if tables.n <= COMPLETE:
        one, other = np.nonzero(np.triu(tables.block(0, tables.n, met) >= 0, 1))
        return _edges(tables, one, other, met, complete=True)
    if tables.n <= SCANNED:
        found = over_blocks(tables.n, lambda start, stop: _best(tables, start, stop, met))
    else:
        found = list(_sampled(tables, met))
    one, other = (np.concatenate(side) for side in zip(*found, strict=True))
    return _edges(tables, one, other, met, complete=False)


def over_blocks(n: int, work: Callable[[int, int], T]) -> list[T]:
    """What `work` says of the rows 0..n in pieces of about CELLS cells; NumPy lets two run at once."""
    step = max(1, CELLS // max(1, n))
    starts = range(0, n, step)
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda start: work(start, min(n, start + step)), starts))


def _edges(tables: Tables, one: Ints, other: Ints, met: bool, complete: bool) -> Edges:
    keys = np.unique(np.minimum(one, other) * tables.n + np.maximum(one, other))
    one, other = np.divmod(keys, max(1, tables.n))
    score = tables.pairs(one, other, met).astype(np.int64)
    kept = score >= 0
    return Edges(one[kept], other[kept], score[kept], complete)


def _best(tables: Tables, start: int, stop: int, met: bool) -> tuple[Ints, Ints]:
    # Less what the other could have at best: else all would list the few who had least luck. And with
    # noise, since many scores are equal and all would list the same people first.
    first = (tables.n - LISTED) * start // tables.n if tables.n > LISTED else 0
    last = min(tables.n, first + LISTED)
    scores = tables.block(start, stop, met, first, last)
    dear = tables.gain[first:last].max(axis=1)
    regret = np.where(scores < 0, np.int32(-FORBIDDEN), scores - dear[None, :])
    noise = (tables.noise[start:stop, None] * tables.noise[None, first:last]) >> np.uint32(32 - NOISE)
    ranked = (regret << NOISE) | noise.astype(np.int32)
    # The best of each of KEPT lots: nearly the KEPT best, for a fraction of the time of sorting them out.
    width = (last - first) // KEPT
    lots = ranked[:, : width * KEPT].reshape(stop - start, KEPT, width)
    columns = lots.argmax(axis=2) + np.arange(KEPT)[None, :] * width
    rows = np.repeat(np.arange(start, stop), KEPT)
    return rows, columns.reshape(-1) + first


def _sampled(tables: Tables, met: bool) -> Iterator[tuple[Ints, Ints]]:
    """Half of the draws from people who answer one ask and need one offer, the rest at large."""
    rng = np.random.default_rng(int(tables.noise.sum(dtype=np.uint64)))
    asker, asked = _listed(tables.asks)
    offerer, offered = _listed(tables.offers)
    topics = 64 * len(tables.asks)
    wants, gives = _crossed(tables.n, asker, asked, offerer, offered)
    wish = _Buckets(wants[0], wants[1] * topics + gives, topics * topics)
    mirror = _Buckets(wants[0], gives * topics + wants[1], topics * topics)
    helpers = _Buckets(offerer, offered, topics)
    seekers = _Buckets(asker, asked, topics)
    everyone = np.repeat(np.arange(tables.n), SAMPLED)
    drawn = [
        _draw(rng, everyone, _Lists(wish, tables.n), mirror),
        _draw(rng, everyone, _Lists(seekers, tables.n), helpers),
        _draw(rng, everyone, _Lists(helpers, tables.n), seekers),
        (everyone, rng.integers(0, tables.n, len(everyone))),
    ]
    one = np.concatenate([pair[0] for pair in drawn])
    other = np.concatenate([pair[1] for pair in drawn])
    for part in np.array_split(np.arange(len(one)), max(1, len(one) // CELLS)):
        left, right = one[part], other[part]
        score = tables.pairs(left, right, met)
        fits = score >= 0
        yield _kept(left[fits], right[fits], score[fits], rng)


def _kept(
    one: Ints, other: Ints, score: npt.NDArray[np.int32], rng: np.random.Generator
) -> tuple[Ints, Ints]:
    order = np.lexsort((rng.random(len(one)), -score, one))
    one, other = one[order], other[order]
    rank = np.arange(len(one)) - np.searchsorted(one, one)
    return one[rank < KEPT // 2], other[rank < KEPT // 2]


class _Buckets:
    """People by key."""

    def __init__(self, people: Ints, keys: Ints, size: int) -> None:
        order = np.argsort(keys, kind="stable")
        self.pairs = (people, keys)
        self.people = people[order]
        self.start = np.searchsorted(keys[order], np.arange(size + 1))


class _Lists:
    """The keys of each person."""

    def __init__(self, buckets: _Buckets, n: int) -> None:
        people, keys = buckets.pairs
        order = np.argsort(people, kind="stable")
        self.keys = keys[order]
        self.start = np.searchsorted(people[order], np.arange(n + 1))


def _draw(rng: np.random.Generator, people: Ints, lists: _Lists, buckets: _Buckets) -> tuple[Ints, Ints]:
    many = np.diff(lists.start)[people]
    people = people[many > 0]
    many = many[many > 0]
    key = lists.keys[lists.start[people] + rng.integers(0, many)]
    size = np.diff(buckets.start)[key]
    people, key, size = people[size > 0], key[size > 0], size[size > 0]
    return people, buckets.people[buckets.start[key] + rng.integers(0, size)]


def _listed(masks: Masks) -> tuple[Ints, Ints]:
    """Who has which bit."""
    bits = np.unpackbits(np.ascontiguousarray(masks.T).view(np.uint8), axis=1, bitorder="little")
    people, bit = np.nonzero(bits)
    return people, bit


def _crossed(n: int, one: Ints, mine: Ints, other: Ints, theirs: Ints) -> tuple[tuple[Ints, Ints], Ints]:
    """Every (ask, offer) of one person."""
    starts, many = np.searchsorted(other, np.arange(n)), np.bincount(other, minlength=n)
    width = many[one]
    at = np.arange(width.sum()) - np.repeat(np.cumsum(width) - width, width)
    return (np.repeat(one, width), np.repeat(mine, width)), theirs[np.repeat(starts[one], width) + at]
