"""Bertsekas' auction algorithm on the bipartite double cover: dual prices to a near-optimal assignment.

Each person bids for the partner with the highest net value, raising the price by the gap to the second
best. Both sides of the cover are the same people, so the assignment is a set of paths and cycles, which
`cycles.split_into_pairs` turns into pairs.
"""

from dataclasses import dataclass

import numpy as np

from events.pairing.bit_masks import Ints
from events.pairing.dual_prices import CandidateLists, Prices

MIN_INCREMENT = 3_000.0  # millionths of a score, far below the difference of good and best
MAX_ROUNDS = 6_000  # most are for the last few people
MAX_OFFERS = 24  # candidates a person bids on
MINUS_INFINITY = -1e15
MAX_INCREMENT = 50e6  # millionths, above every score
UNASSIGNED = -1


@dataclass(frozen=True)
class Assignment:
    """`partner[i]` is the partner of i or UNASSIGNED; `score[i]` that pair's score. Both int64, shape
    (n,).
    """

    partner: Ints
    score: Ints


def run_auction(n: int, lists: CandidateLists, price: Prices) -> Assignment:
    """Assign partners by bidding until all are served or MAX_ROUNDS is reached.

    `price` holds n dual prices in millionths and is not changed. A pair may be one-sided: i chose j, j
    chose k.
    """
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
    """Partners and scores of the MAX_OFFERS best net values, shape (n, MAX_OFFERS); unused cells hold
    MINUS_INFINITY / 2.
    """
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
