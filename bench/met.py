"""Simulation of a small circle over many rounds: shares of cards that say "you've met before".

python -m bench.met
"""

import random
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import NamedTuple

from bench.rounds import Given, person, problem, times
from events.pairing.solver import match
from events.rounds.rules.met_window import MET_WINDOWS, Meetings, Pair

PEOPLE = 8
ROUNDS = 24
CIRCLES = 10
APART = timedelta(days=14)
FIRST = datetime(2026, 1, 5, 12, tzinfo=UTC)
OPTS_IN, AGREED, TOOK_PLACE, TOLD = 0.85, 0.7, 0.9, 0.6
HEAD = "| | cards | of a pair that counts as met | read ‘you've met before’ | of those, never met |"


History = tuple[dict[Pair, datetime], dict[Pair, datetime], dict[Pair, datetime]]  # agreed, told, unknown


class Count(NamedTuple):
    cards: int
    repeated: int
    read: int
    false: int

    def plus(self, *more: int) -> "Count":
        return Count(*(one + other for one, other in zip(self, more, strict=True)))


def met_table() -> str:
    lines = [HEAD, "|---|---|---|---|---|"]
    for words, fades in (("every agreed coffee, for ever (before)", False), ("told, for six rounds", True)):
        count = Count(0, 0, 0, 0)
        for seed in range(CIRCLES):
            count = count.plus(*simulate(seed, fades=fades))
        shares = [f"{100 * share / count.cards:.0f} %" for share in (count.repeated, count.read)]
        wrong = f"{100 * count.false / count.read:.0f} %" if count.read else "–"
        lines.append(f"| {words} | {count.cards} | {shares[0]} | {shares[1]} | {wrong} |")
    return "\n".join(lines)


def simulate(seed: int, *, fades: bool) -> Count:
    """One circle; `fades`: with the window and told outcomes, else with every agreed coffee."""
    draw = random.Random(seed)
    people = [person(draw, at) for at in range(PEOPLE)]
    history: History = ({}, {}, {})
    agreed, told, unknown = history
    meetings, met, published = Meetings(told, unknown), set[Pair](), list[datetime]()
    count = Count(0, 0, 0, 0)
    for number in range(ROUNDS):
        at = FIRST + number * APART
        counted = set(agreed)
        if fades:
            counted = meetings.counted(MET_WINDOWS["six"].begins_at(at, published), at)
        asked: list[Given] = [{**one, "free": times(draw, True)} for one in people if draw.random() < OPTS_IN]
        ids = {one["id"] for one in asked}
        known = {(min(pair), max(pair)) for pair in counted if pair <= ids}
        for coffee in match(problem(asked, known, seed * 100 + number)).coffees:
            for user_id, reasons in coffee.reasons.items():
                said = (
                    meetings.describe(reasons, user_id, counted) if fades else [dict(one) for one in reasons]
                )
                read = [one for one in said if one["code"] == "met_before"]
                wrong = [one for one in read if frozenset((user_id, one["with"])) not in met]
                count = count.plus(1, "met" in coffee.widened, bool(read), bool(wrong))
            if draw.random() < AGREED:
                _hold(draw, coffee.people, at, history, met)
        published.insert(0, at)
    return count


def _hold(
    draw: random.Random,
    people: tuple[str, ...],
    at: datetime,
    history: History,
    met: set[Pair],
) -> None:
    """An agreed coffee, which mostly takes place, and of which mostly somebody tells the outcome."""
    start = at + timedelta(days=5)
    agreed, told, unknown = history
    held, known = draw.random() < TOOK_PLACE, draw.random() < TOLD
    for pair in map(frozenset, combinations(people, 2)):
        agreed[pair] = start
        if held:
            met.add(pair)
        if not known:
            unknown[pair] = start
        elif held:
            told[pair] = start


if __name__ == "__main__":
    print(met_table())
