"""Small rounds with the real algorithm: who is left out over eight rounds, and who ends up with a coffee.

python -m bench.rounds
"""

import random
from itertools import combinations
from typing import Any

from events.matching.rules import Problem, match, read_problem

Given = dict[str, Any]  # a person as the document of a round states them

ROUNDS = 8
SIZES = (2, 4, 6, 8, 10, 12, 15, 20)
CIRCLES = 4
STARTS = [f"2026-11-{24 + day:02}T{9 + hour:02}:00:00Z" for day in range(2) for hour in range(7)]
OFFERED = STARTS[:8]
TOPICS = [f"topic {at}" for at in range(24)]
SAY_YES = 0.6
PEOPLE = 12
EVENINGS = 16
LEFT_HEAD = ("| people | 3–6 of 14 times, nobody twice | widened | 4–6 of 8 times, nobody twice | widened |",)
WAVES_HEAD = ("| | one wave | two waves |",)


def left_table() -> str:
    """The share of seats that stay empty, in per cent."""
    lines = [*LEFT_HEAD, "|---|---|---|---|---|"]
    for n in SIZES:
        cells = [f"{100 * share:.0f} %" for eight in (False, True) for share in left_out(n, eight)]
        lines.append(f"| {n} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def left_out(n: int, eight: bool) -> tuple[float, float]:
    """Without and with meeting again those whom one met in an earlier round."""
    fresh = widened = 0
    for circle in range(CIRCLES):
        draw = random.Random(circle * 100 + n)
        people = [person(draw, at) for at in range(n)]
        never = [pair for pair in combinations(range(n), 2) if draw.random() < 0.1]
        met: set[tuple[str, str]] = set()
        for seed in range(ROUNDS):
            for someone in people:
                someone["free"] = times(draw, eight)
                someone["never"] = [f"p{other}" for one, other in never if someone["id"] == f"p{one}"]
            plan = match(problem(people, met, seed))
            seats = [len(coffee.people) for coffee in plan.coffees]
            again = [len(coffee.people) for coffee in plan.coffees if coffee.widened]
            widened += n - sum(seats)
            fresh += n - sum(seats) + sum(again)
            met |= {(one, other) for c in plan.coffees for one, other in combinations(c.people, 2)}
    return fresh / (n * ROUNDS * CIRCLES), widened / (n * ROUNDS * CIRCLES)


def waves_table() -> str:
    """Of those who accepted what they were first proposed, the share that ends with a confirmed coffee."""
    one, certain, doubtful = confirmed()
    return "\n".join(
        [
            *WAVES_HEAD,
            "|---|---|---|",
            f"| whoever accepted once accepts again | {100 * one:.0f} % | {100 * certain:.0f} % |",
            f"| accepts again six times in ten | {100 * one:.0f} % | {100 * doubtful:.0f} % |",
        ]
    )


def confirmed() -> tuple[float, float, float]:
    accepted = first = 0
    second = {1.0: 0, SAY_YES: 0}
    for evening in range(EVENINGS):
        draw = random.Random(evening)
        people = [{**person(draw, at), "free": times(draw, True)} for at in range(PEOPLE)]
        coffees = [coffee.people for coffee in match(problem(people, set(), evening)).coffees]
        yes = {someone["id"] for someone in people if draw.random() < SAY_YES}
        yes &= {one for coffee in coffees for one in coffee}
        held = _held(coffees, yes)
        accepted, first = accepted + len(yes), first + len(held)
        met = {pair for coffee in coffees for pair in combinations(coffee, 2)}
        never = {one: [b for a, b in met if a == one] for one in yes}
        left = [{**p, "never": never[p["id"]]} for p in people if p["id"] in yes - held]
        for someone in left:
            someone["never"] = [other for other in someone["never"] if other in yes - held]
        again = [coffee.people for coffee in match(problem(left, set(), evening)).coffees]
        for chance in second:
            still = {someone["id"] for someone in left if draw.random() < chance}
            second[chance] += len(held) + len(_held(again, still))
    return first / accepted, second[1.0] / accepted, second[SAY_YES] / accepted


def _held(coffees: list[tuple[str, ...]], yes: set[str]) -> set[str]:
    """A coffee stands with two; a trio minus one goes on as a pair."""
    came = [yes & set(coffee) for coffee in coffees]
    return {one for group in came if len(group) > 1 for one in group}


def person(draw: random.Random, at: int) -> Given:
    return {
        "id": f"p{at}",
        "languages": ["nl"],
        "asks": draw.sample(TOPICS, draw.randint(1, 4)),
        "offers": draw.sample(TOPICS, draw.randint(1, 4)),
    }


def times(draw: random.Random, eight: bool) -> list[str]:
    return draw.sample(OFFERED, draw.randint(4, 6)) if eight else draw.sample(STARTS, draw.randint(3, 6))


def problem(people: list[Given], met: set[tuple[str, str]], seed: int) -> Problem:
    return read_problem({"people": people, "met": sorted(map(list, met)), "seed": seed})


if __name__ == "__main__":
    print(left_table(), waves_table(), sep="\n\n")
