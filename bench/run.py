"""Command that runs all benchmarks, or the named parts, and writes bench/results.md.

python -m bench.run [part …] [--short]
"""

import argparse
import os
import platform
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench import matching, matching_baselines, met, pages, rounds, weight, year
from bench.realtime import (
    fanout,
    feed,
    joins,
    message_path,
    message_rate,
    posts,
    processes,
    slow_clients,
    solver_beside_room,
)

RESULTS = Path(__file__).parent / "results.md"
NOTES = Path(__file__).parent / "notes"
NAMED = (
    "flask", "flask-socketio", "python-socketio", "python-engineio", "gevent", "gunicorn", "sqlalchemy",
    "numpy", "scipy", "rustworkx", "networkx",
)  # fmt: skip
OPENING = """# Results

Written by `make bench`; `python -m bench.run fanout` renews one part, `--short` is for trying. Each part says
when it was measured and what else the machine did. Times depend on the machine: what counts is a figure
beside its reference, measured in the same run. The promises are those of the project's design.
"""


@dataclass(frozen=True)
class Part:
    """A part of the results: its title, what measures it, and the file in notes/ that says how to read it."""

    title: str
    measure: Callable[[bool], str]


PARTS = {
    "matching": Part("Matching", lambda _short: matching.table()),
    "topics": Part("Asks met, of people with many topics", lambda _short: matching.topics()),
    "large": Part(
        "A crowd of a hundred thousand", lambda short: matching.large(matching.LARGE // (10 if short else 1))
    ),
    "rounds": Part(
        "Small rounds",
        lambda _short: f"{rounds.left_table()}\n\n{rounds.waves_table()}\n\n{rounds.widening_table()}",
    ),
    "met": Part("Having met", lambda _short: met.met_table()),
    "matching_baselines": Part("Eight rounds beside other ways", lambda _short: matching_baselines.table()),
    "year": Part("A simulated year", year.table),
    "pages": Part("Pages", lambda _short: pages.table()),
    "weight": Part("What a first visit fetches", lambda _short: weight.table()),
    "fanout": Part("Fan-out", fanout.main),
    "message_path": Part("A chat message from sender to viewers", message_path.main),
    "message_rate": Part("A busy room, a flood", message_rate.main),
    "slow_clients": Part("Viewers who stall", slow_clients.main),
    "joins": Part("Coming in", joins.main),
    "posts": Part("Durable posts", posts.main),
    "processes": Part("Several web processes", processes.main),
    "solver_beside_room": Part("Matching beside a live room", solver_beside_room.main),
    "feed": Part("The personal calendar feed", feed.main),
}
CHAT = tuple(name for name, part in PARTS.items() if part.measure.__module__.startswith("bench.realtime."))


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("parts", nargs="*", choices=[*PARTS, "chat"], default=list(PARTS))
    asked.add_argument("--short", action="store_true", help="small sizes, nothing is written")
    arguments = asked.parse_args()
    wanted = [name for part in arguments.parts for name in (CHAT if part == "chat" else (part,))]
    for name in wanted:
        print(f"{PARTS[name].title} …", flush=True)
        text = section(PARTS[name], name, arguments.short)
        print(text)
        if not arguments.short:
            keep(PARTS[name].title, text)


def section(part: Part, name: str, short: bool) -> str:
    began, load = datetime.now(UTC), os.getloadavg()[0]
    table = part.measure(short)
    note = (NOTES / f"{name}.md").read_text().strip()
    mood = "nothing else was running" if load < 0.5 else "other work was running beside it"
    return (
        f"## {part.title}\n\n{table}\n\n{note}\n\n"
        f"*{began:%d %B %Y, %H:%M} UTC; load average {load:.1f} before it, "
        f"so {mood}; {os.cpu_count()} processors, {platform.system()} {platform.machine()}; Python "
        f"{platform.python_version()}, {', '.join(f'{one} {version(one)}' for one in NAMED)}.*\n"
    )


def keep(title: str, text: str) -> None:
    """Put a part in the place of its older self; the others stay as they were measured."""
    old = RESULTS.read_text() if RESULTS.exists() else ""
    found = {part.split("\n", 1)[0]: f"## {part}" for part in old.split("\n## ")[1:]}
    found[title] = text
    ordered = [found[part.title].rstrip() for part in PARTS.values() if part.title in found]
    promises = (NOTES / "promises.md").read_text().rstrip()  # drawn up by hand from the parts
    RESULTS.write_text("\n\n".join([OPENING.rstrip(), promises, *ordered]) + "\n")


if __name__ == "__main__":
    main()
