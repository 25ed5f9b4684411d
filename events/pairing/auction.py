"""An auction for partners: from good prices to a near-optimal assignment, in rounds over arrays.

Everyone bids for the partner that leaves them most, by as much more than the second best as they can bear;
whoever bids highest has that partner until somebody bids more. Both sides of it are the same people (the
bipartite double cover), so that the outcome is a set of chains and rings, which fall apart into pairs.
"""

from dataclasses import dataclass

import numpy as np

from events.pairing.bit_tables import Ints
from events.pairing.dual_prices import Lists, Prices

STEP = 3_000.0  # of a bid at least, in millionths of a score: far below what tells good from best
ROUNDS = 6_000  # the last of them for a handful of people
MAX_OFFERS = 24  # that each person weighs
NOTHING = -1e15
STEP_AT_MOST = 5e6  # more than any score
NOBODY = -1


@dataclass(frozen=True)
class Chosen:
    """`partner[i]` is whom i has, or NOBODY, and `score[i]` what that pair scores."""

    partner: Ints
    score: Ints


def bid(n: int, lists: Lists, price: Prices) -> Chosen:
    """Whom everybody has in the end."""
    partners, scores = _tabled(n, lists, price)
    price = price.copy()
    holder = np.full(n, NOBODY, dtype=np.int64)
    holds = np.full(n, NOBODY, dtype=np.int64)
    score = np.zeros(n, dtype=np.int64)
    bidding = lists.who
    for _ in range(ROUNDS):
        if not len(bidding):
            break
        left = scores[bidding] - price[partners[bidding]]
        row, best = np.arange(len(bidding)), left.argmax(axis=1)
        most = left[row, best]
        left[row, best] = NOTHING
        wanted = partners[bidding, best].astype(np.int64)
        offer = price[wanted] + np.minimum(most - left.max(axis=1), STEP_AT_MOST) + STEP
        order = np.lexsort((offer, wanted))
        last = np.append(wanted[order][1:] != wanted[order][:-1], True)
        won = order[last]
        winner, prize = bidding[won], wanted[won]
        beaten = holder[prize]
        beaten = beaten[beaten >= 0]
        holds[beaten] = NOBODY
        holder[prize], holds[winner], price[prize] = winner, prize, offer[won]
        score[winner] = scores[winner, best[won]].astype(np.int64)
        bidding = np.concatenate([np.delete(bidding, won), beaten])
    score[holds == NOBODY] = 0
    return Chosen(holds, score)


def _tabled(n: int, lists: Lists, price: Prices) -> tuple[Ints, Prices]:
    """The OFFERS partners of each person that leave most, one row a person."""
    owner = np.repeat(lists.who, lists.width)
    left = lists.score - price[lists.partner]
    order = np.lexsort((-left, owner))
    place = np.arange(len(order)) - np.repeat(lists.start, lists.width)
    kept = place < MAX_OFFERS
    order, place, owner = order[kept], place[kept], owner[kept]
    partners = np.zeros((n, MAX_OFFERS), dtype=np.int64)
    scores = np.full((n, MAX_OFFERS), NOTHING / 2)
    partners[owner, place], scores[owner, place] = lists.partner[order], lists.score[order]
    return partners, scores
