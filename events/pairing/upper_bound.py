"""How much any plan can score at most: prices that cover every pair the rules allow, candidates or not."""

import numpy as np

from events.pairing import weights
from events.pairing.bit_tables import Ints, Tables
from events.pairing.candidates import Edges, Found, upper_pairs
from events.pairing.dual_prices import Prices, candidate_lists, solve_dual
from events.pairing.topic_overlap import (
    MAX_WORDS,
    STEPS_PER_TOPIC,
    Limits,
    estimate_pairs,
    map_overlapping_pairs,
)

MAX_CHECKED_PAIRS = (
    60_000_000  # pairs; if more might surpass the prices, everyone is priced at their very best
)
SAMPLE_SIZE = 1_024  # people by whom that number is foreseen
SLOPES = (0.1e6, 0.2e6, 0.3e6, 0.45e6)  # what one more topic in common adds to a score at most, tried in turn


def lagrangian_bound(tables: Tables, edges: Edges, seats: int, met: bool, known: Prices | None = None) -> int:
    """No plan of pairs and trios that seats so many of these people scores more (in millionths).

    If being seated is worth a bonus, a price may be as low as minus half of it, and whoever is left out
    adds that half. Each bonus gives a true bound; the least is taken. `known` are the prices for none.
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
    """The prices, raised until they cover every allowed pair of these people."""
    limits = _limits(tables, price)
    if limits is None:
        return np.asarray(np.maximum(price, tables.gain.max(axis=1)))

    def short(one: Ints, other: Ints) -> Found:
        score = tables.pairs(one, other, met)
        missing = np.ceil(score - price[one] - price[other]).astype(np.int64)
        kept = (score >= 0) & (missing > 0)
        return one[kept], other[kept], missing[kept]

    found = [
        *map_overlapping_pairs(tables, limits, STEPS_PER_TOPIC, short),
        short(*upper_pairs(tables.moments, tables.n)),
    ]
    one, other, missing = (np.concatenate(side) for side in zip(*found, strict=True))
    _, first = np.unique(one * tables.n + other, return_index=True)
    uncovered = Edges(one[first], other[first], missing[first], complete=False)
    return np.asarray(price + solve_dual(tables.n, candidate_lists(tables.n, uncovered), 0.0)[0] - 1)


def _limits(tables: Tables, price: Prices) -> Limits | None:
    """How many topics two people must have in common before their score can surpass their prices.

    With a person's surplus at each level at most A + slope * (asks met + half of what is shared), a pair
    surpasses its prices only if slope * (topics in common) > - A - A'.
    """
    if len(tables.asks) > MAX_WORDS:
        return None
    surplus = tables.gain - price[:, None]
    levels = np.arange(weights.MAX_COUNTED + 1)
    topics = (levels[:, None] + levels[None, :] / 2).reshape(-1)
    # A topic that somebody both asks and offers counts twice with another's one, and four times with two.
    double = np.bitwise_count(tables.asks & tables.offers).sum(axis=0)
    rows = np.unique(np.linspace(0, tables.n - 1, SAMPLE_SIZE).astype(np.int64))
    options: list[tuple[float, Limits]] = []
    for slope in SLOPES:
        highest = (surplus - slope * topics[None, :]).max(axis=1) + 1.5 * slope * double
        limit = np.floor(-STEPS_PER_TOPIC * highest / slope).clip(-10_000, 10_000).astype(np.int16)
        options.append((estimate_pairs(tables, limit, STEPS_PER_TOPIC, rows), limit))
    many, limits = min(options, key=lambda option: option[0])
    return limits if many <= MAX_CHECKED_PAIRS else None
