"""Every benchmark there is, written to bench/results.md, as `make bench` runs it.

python -m bench.run
"""

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench import matching, pages

RESULTS = Path(__file__).parent / "results.md"
NAMED = ("flask", "jinja2", "sqlalchemy", "numpy", "scipy", "rustworkx", "networkx")
TEMPLATE = """# Results

Written by `make bench` on {moment:%d %B %Y, %H:%M} UTC. {machine}; the load average was {load} when it
began, so {mood}. Python {python}, {versions}.

Times depend on the machine. What counts is a column beside its reference, measured in the same run.

## Matching

{matching}

Each row is one generated round in which everybody has three topics to offer and three to ask, six half
hours, one or two languages, blocks and earlier coffees, and may be seated in a pair or a trio.

- **seconds**: the whole of `rules.match`, in this process.
- **seated / at most**: people with a coffee, and a proven upper bound of how many can have one.
- **% of bound**: the score reached, as a share of a proven upper bound for that number of seats.
- **rustworkx s, its score**: an exact matching by pairs over the same candidates: how long it takes, and
  our score as a share of its score. It knows no trios, times or widening, so more than 100 % is possible.
  Left out above {rustworkx:,} people, where it takes long.
- **networkx s**: the same in pure Python, up to {networkx:,} people.

## Pages

{pages}

Rounds of {per_round} pages of both in turn, {rounds} times, through WSGI without a network. The promise is
at most 12 times the bare page.

## Not measured yet

The chat: fan-out, durable posts, joins, stalled readers, several processes. Their load generator and
references come with the work on the chat room, and no figure stands here before that.
"""


def main() -> None:
    load = os.getloadavg()[0]
    print("Matching …")
    rows = [matching.row(size) for size in matching.SIZES]
    print("Pages …")
    text = TEMPLATE.format(
        moment=datetime.now(UTC),
        machine=f"{os.cpu_count()} processors, {platform.system()} {platform.machine()}",
        load=f"{load:.1f}",
        mood="nothing else was running" if load < 0.5 else "other work was running beside it",
        python=platform.python_version(),
        versions=", ".join(f"{name} {version(name)}" for name in NAMED),
        matching="\n".join([*matching.HEAD, *rows]),
        pages=pages.table(),
        rustworkx=matching.RUSTWORKX_UP_TO,
        networkx=matching.NETWORKX_UP_TO,
        per_round=pages.PAGES,
        rounds=pages.ROUNDS,
    )
    RESULTS.write_text(text)
    print(text)


if __name__ == "__main__":
    main()
