"""Lagrangian upper bound on the score of any plan: dual prices made feasible for every allowed pair."""

import numpy as np

from events.pairing import weights
from events.pairing.bit_masks import Ints
from events.pairing.bit_tables import Tables
from events.pairing.candidates import Edges, Found, upper_pairs
from events.pairing.dual_prices import Prices, candidate_lists, solve_dual
from events.pairing.topic_overlap import (
    MAX_WORDS,
    STEPS_PER_TOPIC,
    Limits,
    asks_met,
    estimate_pairs,
    map_overlapping_pairs,
)

# If more pairs might exceed their prices, everyone is priced at their best gain instead.
MAX_CHECKED_PAIRS = 60_000_000
SAMPLE_SIZE = 1_024  # people whose pairs estimate that number
# Millionths that one more ask met of usual rarity adds at most, tried in turn.
SLOPES = (0.2e6, 0.3e6, 0.4e6, 0.55e6)
ROWS = 4_096  # people at a time


def lagrangian_bound(tables: Tables, edges: Edges, seats: int, met: bool, known: Prices | None = None) -> int:
    """Upper bound in millionths for plans of pairs and trios that seat `seats` of these people.

    A bonus for each seat is the Lagrange multiplier of the number of seats: prices may fall to minus half
    the bonus, and each person left out adds that half. Every bonus gives a valid bound; the least is
    returned. `known` are the prices for bonus 0.
    """
    if not len(edges):
        return 0
    top = int(edges.score.max())
    bonuses = (0,) if seats == tables.n else (0, top // 2, top, 2 * top, 20 * top)
    prices = {0: known} if known is not None else {}
    if len(prices) < len(bonuses):
        lists = candidate_lists(tables.n, edges)
        prices |= {b: solve_dual(tables.n, lists, -b / 2)[0] for b in bonuses if b not in prices}
    found = []
    for bonus, price in prices.items():
        if not edges.complete:
            price = make_feasible(tables, price, met)
        found.append(price.sum() + bonus * (tables.n - seats) / 2)
    return int(np.ceil(min(found))) + 1


def make_feasible(tables: Tables, price: Prices, met: bool) -> Prices:
    """Prices raised until they cover every allowed pair, candidates or not."""
    limits = _limits(tables, price)
    if limits is None:
        return np.asarray(np.maximum(price, tables.gain.max(axis=1)))

    def short(one: Ints, other: Ints) -> Found:
        score = tables.pairs(one, other, met)
        missing = np.ceil(score - price[one] - price[other]).astype(np.int64)
        kept = (score >= 0) & (missing > 0)
        return one[kept], other[kept], missing[kept]

    found = [
        *map_overlapping_pairs(asks_met(tables), limits, STEPS_PER_TOPIC, short),
        short(*upper_pairs(tables.moments, tables.n)),
    ]
    one, other, missing = (np.concatenate(side) for side in zip(*found, strict=True))
    _, first = np.unique(one * tables.n + other, return_index=True)
    uncovered = Edges(one[first], other[first], missing[first], complete=False)
    return np.asarray(price + solve_dual(tables.n, candidate_lists(tables.n, uncovered), 0.0)[0] - 1)


def _limits(tables: Tables, price: Prices) -> Limits | None:
    """Asks met below which a pair cannot exceed its prices; None if too many pairs would be checked.

    If a person's surplus at each level is at most A + slope * asks met, a pair exceeds its prices only if
    slope * (asks met of both) > -A - A'. Asks are counted in steps, as in `tables.levels`.
    """
    if len(tables.asks) > MAX_WORDS:
        return None
    met = np.arange(tables.gain.shape[1]) // (tables.levels[1] + 1)
    rows = np.unique(np.linspace(0, tables.n - 1, SAMPLE_SIZE).astype(np.int64))
    sides = asks_met(tables)
    options: list[tuple[float, Limits]] = []
    for slope in np.array(SLOPES) * tables.thirds / weights.USUAL:
        highest = np.concatenate(
            [
                (tables.gain[start : start + ROWS] - slope * met[None, :]).max(axis=1)
                for start in range(0, tables.n, ROWS)
            ]
        )
        highest -= price
        limit = np.floor(-STEPS_PER_TOPIC * highest / slope).clip(-10_000, 10_000).astype(np.int16)
        options.append((estimate_pairs(sides, limit, STEPS_PER_TOPIC, rows), limit))
    many, limits = min(options, key=lambda option: option[0])
    return limits if many <= MAX_CHECKED_PAIRS else None
