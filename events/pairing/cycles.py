"""Splits the paths and cycles of an assignment into pairs at the least loss of score."""

from itertools import accumulate

from events.pairing.auction import UNASSIGNED, Assignment


def split_into_pairs(chosen: Assignment) -> tuple[list[int], list[int]]:
    """`partner[i]` or UNASSIGNED, and the people left alone: one of each odd path or cycle, where it
    costs least.
    """
    following, score = chosen.partner.tolist(), chosen.score.tolist()
    partner, alone = [UNASSIGNED] * len(following), []
    seen = [False] * len(following)
    led = set(following)
    heads = [person for person in range(len(following)) if person not in led]
    for start in (*heads, *range(len(following))):
        if seen[start]:
            continue
        chain, at = [], start
        while at != UNASSIGNED and not seen[at]:
            seen[at] = True
            chain.append(at)
            at = following[at]
        pairs = _pairs(chain, score, ring=at == start)
        for one, other in pairs:
            partner[one], partner[other] = other, one
        alone += [person for person in chain if partner[person] == UNASSIGNED]
    return partner, alone


def _pairs(chain: list[int], score: list[int], ring: bool) -> list[tuple[int, int]]:
    """Maximum number of neighbouring pairs, and of those the highest score."""
    worth = [score[person] for person in chain]
    if len(chain) % 2:
        at = _cheapest_of_cycle(worth) if ring else _cheapest_of_chain(worth)
        return _consecutive_pairs(chain[at + 1 :] + chain[:at] if ring else chain[:at] + chain[at + 1 :])
    turned = ring and len(chain) > 2 and sum(worth[1::2]) > sum(worth[::2])
    return _consecutive_pairs(chain[1:] + chain[:1] if turned else chain)


def _cheapest_of_chain(worth: list[int]) -> int:
    """Index of the person to leave out: pairs before it start at even indices, pairs after it at odd
    ones.
    """
    before = [0, *accumulate(worth[:-1:2])]
    after = [0, *accumulate(worth[1::2])]
    return 2 * max(range(len(before)), key=lambda at: before[at] + after[-1] - after[at])


def _cheapest_of_cycle(worth: list[int]) -> int:
    """Index of the person to leave out of an odd cycle."""
    many, half = len(worth), len(worth) // 2
    twos = [worth[2 * at % many] for at in range(many + half)]
    sums = [0, *accumulate(twos)]
    first = max(range(many), key=lambda at: sums[at + half] - sums[at])
    return (2 * first - 1) % many


def _consecutive_pairs(people: list[int]) -> list[tuple[int, int]]:
    return list(zip(people[::2], people[1::2], strict=False))
