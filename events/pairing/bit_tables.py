"""Bit masks and index arrays of a round's people: hard rules and scores cost a few machine words a pair."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from events.pairing import scoring, weights
from events.pairing.pair_index import EXCLUDED, MET, TOGETHER, build_filter, contains, hash_slot
from events.pairing.problem import Person, Problem

Ints = npt.NDArray[np.int64]
Weights = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]
Masks = npt.NDArray[np.uint64]  # one row a machine word, one column a person

AGAIN = "again"


@dataclass(frozen=True)
class Tables:
    """Everyone who can still get a coffee in this wave; the order depends on ids and seed only.

    Shapes: (n,) for a person, (words, n) for masks of 64 values a word, (n, 16) for `gain` in millionths.
    `who[i]` is the index of person i in the whole round. Pair lists (`excluded`, `met`, `moments`) are
    sorted keys `i * n + j`, in both directions; `moments` repeats a key for each shared interaction.
    `needy` people have no coffee yet.
    """

    who: Ints
    free: Masks
    languages: Masks
    forms: Masks
    asks: Masks
    offers: Masks
    company: Ints
    trio: Flags
    trio_last: Flags
    needy: Flags
    gain: Weights
    excluded: Ints
    met: Ints
    moments: Ints
    noise: npt.NDArray[np.uint32]

    @property
    def n(self) -> int:
        return len(self.who)

    def block(self, start: int, stop: int, met: bool, first: int = 0, last: int | None = None) -> Weights:
        """Scores in millionths, shape (stop - start, last - first); -1 where a hard rule forbids the
        pair.
        """
        last = self.n if last is None else last
        one, other = np.arange(start, stop)[:, None], np.arange(first, last)[None, :]
        allowed = _intersect(self.free, one, other)
        allowed &= _intersect(self.languages, one, other)
        allowed &= _intersect(self.forms, one, other)
        allowed &= (self.company[one] != self.company[other]) | (self.company[one] < 0)
        same = np.arange(max(start, first), min(stop, last))
        allowed[same - start, same - first] = False
        for keys in (self.excluded,) if met else (self.excluded, self.met):
            rows, columns = self._inside(keys, start, stop, first, last)
            allowed[rows, columns] = False
        asked, offered, shared = self._levels(one, other)
        if len(self.moments):
            np.add.at(shared, self._inside(self.moments, start, stop, first, last), np.uint8(1))
        scores = self._score(one, other, asked, offered, shared)
        return np.where(allowed, scores, np.int32(-1))

    def pairs(self, one: Ints, other: Ints, met: bool) -> Weights:
        """Scores of listed pairs, with the shape of `one` and `other`; -1 where a hard rule forbids
        the pair.
        """
        allowed = (one != other) & _intersect(self.free, one, other) & _intersect(self.languages, one, other)
        allowed &= _intersect(self.forms, one, other)
        allowed &= (self.company[one] != self.company[other]) | (self.company[one] < 0)
        keys = one * self.n + other
        marks = self._marks[hash_slot(keys, len(self._marks))]
        allowed &= ~contains(keys, self.excluded, marks & EXCLUDED)
        if not met:
            allowed &= ~contains(keys, self.met, marks & MET)
        asked, offered, shared = self._levels(one, other)
        at = np.flatnonzero(marks & TOGETHER)
        if len(at):
            many = np.searchsorted(self.moments, keys[at], "right") - np.searchsorted(self.moments, keys[at])
            shared[at] += np.minimum(many, weights.MAX_COUNTED).astype(np.uint8)
        scores = self._score(one, other, asked, offered, shared)
        scores[~allowed] = -1
        return scores

    def have_met(self, one: int, other: int) -> bool:
        return bool(contains(np.array([one * self.n + other]), self.met, np.array([MET]))[0])

    @cached_property
    def _marks(self) -> npt.NDArray[np.uint8]:
        """Bloom filter over the pair lists: most pairs need no search."""
        return build_filter({EXCLUDED: self.excluded, MET: self.met, TOGETHER: self.moments})

    def only(self, chosen: Ints, free: Masks, needy: Flags, coffees: Ints) -> "Tables":
        """Subset of people. `coffees` are keys of pairs that now have a coffee: they become excluded."""
        place = np.full(self.n, -1, dtype=np.int64)
        place[chosen] = np.arange(len(chosen))

        def renamed(keys: Ints) -> Ints:
            one, other = place[keys // self.n], place[keys % self.n]
            kept = (one >= 0) & (other >= 0)
            return np.sort(one[kept] * len(chosen) + other[kept])

        return replace(
            self,
            who=self.who[chosen],
            free=free[:, chosen],
            languages=self.languages[:, chosen],
            forms=self.forms[:, chosen],
            asks=self.asks[:, chosen],
            offers=self.offers[:, chosen],
            company=self.company[chosen],
            trio=self.trio[chosen],
            trio_last=self.trio_last[chosen],
            needy=needy[chosen],
            gain=self.gain[chosen],
            excluded=renamed(np.concatenate([self.excluded, coffees])),
            met=renamed(self.met),
            moments=renamed(self.moments),
            noise=self.noise[chosen],
        )

    def _inside(self, keys: Ints, start: int, stop: int, first: int, last: int) -> tuple[Ints, Ints]:
        low, high = np.searchsorted(keys, [start * self.n, stop * self.n])
        rows, columns = keys[low:high] // self.n - start, keys[low:high] % self.n
        inside = (columns >= first) & (columns < last)
        return rows[inside], columns[inside] - first

    def _levels(self, one: Ints, other: Ints) -> tuple[npt.NDArray[np.uint8], ...]:
        asked = _count_common(self.asks, one, self.offers, other)
        offered = _count_common(self.offers, one, self.asks, other)
        shared = _count_common(self.asks, one, self.asks, other)
        shared += _count_common(self.offers, one, self.offers, other)
        return asked, offered, shared

    def _score(self, one: Ints, other: Ints, *levels: npt.NDArray[np.uint8]) -> Weights:
        asked, offered, shared = (np.minimum(level, np.uint8(weights.MAX_COUNTED)) for level in levels)
        flat = self.gain.reshape(-1)
        width = self.gain.shape[1]
        mine = flat.take(one * width + scoring.level(asked, shared))
        mine += flat.take(other * width + scoring.level(offered, shared))
        return np.asarray(mine)


def tabulate(problem: Problem) -> tuple[Tables, list[Person]]:
    """Tables of a whole round, and its people in the order of the tables."""
    people = sorted(problem.people, key=lambda person: _hash(problem.seed, person.id))
    n = len(people)
    place = {person.id: at for at, person in enumerate(people)}
    again = mutual_again_pairs(problem)
    met = [pair for pair in problem.met if frozenset(pair) not in again]
    never = [(person.id, other) for person in people for other in person.never if other != person.id]
    moments = {(*sorted((one, other)), code) for one, other, code in problem.together}
    asks = [[normalize(topic) for topic in person.asks] for person in people]
    offers = [[normalize(topic) for topic in person.offers] for person in people]
    companies: dict[str, int] = {}
    named = [normalize(person.company or "") for person in people]
    noise = [int.from_bytes(_hash(problem.seed, person.id)[:4], "big") | 1 for person in people]
    topics = Counter(topic for mine in (*asks, *offers) for topic in set(mine))
    common = {topic: at for at, topic in enumerate(sorted(t for t, many in topics.items() if many > 1))}
    tables = Tables(
        who=np.arange(n),
        free=free_masks([person.free for person in people]),
        languages=_bits([person.languages for person in people]),
        forms=_bits([person.forms for person in people]),
        asks=_bits(asks, common),
        offers=_bits(offers, common),
        company=np.array(
            [companies.setdefault(c, len(companies)) if c else -1 for c in named], dtype=np.int64
        ),
        trio=np.array([person.trio for person in people], dtype=bool),
        trio_last=np.array([person.trio_last for person in people], dtype=bool),
        needy=np.ones(n, dtype=bool),
        gain=scoring.gains(
            np.array([person.prior_benefit for person in people], dtype=np.float64), problem.need
        ),
        excluded=_keys(never, place),
        met=_keys(met, place),
        moments=_keys([(one, other) for one, other, _ in moments], place, distinct=False),
        noise=np.array(noise, dtype=np.uint32),
    )
    return tables, people


def mutual_again_pairs(problem: Problem) -> frozenset[frozenset[str]]:
    return frozenset(frozenset((one, other)) for one, other, code in problem.together if code == AGAIN)


def free_masks(free: Sequence[Iterable[datetime]]) -> Masks:
    return _bits(free)


@lru_cache(maxsize=50_000)
def normalize(topic: str) -> str:
    """Topics and companies that differ in case or spaces are equal."""
    return " ".join(topic.casefold().split())


def _hash(seed: int, who: str) -> bytes:
    return hashlib.blake2b(f"{seed}\n{who}".encode(), digest_size=16).digest()


def _bits(lists: Sequence[Iterable[object]], known: Mapping[str, int] | None = None) -> Masks:
    places: dict[object, int] = dict((known or {}).items())
    if known is None:
        for value in sorted({value for values in lists for value in values}, key=str):
            places[value] = len(places)
    masks = np.zeros((max(1, -(-len(places) // 64)), len(lists)), dtype=np.uint64)
    rows = [(places[value], at) for at, values in enumerate(lists) for value in values if value in places]
    if rows:
        bit, at = np.array(rows, dtype=np.int64).T
        np.bitwise_or.at(masks, (bit // 64, at), np.uint64(1) << (bit % 64).astype(np.uint64))
    return masks


def _keys(pairs: Iterable[tuple[str, str]], place: dict[str, int], distinct: bool = True) -> Ints:
    n = len(place)
    keys = [place[one] * n + place[other] for one, other in pairs]
    both = np.array(keys + [key % n * n + key // n for key in keys], dtype=np.int64)
    return np.unique(both) if distinct else np.sort(both)


def _intersect(masks: Masks, one: Ints, other: Ints) -> Flags:
    hit = (masks[0][one] & masks[0][other]) != 0
    for word in masks[1:]:
        hit |= (word[one] & word[other]) != 0
    return np.asarray(hit)


def _count_common(mine: Masks, one: Ints, theirs: Masks, other: Ints) -> npt.NDArray[np.uint8]:
    many = np.bitwise_count(mine[0][one] & theirs[0][other])
    for left, right in zip(mine[1:], theirs[1:], strict=True):
        many += np.bitwise_count(left[one] & right[other])
    return np.asarray(many)
