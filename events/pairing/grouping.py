"""Groups of one wave: pairs first, then trios and repeated pairs for people left over."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from events.pairing.bit_masks import Flags, Ints
from events.pairing.bit_tables import Tables
from events.pairing.blossom import UNMATCHED, BlossomSearch, min_unmatched
from events.pairing.candidates import MAX_COMPLETE_PEOPLE, Edges, find_edges, map_row_blocks
from events.pairing.dual_prices import Prices
from events.pairing.integer_program import Group, find_options, solve_exactly, trio_scores
from events.pairing.pairing import SEARCH_BUDGET, neighbours_of, pair_people
from events.pairing.upper_bound import lagrangian_bound

MAX_EXACT_BEST_PEOPLE = 12_500  # up to here everyone's best partner is computed
MAX_MILP_PEOPLE = 24  # up to here a plan is proven by integer programming
MAX_MILP_OPTIONS = 1_000  # or with so few pairs and trios; with more, repair is easy
POOL_SIZES = (15, 24, 64)  # people solved exactly around an unmatched person, growing
MAX_REPAIRS = 60
MAX_POLISHED = 10  # people in a trio or repeated pair who are tried once more at the end
MAX_CHECKED_COMPONENT = 40  # people; larger components are assumed to hold a trio


@dataclass(frozen=True)
class Grouping:
    """Groups of a wave, and the edges and prices that its bounds are computed from."""

    groups: list[Group]
    edges: Edges
    price: Prices | None
    proven: bool = False


def group_wave(tables: Tables) -> Grouping:
    """Seat everyone without a coffee who can be seated; trios and repeated pairs only where needed."""
    edges = find_edges(tables, met=False)
    pairing = pair_people(tables, edges)
    groups = {one: pair for one, pair in enumerate(_pairs(pairing.partner)) if pair}
    out = [one for one in np.flatnonzero(tables.needy).tolist() if one not in groups]
    hard: list[int] = []
    for part in _components(tables):
        left = [one for one in out if one in part]
        if left and not _rebuild(tables, groups, np.array(sorted(part), dtype=np.int64)):
            hard += left
    if hard:
        _Repair(tables, groups).seat_all(hard)
    proven = tables.n <= MAX_COMPLETE_PEOPLE and not hard
    return Grouping(sorted(set(groups.values())), edges, pairing.price, proven)


def max_seated(tables: Tables, seating: Grouping) -> int:
    """Proven upper bound on the seats of any plan of one coffee each, trios and repeated pairs included."""
    seated = sum(map(len, seating.groups))
    everybody = neighbours_of(tables, met=True)
    taken = {person for group in seating.groups for person in group}
    out = [person for person in range(tables.n) if person not in taken]
    most = tables.n - sum(1 for person in out if not everybody(person))
    if seated == most or seating.proven:
        return seated
    partner = [UNMATCHED] * tables.n
    for group in seating.groups:
        if len(group) == 2:
            partner[group[0]], partner[group[1]] = group[1], group[0]
    search = BlossomSearch(partner, everybody, SEARCH_BUDGET)
    search.pair_more()
    if not search.proven:
        return most
    return tables.n - min_unmatched(search, lambda component: _may_hold_trio(tables, component))


def score_bound(tables: Tables, seating: Grouping, widened: bool) -> int:
    """Proven upper bound in millionths for plans of one coffee each with as many seats; see
    `Stats.bound`.
    """
    seats = sum(map(len, seating.groups))
    if widened and seating.edges.complete:
        return lagrangian_bound(tables, find_edges(tables, met=True), seats, met=True)
    return lagrangian_bound(tables, seating.edges, seats, widened, seating.price)


def max_seated_of_several(tables: Tables, seated: Flags) -> int:
    """Upper bound on seats when people want several coffees: all who may meet anyone."""
    everybody = neighbours_of(tables, met=True)
    return tables.n - sum(1 for person in np.flatnonzero(~seated).tolist() if not everybody(person))


def score_bound_of_several(tables: Tables, coffees: Ints) -> int:
    """Upper bound in millionths when people want several coffees: the best partner every time."""

    def best(start: int, stop: int) -> Ints:
        return np.asarray(tables.block(start, stop, met=True).max(axis=1).clip(0), dtype=np.int64)

    if tables.n > MAX_EXACT_BEST_PEOPLE:
        return int((tables.gain.max(axis=1) * coffees).sum())
    return int((np.concatenate(map_row_blocks(tables.n, best)) * coffees).sum()) // 2 + 1


def _may_hold_trio(tables: Tables, component: list[int]) -> bool:
    if len(component) > MAX_CHECKED_COMPONENT:
        return True
    options = find_options(tables, np.array(sorted(component), dtype=np.int64))
    return bool((options.people[:, 2] >= 0).any())


def _pairs(partner: list[int]) -> list[Group]:
    return [
        () if other == UNMATCHED else (min(one, other), max(one, other)) for one, other in enumerate(partner)
    ]


def _components(tables: Tables) -> list[set[int]]:
    """Connected components of allowed pairs; above MAX_COMPLETE_PEOPLE the whole is one component."""
    if tables.n > MAX_COMPLETE_PEOPLE:
        return [set(range(tables.n))]
    graph = csr_matrix(tables.block(0, tables.n, met=True) >= 0)
    many, label = connected_components(graph, directed=False)
    return [set(np.flatnonzero(label == part).tolist()) for part in range(many)]


def _rebuild(tables: Tables, groups: dict[int, Group], pool: Ints) -> bool:
    """Solve the pool exactly, in place; False, without a change, if it is too large."""
    if len(pool) > POOL_SIZES[-1]:
        return False
    options = find_options(tables, pool)
    if len(pool) > MAX_MILP_PEOPLE and len(options) > MAX_MILP_OPTIONS:
        return False
    for person in pool.tolist():
        groups.pop(person, None)
    groups.update({person: group for group in solve_exactly(tables, pool, options) for person in group})
    return True


class _Repair:
    """Local search around each unmatched person: solves a pool of neighbours exactly."""

    def __init__(self, tables: Tables, groups: dict[int, Group]) -> None:
        self.tables = tables
        self.groups = groups
        self.may_meet = neighbours_of(tables, met=True)
        self.rng = np.random.default_rng(int(tables.noise.sum(dtype=np.uint64)))

    def seat_all(self, out: list[int]) -> None:
        trials = MAX_REPAIRS
        for reach, size in enumerate(POOL_SIZES, 1):
            for person in out:
                if person not in self.groups and self.may_meet(person) and trials:
                    trials -= 1
                    _rebuild(self.tables, self.groups, self._pool(person, out, reach, size))
        for person in out[:MAX_POLISHED]:
            for member in self.groups.get(person, ()):
                if self._strained(self.groups.get(member, ())):
                    _rebuild(self.tables, self.groups, self._pool(member, [], 1, MAX_MILP_PEOPLE))

    def _strained(self, group: Group) -> bool:
        return len(group) == 3 or (len(group) == 2 and self.tables.have_met(*group))

    def _pool(self, person: int, out: list[int], reach: int, size: int) -> Ints:
        """Person, others who are unmatched, and whole groups: first those who could best take one in."""
        pool = dict.fromkeys(self.groups.get(person, (person,)))
        near = set(self.may_meet(person))
        pool.update(dict.fromkeys([other for other in out if other not in self.groups and other in near][:3]))
        for group in self._hosts(person):
            pool.update(dict.fromkeys(group))
        wave = list(pool)
        for _ in range(reach):
            nearby = [other for here in wave for other in self._some(here)]
            for other in nearby:
                group = self.groups.get(other, (other,))
                if len(pool) + len(group) <= size:
                    pool.update(dict.fromkeys(group))
            wave = list(pool)
        return np.array(sorted(pool), dtype=np.int64)

    def _hosts(self, person: int) -> list[Group]:
        """Four pairs that lose least, or gain most, as a trio with this person.

        Pairs with someone whose last coffee was a trio come after all others, repeated pairs after those.
        """
        pairs = np.array(sorted({g for g in self.groups.values() if len(g) == 2}), dtype=np.int64)
        if not len(pairs) or not self.tables.trio[person]:
            return []
        score, met = trio_scores(self.tables, np.column_stack([pairs, np.full(len(pairs), person)]))
        more = score - self.tables.pairs(pairs[:, 0], pairs[:, 1], met=True) - met * 10**9
        more -= self.tables.trio_last[pairs].sum(axis=1) * 10**8
        order = np.argsort(-more, kind="stable")
        return [(int(pairs[at][0]), int(pairs[at][1])) for at in order[:4] if score[at] >= 0]

    def _some(self, person: int) -> list[int]:
        nearby = self.may_meet(person)
        return [nearby[at] for at in self.rng.permutation(len(nearby))[:12].tolist()]
