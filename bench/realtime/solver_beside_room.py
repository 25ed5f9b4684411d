"""Benchmark of event loop stalls while a round is matched or proposed beside a live room.

python -m bench.realtime.solver_beside_room [--short]
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.realtime import server
from bench.realtime.fanout import Room

SECONDS = 6.0


def main(short: bool) -> str:
    server.raise_open_file_limit()
    size, matched, proposed = (60, 100, 12) if short else (500, 2000, 300)
    lines = [
        "| | viewers | meanwhile | the loop stood still, at most ms | delivery p99 ms | promise |",
        "|---|---|---|---|---|---|",
    ]
    with (
        TemporaryDirectory() as home,
        server.product(Path(home)) as served,
        server.pinned_to_core(server.LOAD_CORE),
    ):
        room = Room(served)
        with room.load:
            room.grow_to(size)
            for people, begin, work in (
                (0, None, None),
                (matched, "gather", "match"),
                (proposed, "open round", "propose"),
            ):
                lines.append(measure(room, people, begin, work))
                print(lines[-1])
    return "\n".join(lines)


def measure(room: Room, people: int, begin: str | None, work: str | None) -> str:
    """`begin` makes the people up, `work` is what is done while the loop is watched; both are frames."""
    answers: dict[int, Any] = {}
    room.load.on_answer = lambda _viewer, number, data: answers.update({number: data})
    first = room.load.viewers[0]
    if begin:
        room.load.send(first, begin, {"people": people}, 19)
        room.load.run_until(lambda: 19 in answers, 60)
    room.load.send(first, "stood still", {}, 20)  # watch from here
    room.load.run(1)
    room.load.send(first, "stood still", {}, 22)  # count from here
    if work:
        room.load.send(first, work, {}, 21)
    window = room.window(room.size * 5.0, SECONDS)
    longest, coffees = 0.0, 0
    for number in range(30, 90):
        room.load.send(first, "stood still", {}, number)
        room.load.run_until(lambda number=number: number in answers, 30)  # type: ignore[misc]  # bound now
        longest, coffees = max(longest, answers[number]["longest"]), answers[number]["matched"]
        if coffees or not work:
            break
        room.load.run(1)
    done = f"{work}: {people:,} people, {coffees:,} coffees" if work else "nothing"
    told = "≤ 50 ms" if work else ""
    return f"| Ontmoet | {room.size:,} | {done} | {longest * 1000:.0f} | {window.p99:.0f} | {told} |"


if __name__ == "__main__":
    print(main("--short" in sys.argv))
