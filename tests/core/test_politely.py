"""Long work in pieces lets the others of its process have their turn; the same in one piece does not."""

import subprocess
import sys

import pytest

from events.core.politely import politely
from tests.servers import ROOT

BESIDE = """
from gevent import monkey; monkey.patch_all()
import sys, gevent
from events.core.politely import politely
turns = 0
def other():
    global turns
    while True:
        turns += 1
        gevent.sleep(0)
gevent.spawn(other)
way = politely if sys.argv[1] == "politely" else list
for piece in way(range(20)):
    sum(range(1000))
print(turns)
"""


def test_nothing_is_lost_or_moved() -> None:
    assert list(politely("koffie")) == list("koffie")


@pytest.mark.parametrize(("way", "others_had_turns"), [("politely", True), ("in one piece", False)])
def test_others_are_served_between_the_pieces(way: str, others_had_turns: bool) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BESIDE, way], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert (int(done.stdout) >= 20) is others_had_turns
