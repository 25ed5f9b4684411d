"""An auction for partners: from good prices to a near-optimal assignment, in rounds over arrays.

Everyone bids for the partner that leaves them most, by as much more than the second best as they can bear;
whoever bids highest has that partner until somebody bids more. Both sides of it are the same people (the
bipartite double cover), so that the outcome is a set of chains and rings, which fall apart into pairs.
"""

from dataclasses import dataclass

import numpy as np

from events.pairing.bit_tables import Ints
from events.pairing.dual_prices import CandidateLists, Prices

MIN_INCREMENT = 3_000.0  # of a bid at least, in millionths of a score: far below what tells good from best
MAX_ROUNDS = 6_000  # the last of them for a handful of people
MAX_OFFERS = 24  # that each person weighs
MINUS_INFINITY = -1e15
MAX_INCREMENT = 5e6  # more than any score
UNASSIGNED = -1


@dataclass(frozen=True)
class Assignment:
    """`partner[i]` is whom i has, or NOBODY, and `score[i]` what that pair scores."""

    partner: Ints
    score: Ints


def run_auction(n: int, lists: CandidateLists, price: Prices) -> Assignment:
    """Whom everybody has in the end."""
    partners, scores = _best_offers(n, lists, price)
    price = price.copy()
    holder = np.full(n, UNASSIGNED, dtype=np.int64)
    holds = np.full(n, UNASSIGNED, dtype=np.int64)
    score = np.zeros(n, dtype=np.int64)
    bidding = lists.who
    for _ in range(MAX_ROUNDS):
        if not len(bidding):
            break
        left = scores[bidding] - price[partners[bidding]]
        row, best = np.arange(len(bidding)), left.argmax(axis=1)
        most = left[row, best]
        left[row, best] = MINUS_INFINITY
        wanted = partners[bidding, best].astype(np.int64)
        offer = price[wanted] + np.minimum(most - left.max(axis=1), MAX_INCREMENT) + MIN_INCREMENT
        order = np.lexsort((offer, wanted))
        last = np.append(wanted[order][1:] != wanted[order][:-1], True)
        won = order[last]
        winner, prize = bidding[won], wanted[won]
        beaten = holder[prize]
        beaten = beaten[beaten >= 0]
        holds[beaten] = UNASSIGNED
        holder[prize], holds[winner], price[prize] = winner, prize, offer[won]
        score[winner] = scores[winner, best[won]].astype(np.int64)
        bidding = np.concatenate([np.delete(bidding, won), beaten])
    score[holds == UNASSIGNED] = 0
    return Assignment(holds, score)


def _best_offers(n: int, lists: CandidateLists, price: Prices) -> tuple[Ints, Prices]:
    """The OFFERS partners of each person that leave most, one row a person."""
    owner = np.repeat(lists.who, lists.width)
    left = lists.score - price[lists.partner]
    order = np.lexsort((-left, owner))
    place = np.arange(len(order)) - np.repeat(lists.start, lists.width)
    kept = place < MAX_OFFERS
    order, place, owner = order[kept], place[kept], owner[kept]
    partners = np.zeros((n, MAX_OFFERS), dtype=np.int64)
    scores = np.full((n, MAX_OFFERS), MINUS_INFINITY / 2)
    partners[owner, place], scores[owner, place] = lists.partner[order], lists.score[order]
    return partners, scores
