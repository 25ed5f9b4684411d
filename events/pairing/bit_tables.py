"""Bit masks and index arrays of a round's people: hard rules and scores cost a few machine words a pair."""

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from events.pairing import scoring, weights
from events.pairing.bit_masks import Counts, Flags, Ints, Masks, count_common, intersect, masks_of, max_size
from events.pairing.pair_index import EXCLUDED, MET, TOGETHER, build_filter, contains, hash_slot
from events.pairing.problem import Person, Problem
from events.pairing.rarity import normalize, topic_weights

Weights = npt.NDArray[np.int32]

AGAIN = "again"


@dataclass(frozen=True)
class Tables:
    """Everyone who can still get a coffee in this wave; the order depends on ids and seed only.

    Shapes: (n,) for a person, (words, n) for masks of 64 values a word, (n, levels) for `gain` in
    millionths. A topic has as many bits in `asks` and `offers` as its weight has steps of `thirds`, so that
    a popcount is a weighted sum. `levels` are the most steps met and shared that `gain` tells apart.
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
    levels: tuple[int, int]
    thirds: int
    excluded: Ints
    met: Ints
    moments: Ints
    noise: npt.NDArray[np.uint32]
    topics: Mapping[str, int]  # weights in thirds

    @property
    def n(self) -> int:
        return len(self.who)

    def block(self, start: int, stop: int, met: bool, first: int = 0, last: int | None = None) -> Weights:
        """Scores in millionths, shape (stop - start, last - first); -1 where a hard rule forbids the
        pair.
        """
        last = self.n if last is None else last
        one, other = np.arange(start, stop)[:, None], np.arange(first, last)[None, :]
        allowed = intersect(self.free, one, other)
        allowed &= intersect(self.languages, one, other)
        allowed &= intersect(self.forms, one, other)
        allowed &= (self.company[one] != self.company[other]) | (self.company[one] < 0)
        same = np.arange(max(start, first), min(stop, last))
        allowed[same - start, same - first] = False
        for keys in (self.excluded,) if met else (self.excluded, self.met):
            rows, columns = self._inside(keys, start, stop, first, last)
            allowed[rows, columns] = False
        asked, offered, shared = self._levels(one, other)
        if len(self.moments):
            at = self._inside(self.moments, start, stop, first, last)
            np.add.at(shared, at, np.uint8(weights.USUAL // self.thirds))
        scores = self._score(one, other, asked, offered, shared)
        return np.where(allowed, scores, np.int32(-1))

    def pairs(self, one: Ints, other: Ints, met: bool) -> Weights:
        """Scores of listed pairs, with the shape of `one` and `other`; -1 where a hard rule forbids
        the pair.
        """
        allowed = (one != other) & intersect(self.free, one, other) & intersect(self.languages, one, other)
        allowed &= intersect(self.forms, one, other)
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
            shared[at] += (many * (weights.USUAL // self.thirds)).astype(np.uint8)
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

    def _levels(self, one: Ints, other: Ints) -> tuple[Counts, Counts, Counts]:
        most = np.uint8(self.levels[1])
        asked = count_common(self.asks, one, self.offers, other)
        offered = count_common(self.offers, one, self.asks, other)
        shared = np.minimum(count_common(self.asks, one, self.asks, other), most)
        shared += np.minimum(count_common(self.offers, one, self.offers, other), most)
        return asked, offered, shared

    def _score(self, one: Ints, other: Ints, asked: Counts, offered: Counts, shared: Counts) -> Weights:
        most_met, most_shared = np.uint8(self.levels[0]), np.uint8(self.levels[1])
        flat, width = self.gain.reshape(-1), self.gain.shape[1]
        kind = np.uint8 if width <= 256 else np.uint16  # of a level
        same = np.minimum(shared, most_shared)
        mine = flat.take(one * width + (np.minimum(asked, most_met) * kind(most_shared + 1) + same))
        mine += flat.take(other * width + (np.minimum(offered, most_met) * kind(most_shared + 1) + same))
        return np.asarray(mine)


def tabulate(problem: Problem) -> tuple[Tables, list[Person]]:
    """Tables of a whole round, and its people in the order of the tables."""
    people = sorted(problem.people, key=lambda person: _hash(problem.seed, person.id))
    n = len(people)
    place = {person.id: at for at, person in enumerate(people)}
    again = mutual_again_pairs(problem)
    met = [pair for pair in problem.met if frozenset(pair) not in again]
    never = [(person.id, other) for person in people for other in person.never if other != person.id]
    asks = [[normalize(topic) for topic in person.asks] for person in people]
    offers = [[normalize(topic) for topic in person.offers] for person in people]
    companies: dict[str, int] = {}
    named = [normalize(person.company or "") for person in people]
    noise = [int.from_bytes(_hash(problem.seed, person.id)[:4], "big") | 1 for person in people]
    weight = topic_weights([{*mine, *theirs} for mine, theirs in zip(asks, offers, strict=True)])
    thirds = math.gcd(weights.USUAL, *weight.values())
    bits = {topic: size // thirds for topic, size in weight.items()}
    asked, offered = masks_of(asks, bits), masks_of(offers, bits)
    moments, most_moments = _moments(problem, place)
    most_shared = max_size(asked) + max_size(offered) + most_moments * (weights.USUAL // thirds)
    levels = scoring.max_levels(n, min(max_size(asked), max_size(offered)), most_shared, thirds)
    prior = np.array([person.prior_benefit for person in people], dtype=np.float64)
    tables = Tables(
        who=np.arange(n),
        free=masks_of([person.free for person in people]),
        languages=masks_of([person.languages for person in people]),
        forms=masks_of([person.forms for person in people]),
        asks=asked,
        offers=offered,
        company=np.array(
            [companies.setdefault(c, len(companies)) if c else -1 for c in named], dtype=np.int64
        ),
        trio=np.array([person.trio for person in people], dtype=bool),
        trio_last=np.array([person.trio_last for person in people], dtype=bool),
        needy=np.ones(n, dtype=bool),
        gain=scoring.gains(prior, problem.need, *levels, thirds),
        levels=levels,
        thirds=thirds,
        excluded=_keys(never, place),
        met=_keys(met, place),
        moments=moments,
        noise=np.array(noise, dtype=np.uint32),
        topics=weight,
    )
    return tables, people


def _moments(problem: Problem, place: dict[str, int]) -> tuple[Ints, int]:
    """Keys of pairs, once for each interaction but at most MAX_SHARED times; and the most of a pair."""
    codes = {(*sorted((one, other)), code) for one, other, code in problem.together}
    many = Counter((one, other) for one, other, _ in codes)
    times = {pair: min(count, weights.MAX_SHARED) for pair, count in many.items()}
    pairs = [pair for pair, count in times.items() for _ in range(count)]
    return _keys(pairs, place, distinct=False), max(times.values(), default=0)


def mutual_again_pairs(problem: Problem) -> frozenset[frozenset[str]]:
    return frozenset(frozenset((one, other)) for one, other, code in problem.together if code == AGAIN)


@lru_cache(maxsize=50_000)
def _hash(seed: int, who: str) -> bytes:
    return hashlib.blake2b(f"{seed}\n{who}".encode(), digest_size=16).digest()


def _keys(pairs: Iterable[tuple[str, str]], place: dict[str, int], distinct: bool = True) -> Ints:
    n = len(place)
    keys = [place[one] * n + place[other] for one, other in pairs]
    both = np.array(keys + [key % n * n + key // n for key in keys], dtype=np.int64)
    return np.unique(both) if distinct else np.sort(both)
