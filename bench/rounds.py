"""Simulation of small rounds: shares of members left out over eight rounds, and with a coffee at the end.

python -m bench.rounds
"""

import random
from itertools import combinations
from typing import Any

from events.pairing.parsing import read_problem
from events.pairing.problem import Problem
from events.pairing.solver import match
from events.rounds.rules.one_more_time import times_to_ask

Given = dict[str, Any]  # a person as the document of a round states them

ROUNDS = 8
SIZES = (2, 4, 6, 8, 10, 12, 15, 20)
CIRCLES = 4
STARTS = [f"2026-11-{24 + day:02}T{9 + hour:02}:00:00Z" for day in range(2) for hour in range(7)]
OFFERED = STARTS[:8]
TOPICS = [f"topic {at}" for at in range(24)]
SAY_YES = 0.6
PEOPLE = (6, 8, 12)
EVENINGS = 120
WAVES = 4
LEFT_HEAD = ("| people | 3–6 of 14 times, nobody twice | widened | 4–6 of 8 times, nobody twice | widened |",)
WAVES_HEAD = ("| people | ‘gladly with someone else’ | one wave | two | three | four |",)
WIDENING_HEAD = ("| people | two or three times chosen | one wave | two | three | four |",)
UNTICKS = {0.0: "everyone leaves it ticked", 0.1: "one in ten unticks it", 1.0: "everyone unticks it"}


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
    lines = [*WAVES_HEAD, "|---" * (WAVES + 2) + "|"]
    for n in PEOPLE:
        for unticks, words in UNTICKS.items():
            cells = [f"{100 * share:.0f} %" for share in confirmed(n, unticks)]
            lines.append(f"| {n} | {words} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def widening_table() -> str:
    """The same, of people who chose two or three of the eight times: without and with one more asked."""
    lines = [*WIDENING_HEAD, "|---" * (WAVES + 2) + "|"]
    for n in PEOPLE:
        for asks, words in ((False, "nothing asked"), (True, "one more time asked")):
            cells = [f"{100 * share:.0f} %" for share in confirmed(n, 0.0, fewest=2, most=3, asks=asks)]
            lines.append(f"| {n} | {words} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def confirmed(n: int, unticks: float, *, fewest: int = 4, most: int = 6, asks: bool = False) -> list[float]:
    """After each wave. A yes accepts another partner unless unticked; then the next card is answered with
    the same chance as the first. With `asks`, people left after the second wave are asked one more time.
    """
    accepted, held = 0, [0] * WAVES
    for evening in range(EVENINGS):
        draw = random.Random(evening)
        people = [_with_times(draw, at, fewest, most) for at in range(n)]
        asked_again: set[str] = set()
        for wave in range(WAVES):
            coffees = [coffee.people for coffee in match(problem(people, set(), evening)).coffees]
            seated = {one for coffee in coffees for one in coffee}
            said = {someone["id"] for someone in people if draw.random() < SAY_YES}
            if wave == 0:
                yes = said & seated
                accepted += len(yes)
                asked_again = {one for one in sorted(yes) if draw.random() < unticks}
            else:
                yes = {one["id"] for one in people} - (asked_again & seated - said)
            came = _held(coffees, yes)
            held[wave] += len(came)
            people = [someone for someone in people if someone["id"] in yes - came]
            if asks and wave == 1:
                _ask_one_more_time(draw, people)
    return [sum(held[: wave + 1]) / accepted for wave in range(WAVES)]


def _with_times(draw: random.Random, at: int, fewest: int, most: int) -> Given:
    free = draw.sample(OFFERED, draw.randint(fewest, most))
    return {**person(draw, at), "free": free, "company": None, "never": [], "forms": ["online"]}


def _ask_one_more_time(draw: random.Random, people: list[Given]) -> None:
    """Yes as often as to a coffee."""
    open_to = {one["id"]: [start for start in OFFERED if start not in one["free"]] for one in people}
    asked = times_to_ask({"people": people, "met": [], "together": []}, open_to.keys(), open_to)
    for someone in people:
        if someone["id"] in asked and draw.random() < SAY_YES:
            someone["free"] = [*someone["free"], asked[someone["id"]]]


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
    print(left_table(), waves_table(), widening_table(), sep="\n\n")
