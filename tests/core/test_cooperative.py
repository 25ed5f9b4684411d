"""Cooperative scheduling: long work yields to other greenlets between its pieces."""

import subprocess
import sys
from pathlib import Path

import pytest

from events.core.cooperative import yield_between
from tests.support.processes import ROOT

OTHER = """
turns = 0
def other():
    global turns
    while True:
        turns += 1
        gevent.sleep(0)
gevent.spawn(other)
"""
BESIDE = f"""
from gevent import monkey; monkey.patch_all()
import sys, gevent
from events.core.cooperative import yield_between
{OTHER}way = yield_between if sys.argv[1] == "yielding" else list
for piece in way(range(20)):
    sum(range(1000))
print(turns)
"""


def test_all_pieces_come_in_order() -> None:
    assert list(yield_between("koffie")) == list("koffie")


@pytest.mark.parametrize(("way", "others_had_turns"), [("yielding", True), ("in one piece", False)])
def test_other_greenlets_run_between_the_pieces(way: str, others_had_turns: bool) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BESIDE, way], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert (int(done.stdout) >= 20) is others_had_turns


STATEMENTS = f"""
from gevent import monkey; monkey.patch_all()
import sys, gevent
from sqlalchemy import text
from events.core.cooperative import mark_background
from events.core.db import session as core_session
core_session.connect("sqlite:///" + sys.argv[2])
{OTHER}if sys.argv[1] == "background":
    mark_background()
count = "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n LIMIT 50000) SELECT count(*) FROM n"
with core_session.unit_of_work() as session:
    for _ in range(20):
        assert session.scalar(text(count)) == 50000
print(turns)
"""  # noqa: S608 - a script of ours


@pytest.mark.parametrize(("work", "others_had_turns"), [("background", True), ("for a page", False)])
def test_background_work_yields_inside_a_transaction(
    work: str, others_had_turns: bool, tmp_path: Path
) -> None:
    """A file answers at once, so that without giving way nobody else is served until all is read."""
    done = subprocess.run(
        [sys.executable, "-c", STATEMENTS, work, str(tmp_path / "x.db")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert (int(done.stdout) >= 5) is others_had_turns
