"""Simulation of small rounds: shares of members left out over eight rounds, and with a coffee at the end.

python -m bench.rounds
"""

import random
from itertools import combinations
from typing import Any

from events.pairing.parsing import read_problem
from events.pairing.problem import Problem
from events.pairing.solver import match

Given = dict[str, Any]  # a person as the document of a round states them

ROUNDS = 8
SIZES = (2, 4, 6, 8, 10, 12, 15, 20)
CIRCLES = 4
STARTS = [f"2026-11-{24 + day:02}T{9 + hour:02}:00:00Z" for day in range(2) for hour in range(7)]
OFFERED = STARTS[:8]
TOPICS = [f"topic {at}" for at in range(24)]
SAY_YES = 0.6
PEOPLE = 12
EVENINGS = 200
WAVES = 4
LEFT_HEAD = ("| people | 3–6 of 14 times, nobody twice | widened | 4–6 of 8 times, nobody twice | widened |",)
WAVES_HEAD = ("| | one wave | two | three | four |",)
AGAIN = {
    1.0: "whoever accepted once accepts again",
    0.8: "accepts again eight times in ten",
    SAY_YES: "accepts again six times in ten",
}


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
    lines = [*WAVES_HEAD, "|---" * (WAVES + 1) + "|"]
    for chance, words in AGAIN.items():
        cells = [f"{100 * share:.0f} %" for share in confirmed(chance)]
        lines.append(f"| {words} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def confirmed(again: float) -> list[float]:
    """After each wave; whoever accepted before accepts with the chance `again`, or is lost."""
    accepted, held = 0, [0] * WAVES
    for evening in range(EVENINGS):
        draw = random.Random(evening)
        people = [{**person(draw, at), "free": times(draw, True)} for at in range(PEOPLE)]
        for wave in range(WAVES):
            coffees = [coffee.people for coffee in match(problem(people, set(), evening)).coffees]
            yes = {someone["id"] for someone in people if draw.random() < (again if wave else SAY_YES)}
            yes &= {one for coffee in coffees for one in coffee} if wave == 0 else yes
            came = _held(coffees, yes)
            accepted += len(yes) if wave == 0 else 0
            held[wave] += len(came)
            people = [someone for someone in people if someone["id"] in yes - came]
    return [sum(held[: wave + 1]) / accepted for wave in range(WAVES)]


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
