"""A round is matched in a child process while a room is live: how long the web loop stands still at most.

python -m bench.live.offloaded [--short]
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.live import serving
from bench.live.fanout import Room

SECONDS = 6.0


def main(short: bool) -> str:
    serving.allow_many_sockets()
    size, people = (60, 100) if short else (500, 2000)
    lines = [
        "| | viewers | matched meanwhile | the loop stood still, at most ms | delivery p99 ms | promise |",
        "|---|---|---|---|---|---|",
    ]
    with TemporaryDirectory() as home, serving.ours(Path(home)) as served, serving.on_core(serving.LOAD_CORE):
        room = Room(served)
        room.grow_to(size)
        for matched in (0, people):
            lines.append(measure(room, matched))
            print(lines[-1])
    return "\n".join(lines)


def measure(room: Room, people: int) -> str:
    answers: dict[int, Any] = {}
    room.crowd.on_answer = lambda _viewer, number, data: answers.update({number: data})
    first = room.crowd.viewers[0]
    if people:
        room.crowd.send(first, "gather", {"people": people}, 19)
    room.crowd.send(first, "stood still", {}, 20)  # watch from here
    room.crowd.run(1)
    room.crowd.send(first, "stood still", {}, 22)  # count from here
    if people:
        room.crowd.send(first, "match", {}, 21)
    window = room.window(room.size * 5.0, SECONDS)
    longest, matched = 0.0, 0
    for number in range(30, 90):
        room.crowd.send(first, "stood still", {}, number)
        room.crowd.run_until(lambda number=number: number in answers, 30)  # type: ignore[misc]  # bound now
        longest, matched = max(longest, answers[number]["longest"]), answers[number]["matched"]
        if matched or not people:
            break
        room.crowd.run(1)
    done = f"{people:,} people, {matched:,} coffees" if people else "nothing"
    told = "≤ 50 ms" if people else ""
    return f"| Ontmoet | {room.size:,} | {done} | {longest * 1000:.0f} | {window.p99:.0f} | {told} |"


if __name__ == "__main__":
    print(main("--short" in sys.argv))
