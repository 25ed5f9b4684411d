"""The database is locked, gone or full: an honest refusal, and everything goes on afterwards by itself."""

import random
import threading
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

from events.core.ops.health import PROBE_INTERVAL_SECONDS
from events.core.sqlite_driver import sqlite
from tests.faults.chat_checker import History
from tests.faults.chat_clients import a_busy_room, wait_until
from tests.faults.conftest import CUT_OFF, Scene
from tests.faults.http_clients import busy_people
from tests.faults.injectors import crashed, filled, frozen, full, locked
from tests.support.processes import Ontmoet

LOCKED = [4.0, pytest.param(30.0, marks=pytest.mark.long)]  # seconds; longer than a writer waits for its turn
GONE = [4.0, pytest.param(60.0, marks=pytest.mark.long)]
REFUSED_WITHIN = 13.0  # of a server that is silent: the longest statement, and the socket's way
BACK_WITHIN = 10.0  # seconds; a page tries again after three

pytestmark = [pytest.mark.journey, CUT_OFF]


def seed() -> int:
    return random.randrange(10**6)  # noqa: S311 - printed, so that it can be played again


def goes_on(history: History) -> None:
    kept = len(history.kept)
    wait_until(lambda: len(history.kept) > kept + 5, "what is said afterwards", BACK_WITHIN)


@pytest.mark.parametrize("seconds", LOCKED)
def test_a_locked_database_refuses_honestly_and_recovers(one: Scene, seconds: float) -> None:
    with a_busy_room(one.room, one.members, seed=seed(), pause=0.05) as history:
        goes_on(history)
        with locked(one.web):
            threading.Event().wait(seconds)
        goes_on(history)
    assert history.refused > 0, "nobody was refused, so this showed nothing"


def test_a_full_disk_refuses_honestly_and_recovers(one: Scene) -> None:
    with (
        a_busy_room(one.room, one.members, seed=seed(), pause=0.05) as history,
        busy_people(one.room, seed=1, kills=[]) as actions,
    ):
        with full(one.web):
            wait_until(lambda: history.refused > 2, "a refusal for want of space")
            wait_until(lambda: actions.unavailable > 2, "the same on pages")
        goes_on(history)
    assert is_sound(one.web.home / "ontmoet.db")


@pytest.mark.parametrize("seconds", GONE)
def test_a_crash_of_postgresql_is_refused_honestly_and_recovered_from(two: Scene, seconds: float) -> None:
    assert two.installation is not None
    with a_busy_room(two.room, two.members, seed=seed(), pause=0.05) as history:
        goes_on(history)
        with crashed(two.installation.database):
            wait_until(lambda: history.refused > 2, "a refusal")
            threading.Event().wait(seconds)
        goes_on(history)


def test_a_silent_postgresql_is_refused_in_time_and_recovered_from(two: Scene) -> None:
    assert two.installation is not None
    with a_busy_room(two.room, two.members, seed=seed(), pause=0.05) as history:
        goes_on(history)
        with frozen(two.installation.database):
            before = history.refused
            wait_until(lambda: history.refused > before + 3, "a refusal in time", REFUSED_WITHIN)
        goes_on(history)


def test_a_full_disk_of_postgresql_is_refused_honestly_and_recovered_from(two: Scene) -> None:
    if two.disk is None:
        pytest.skip("nobody may mount a small disk here")
    assert two.installation is not None
    webs = two.installation.webs
    with (
        a_busy_room(two.room, two.members, seed=seed(), pause=0.01) as history,
        busy_people(two.room, seed=1, kills=[]) as actions,
    ):
        goes_on(history)
        with filled(two.disk):
            wait_until(lambda: history.refused > 2, "a refusal for want of space")
            wait_until(lambda: actions.unavailable > 2, "the same on pages")
            wait_until(
                lambda: not any(map(is_ready, webs)), "that no process is ready", 2 * PROBE_INTERVAL_SECONDS
            )
        goes_on(history)
        wait_until(lambda: all(map(is_ready, webs)), "that each is ready again", 2 * PROBE_INTERVAL_SECONDS)
    assert "its disk is full" in webs[0].log()


def is_ready(web: Ontmoet) -> bool:
    try:
        urllib.request.urlopen(f"{web.url}/readyz", timeout=10).close()  # noqa: S310 - our own address
    except urllib.error.HTTPError as refused:
        refused.close()
        return False
    return True


def is_sound(database: Path) -> bool:
    with closing(sqlite.connect(database)) as reader:
        return reader.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
