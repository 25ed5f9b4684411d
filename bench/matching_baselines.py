"""Benchmark of pairing quality over eight rounds, beside random, greedy and maximum-weight matching.

python -m bench.matching_baselines
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import rustworkx

from bench.rounds import ROUNDS, Given, person, problem, times
from events.pairing import weights
from events.pairing.solver import match

SIZES = (40, 100)
CIRCLES = 3
HEAD = (
    "| people | | mean benefit | wasted seats | worst-off's mean | unmatched | repeats | no common time |",
    "|---|---|---|---|---|---|---|---|",
)
Groups = list[tuple[str, ...]]


@dataclass
class Circle:
    """What has happened so far: who met, and what each round gave everybody."""

    people: dict[str, Given]
    draw: random.Random
    met: set[frozenset[str]] = field(default_factory=set)
    got: dict[str, list[float]] = field(default_factory=dict)
    last: set[str] = field(default_factory=set)  # in a coffee of three
    alone: int = 0
    repeats: int = 0
    timeless: int = 0
    coffees: int = 0

    def drink(self, groups: Groups) -> None:
        """Count what these coffees give; without a time in common they give nothing, and nobody met."""
        gave = dict.fromkeys(self.people, 0.0)
        self.alone += len(self.people) - sum(map(len, groups))
        self.coffees += len(groups)
        for group in groups:
            pairs = set(map(frozenset, combinations(group, 2)))
            self.repeats += bool(pairs & self.met)
            if not set.intersection(*(set(self.people[one]["free"]) for one in group)):
                self.timeless += 1
                continue
            self.met |= pairs
            for one in group:
                others = [other for other in group if other != one]
                gave[one] = sum(self.benefit(one, other) for other in others) / len(others)
        for one, amount in gave.items():
            self.got.setdefault(one, []).append(amount)
        self.last = {one for group in groups if len(group) == 3 for one in group}

    def benefit(self, one: str, other: str) -> float:
        """What meeting gives to the one, beyond a new face: asks that are met, and topics in common."""
        mine, theirs = self.people[one], self.people[other]
        met = len(set(mine["asks"]) & set(theirs["offers"]))
        shared = sum(len(set(mine[side]) & set(theirs[side])) for side in ("asks", "offers"))
        return weights.benefit(met, shared) - weights.BASE_BENEFIT

    def fresh(self, one: str, other: str) -> bool:
        return frozenset((one, other)) not in self.met

    def sums(self) -> dict[tuple[str, str], float]:
        """Pairs who have not met and have a time in common, with the sum of both benefits."""
        return {
            (one, other): self.benefit(one, other) + self.benefit(other, one)
            for one, other in combinations(self.people, 2)
            if self.fresh(one, other)
            and not set(self.people[one]["free"]).isdisjoint(self.people[other]["free"])
        }


def shuffle(circle: Circle) -> Groups:
    order = circle.draw.sample(list(circle.people), len(circle.people))
    return [(one, other) for one, other in zip(order[::2], order[1::2], strict=False)]


def shuffle_fresh(circle: Circle) -> Groups:
    """Each takes the first of the others whom they have not met."""
    left = circle.draw.sample(list(circle.people), len(circle.people))
    groups: Groups = []
    while left:
        one = left.pop()
        other = next((other for other in left if circle.fresh(one, other)), None)
        if other is not None:
            left.remove(other)
            groups.append((one, other))
    return groups


def greedy(circle: Circle) -> Groups:
    sums, taken = circle.sums(), set[str]()
    groups: Groups = []
    for pair in sorted(sums, key=lambda pair: -sums[pair]):
        if not taken & set(pair):
            taken |= set(pair)
            groups.append(pair)
    return groups


def plain_sum(circle: Circle) -> Groups:
    """As many pairs as there can be, and of those the largest sum of both benefits."""
    names = list(circle.people)
    place = {name: at for at, name in enumerate(names)}
    graph = rustworkx.PyGraph(multigraph=False)
    graph.add_nodes_from(names)
    graph.add_edges_from([(place[a], place[b], round(1e6 * sum_)) for (a, b), sum_ in circle.sums().items()])
    pairs = rustworkx.max_weight_matching(graph, max_cardinality=True, weight_fn=int)
    return [(names[one], names[other]) for one, other in pairs]


def ours(circle: Circle) -> Groups:
    """With what the product tells it: who met, what everybody had so far, who sat in a three."""
    for name, someone in circle.people.items():
        had = circle.got.get(name, [])
        someone["luck"] = sum(had) + weights.BASE_BENEFIT * len(had)
        someone["trio_last"] = name in circle.last
    met = {(min(pair), max(pair)) for pair in circle.met}
    given = problem(list(circle.people.values()), met, len(circle.got[min(circle.got)]) if circle.got else 0)
    return [coffee.people for coffee in match(given).coffees]


CONTENDERS: dict[str, Callable[[Circle], Groups]] = {
    "shuffle": shuffle,
    "shuffle without repeats": shuffle_fresh,
    "greedy by score": greedy,
    "blossom, plain sum": plain_sum,
    "Ontmoet": ours,
}


def table() -> str:
    lines = [*HEAD]
    for n in SIZES:
        lines += [row(n, name, [lived(n, seed, plan) for seed in range(CIRCLES)])
                  for name, plan in CONTENDERS.items()]  # fmt: skip
    return "\n".join(lines)


def lived(n: int, seed: int, plan: Callable[[Circle], Groups]) -> Circle:
    """A circle after its rounds; the same people and times for every contender."""
    draw = random.Random(1000 * n + seed)
    people = [person(draw, at) for at in range(n)]
    circle = Circle({one["id"]: one for one in people}, random.Random(seed))
    for _ in range(ROUNDS):
        for one in people:
            one["free"] = times(draw, eight=False)
        circle.drink(plan(circle))
    return circle


def row(n: int, name: str, circles: Sequence[Circle]) -> str:
    got = [amount for circle in circles for had in circle.got.values() for amount in had]
    worst = [min(sum(had) / len(had) for had in circle.got.values()) for circle in circles]
    coffees = sum(circle.coffees for circle in circles)
    cells = [str(n), name, f"{sum(got) / len(got):.3f}", _share(sum(a == 0 for a in got), len(got))]
    cells += [f"{sum(worst) / len(worst):.3f}", _share(sum(c.alone for c in circles), len(got))]
    cells += [_share(sum(circle.repeats for circle in circles), coffees)]
    cells += [_share(sum(circle.timeless for circle in circles), coffees)]
    return "| " + " | ".join(cells) + " |"


def _share(some: int, of: int) -> str:
    return f"{100 * some / of:.1f} %"


if __name__ == "__main__":
    print(table())
