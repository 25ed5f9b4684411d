"""Solver of one round: locked coffees first, then waves of one coffee a person until no more fit."""

import time
from datetime import datetime
from itertools import combinations

import numpy as np

from events.pairing.bit_masks import Flags, Ints, masks_of
from events.pairing.bit_tables import Tables, mutual_again_pairs, tabulate
from events.pairing.explanations import explain, interactions_by_pair
from events.pairing.grouping import (
    group_wave,
    max_seated,
    max_seated_of_several,
    score_bound,
    score_bound_of_several,
)
from events.pairing.integer_program import Group, trio_scores
from events.pairing.problem import Coffee, Person, Problem, Result, Stats, Unmatched
from events.pairing.scheduling import FreeTimes, alternatives, best_form
from events.pairing.scoring import UNIT
from events.pairing.unmatched import unmatched_reason


def match(problem: Problem) -> Result:
    """Best plan for a round; the same for the same people and seed, in any order of the input."""
    began = time.perf_counter()
    return _Round(problem).plan(began)


class _Round:
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.tables, self.people = tabulate(problem)
        self.diary = FreeTimes(self.people, problem.slot_minutes)
        self.wanted = np.array([person.coffees for person in self.people], dtype=np.int64)
        self.several = bool((self.wanted > 1).any())
        self.planned: list[tuple[Group, datetime]] = []
        self.met = frozenset(map(frozenset, problem.met)) - mutual_again_pairs(problem)

    def plan(self, began: float) -> Result:
        refused = self._book_locked()
        held = len(self.planned)
        most = bound = 0
        while len(open_to := self._open()) > 1:
            wave = self._wave(open_to)
            seating = group_wave(wave)
            groups = [tuple(int(wave.who[person]) for person in group) for group in seating.groups]
            if not self.several:
                widened = any(map(self._have_met, groups))
                most, bound = max_seated(wave, seating), score_bound(wave, seating, widened)
            for group in groups:
                self._book(group, self.diary.best_start(self._named(group)))
            if not groups or not self.several:
                break
        if self.several:
            most, bound = (
                max_seated_of_several(self.tables, self._seated()),
                score_bound_of_several(self.tables, self._coffees()),
            )
        else:
            most += 2 * held
            bound += sum(self._scores([group for group, _ in self.planned[:held]]))
        return self._result(began, refused, most, bound)

    def _book_locked(self) -> int:
        """Number of locked pairs refused: a hard rule or an earlier lock forbids them."""
        place = {person.id: at for at, person in enumerate(self.people)}
        refused = 0
        for one, other, start in self.problem.locked:
            pair = (min(place[one], place[other]), max(place[one], place[other]))
            allowed = self.tables.pairs(np.array(pair[:1]), np.array(pair[1:]), met=True)[0] >= 0
            fresh = all(group != pair for group, _ in self.planned)
            within = all(self.wanted[person] > 0 for person in pair)
            if allowed and fresh and within and start in self.diary.common(self._named(pair)):
                self._book(pair, start)
            else:
                refused += 1
        return refused

    def _book(self, group: Group, start: datetime) -> None:
        self.diary.book(self._named(group), start)
        self.wanted[list(group)] -= 1
        self.planned.append((group, start))

    def _open(self) -> Ints:
        return np.flatnonzero(self.wanted > 0)

    def _wave(self, open_to: Ints) -> Tables:
        if not self.planned:
            return self.tables
        free = masks_of([self.diary.free(person) for person in self.people])
        n = self.tables.n
        keys = [
            one * n + other for group, _ in self.planned for one in group for other in group if one != other
        ]
        return self.tables.only(open_to, free, ~self._seated(), np.array(keys, dtype=np.int64))

    def _seated(self) -> Flags:
        return self._coffees_had() > 0

    def _coffees_had(self) -> Ints:
        return self._coffees() - self.wanted

    def _coffees(self) -> Ints:
        return np.array([person.coffees for person in self.people], dtype=np.int64)

    def _named(self, group: Group) -> list[Person]:
        return [self.people[person] for person in group]

    def _have_met(self, group: Group) -> bool:
        ids = [person.id for person in self._named(group)]
        return any(frozenset(pair) in self.met for pair in combinations(ids, 2))

    def _scores(self, groups: list[Group]) -> list[int]:
        pairs = np.array([group for group in groups if len(group) == 2], dtype=np.int64).reshape(-1, 2)
        trios = np.array([group for group in groups if len(group) == 3], dtype=np.int64).reshape(-1, 3)
        of_pairs = iter(self.tables.pairs(pairs[:, 0], pairs[:, 1], met=True).tolist())
        of_trios = iter(trio_scores(self.tables, trios)[0].tolist())
        return [int(next(of_pairs if len(group) == 2 else of_trios)) for group in groups]

    def _result(self, began: float, refused: int, most: int, bound: int) -> Result:
        moments = interactions_by_pair(self.problem)
        scores = self._scores([group for group, _ in self.planned])
        coffees = []
        for (group, start), score in zip(self.planned, scores, strict=True):
            named = sorted(self._named(group), key=lambda person: person.id)
            coffees.append(
                Coffee(
                    people=tuple(person.id for person in named),
                    starts_at=start,
                    form=best_form(named),
                    alternatives=alternatives(self.diary.common(named)),
                    score=round(score / UNIT, 6),
                    reasons=explain(named, moments, self.met, self.tables.topics),
                    widened=("met",) if self._have_met(group) else (),
                )
            )
        seated = self._seated()
        excluded = frozenset((person.id, other) for person in self.people for other in person.never)
        left = (person for person, has in zip(self.people, seated.tolist(), strict=True) if not has)
        without = [
            Unmatched(person.id, unmatched_reason(person, self.people, excluded, self.met)) for person in left
        ]
        stats = Stats(
            people=len(self.people),
            seated=int(seated.sum()),
            seated_most=most,
            score=round(sum(scores) / UNIT, 6),
            bound=round(bound / UNIT, 6),
            pairs=sum(len(coffee.people) == 2 for coffee in coffees),
            trios=sum(len(coffee.people) == 3 for coffee in coffees),
            widened=sum(bool(coffee.widened) for coffee in coffees),
            locked_refused=refused,
            seconds=round(time.perf_counter() - began, 3),
        )
        return Result(
            coffees=tuple(sorted(coffees, key=lambda coffee: (coffee.starts_at, coffee.people))),
            without=tuple(sorted(without, key=lambda one: one.id)),
            stats=stats,
        )
