"""Edmonds' blossom algorithm for maximum-cardinality matching, with the Tutte-Berge barrier as proof."""

from collections import deque
from collections.abc import Callable, Sequence

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_bipartite_matching

Neighbours = Callable[[int], Sequence[int]]
UNMATCHED = -1


class BlossomSearch:
    """Augmenting-path search that grows alternating trees from unmatched people.

    A tree without an augmenting path (Hungarian) cannot help a later search and is set aside. Its outer
    vertices, in blossoms, have only its inner vertices as neighbours: the inner vertices are a
    Tutte-Berge barrier.
    """

    def __init__(self, partner: list[int], neighbours: Neighbours, budget: int = 10**9) -> None:
        self.partner = partner
        self.neighbours = neighbours
        self.budget = budget  # steps; when they are spent the search gives up and `proven` is false
        n = len(partner)
        self._aside = [False] * n
        self._label = [0] * n  # 0 unseen, 1 outer, 2 inner
        self._base = list(range(n))
        self._parent = [UNMATCHED] * n
        self._bridge: dict[int, tuple[int, int]] = {}
        self.components: list[list[int]] = []
        self.inner: list[int] = []

    def pair_more(self) -> None:
        """Raise the number of pairs to the maximum; fills `components` (odd, outer) and `inner`."""
        for root, other in enumerate(self.partner):
            if other == UNMATCHED and self.proven:
                self._grow(root)

    @property
    def proven(self) -> bool:
        return self.budget > 0

    def _grow(self, root: int) -> None:
        self._label[root] = 1
        touched, queue = [root], deque([root])
        while queue:
            here = queue.popleft()
            nearby = self.neighbours(here)
            self.budget -= len(nearby)
            if not self.proven:
                return
            for there in nearby:
                if self._aside[there] or self._find(there) == self._find(here):
                    continue
                if self._label[there] == 0:
                    mate = self.partner[there]
                    if mate == UNMATCHED:
                        self._flip(here, there, root)
                        self._forget([*touched, there])
                        return
                    self._parent[there], self._label[there], self._label[mate] = here, 2, 1
                    touched += (there, mate)
                    queue.append(mate)
                elif self._label[self._find(there)] == 1:
                    queue.extend(self._shrink(here, there))
        self._set_aside(touched)

    def _find(self, person: int) -> int:
        while self._base[person] != person:
            self._base[person] = self._base[self._base[person]]
            person = self._base[person]
        return person

    def _above(self, base: int) -> int:
        """Base of the blossom two steps nearer to the root, or UNMATCHED."""
        mate = self.partner[base]
        return UNMATCHED if mate == UNMATCHED else self._find(self._parent[mate])

    def _shrink(self, one: int, other: int) -> list[int]:
        seen: set[int] = set()
        at, across = self._find(one), self._find(other)
        while at not in seen:
            if at != UNMATCHED:
                seen.add(at)
                at = self._above(at)
            at, across = across, at
            while at == UNMATCHED:
                at, across = across, at
        top = at
        fresh: list[int] = []
        for start, end in ((one, other), (other, one)):
            at = self._find(start)
            while at != top:
                inner = self.partner[at]
                above = self._find(self._parent[inner])
                self._bridge[inner] = (start, end)
                fresh.append(inner)
                self._base[at] = self._base[inner] = top
                at = above
        return fresh

    def _flip(self, here: int, there: int, root: int) -> None:
        path = [there, *self._path(here, root)]
        for one, other in zip(path[::2], path[1::2], strict=True):
            self.partner[one], self.partner[other] = other, one

    def _path(self, start: int, end: int) -> list[int]:
        """Alternating path from an outer vertex down to an ancestor, starting with its matched edge."""
        pieces: list[tuple[int, int, bool]] = [(start, end, False)]
        path: list[int] = []
        while pieces:
            one, last, backwards = pieces.pop()
            if one == last:
                path.append(one)
            elif self._label[one] == 1:
                mate = self.partner[one]
                steps = [(one, one, False), (mate, mate, False), (self._parent[mate], last, False)]
                pieces += _ordered(steps, backwards)
            else:
                near, far = self._bridge[one]
                steps = [(one, one, False), (near, self.partner[one], True), (far, last, False)]
                pieces += _ordered(steps, backwards)
        return path

    def _forget(self, touched: list[int]) -> None:
        for person in touched:
            self._label[person], self._base[person], self._parent[person] = 0, person, UNMATCHED
            self._bridge.pop(person, None)

    def _set_aside(self, touched: list[int]) -> None:
        blossoms: dict[int, list[int]] = {}
        for person in touched:
            self._aside[person] = True
            base = self._find(person)
            if self._label[base] == 1:
                blossoms.setdefault(base, []).append(person)
            else:
                self.inner.append(person)
        self.components += blossoms.values()


def min_unmatched(search: BlossomSearch, coverable: Callable[[list[int]], bool]) -> int:
    """Least number of unmatched people in any plan, proven by the barrier of a finished search.

    A component is odd, so pairs inside it leave one person out. Unless a trio inside covers it
    (`coverable`), it needs an inner vertex, and no inner vertex serves two components.
    """
    place = {person: at for at, person in enumerate(search.inner)}
    needing = [component for component in search.components if not coverable(component)]
    edges = {
        (at, place[there])
        for at, component in enumerate(needing)
        for person in component
        for there in search.neighbours(person)
        if there in place
    }
    if not edges:
        return len(needing)
    rows, columns = np.array(sorted(edges)).T
    graph = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(needing), len(place)))
    served = maximum_bipartite_matching(graph, perm_type="column")
    return int((served < 0).sum())


def _ordered(steps: list[tuple[int, int, bool]], backwards: bool) -> list[tuple[int, int, bool]]:
    """Steps as a stack: first on top, or last on top when walked backwards."""
    return [(one, last, not turned) for one, last, turned in steps] if backwards else steps[::-1]
