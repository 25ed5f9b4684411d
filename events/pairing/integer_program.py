"""Exact plan of pairs and trios for a small pool of people, by mixed-integer programming (HiGHS).

Objectives in lexicographic order: seat most people without a coffee, fewest repeated pairs, fewest trios,
most people, fewest people in a second trio in a row, highest score.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
from scipy.optimize import LinearConstraint, milp
from scipy.sparse import csr_matrix, vstack

from events.pairing.bit_masks import Flags, Ints, Masks
from events.pairing.bit_tables import Tables

Group = tuple[int, ...]


@dataclass(frozen=True)
class Options:
    """Allowed pairs and trios: `people` has shape (m, 3) with -1 as third of a pair; `score` in
    millionths.
    """

    people: Ints
    met: Flags
    score: Ints

    def __len__(self) -> int:
        return len(self.score)


def solve_exactly(tables: Tables, pool: Ints, options: Options) -> list[Group]:
    """Best plan for the pool, whose sorted indices and options are given."""
    if not len(options):
        return []
    members, rows = [], []
    for column in range(3):
        there = np.flatnonzero(options.people[:, column] >= 0)
        members.append(np.searchsorted(pool, options.people[there, column]))
        rows.append(there)
    shape = (len(pool), len(options))
    once = csr_matrix(
        (np.ones(sum(map(len, rows))), (np.concatenate(members), np.concatenate(rows))), shape=shape
    )
    trio = options.people[:, 2] >= 0
    needy = once.T @ tables.needy[pool].astype(float)
    burden = options.met * float(len(pool) + 1) + trio
    people = once.T @ np.ones(len(pool))
    chosen = np.zeros(len(options))
    limits, most = once, np.ones(len(pool))
    twice = trio * (once.T @ tables.trio_last[pool].astype(float))
    # In thousandths, so that the solver's tolerance is far below one step of the score.
    for worth in (needy, -burden, people, -twice, options.score / 1000):
        if not worth.any():
            continue
        chosen = _maximize(np.asarray(worth, dtype=np.float64), limits, most)
        limits = vstack([limits, csr_matrix(-worth)])
        most = np.append(most, -np.round(worth @ chosen))
    return [_group(options.people[at]) for at in np.flatnonzero(chosen > 0.5)]


def find_options(tables: Tables, pool: Ints) -> Options:
    """Pairs and trios of the pool (sorted indices), repeated pairs included."""
    pairs = np.array(list(combinations(pool.tolist(), 2)), dtype=np.int64).reshape(-1, 2)
    pair_score = tables.pairs(pairs[:, 0], pairs[:, 1], met=True).astype(np.int64)
    pairs, pair_score = pairs[pair_score >= 0], pair_score[pair_score >= 0]
    trios = np.array(list(combinations(pool[tables.trio[pool]].tolist(), 3)), dtype=np.int64).reshape(-1, 3)
    trio_score, trio_met = trio_scores(tables, trios)
    allowed = trio_score >= 0
    trios, trio_met, trio_score = trios[allowed], trio_met[allowed], trio_score[allowed]
    two = np.column_stack([pairs, np.full(len(pairs), -1)])
    met = tables.pairs(pairs[:, 0], pairs[:, 1], met=False) < 0
    return Options(
        np.concatenate([two, trios]),
        np.concatenate([met, trio_met]),
        np.concatenate([pair_score, trio_score]),
    )


def trio_scores(tables: Tables, trios: Ints) -> tuple[Ints, Flags]:
    """Scores of trios (m, 3), -1 where a rule forbids one, and whether any two of them have met."""
    total = np.zeros(len(trios), dtype=np.int64)
    allowed = tables.trio[trios].all(axis=1)
    met = np.zeros(len(trios), dtype=bool)
    for one, other in ((0, 1), (0, 2), (1, 2)):
        score = tables.pairs(trios[:, one], trios[:, other], met=True)
        met |= tables.pairs(trios[:, one], trios[:, other], met=False) < 0
        allowed &= score >= 0
        total += score
    for masks in (tables.free, tables.languages, tables.forms):
        allowed &= _all_three(masks, trios)
    return np.where(allowed, total // 2, -1), met & allowed


def _all_three(masks: Masks, trios: Ints) -> Flags:
    return np.asarray((masks[:, trios[:, 0]] & masks[:, trios[:, 1]] & masks[:, trios[:, 2]]).any(axis=0))


def _maximize(
    worth: npt.NDArray[np.float64], limits: csr_matrix, most: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    outcome = milp(
        -worth,
        integrality=np.ones(len(worth)),
        bounds=(0, 1),
        constraints=LinearConstraint(limits, -np.inf, most),
        options={"mip_rel_gap": 0.0},
    )
    if outcome.x is None:
        raise RuntimeError(f"The solver gave up: {outcome.message}")
    return np.asarray(outcome.x)


def _group(people: Ints) -> Group:
    return tuple(int(person) for person in people if person >= 0)
