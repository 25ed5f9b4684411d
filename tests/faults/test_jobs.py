"""Every job may run twice: people answer, take places and direct, and weeks of reminders follow."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.faults.action_checker import find_work_faults
from tests.faults.chat_clients import wait_until
from tests.faults.conftest import CUT_OFF, raise_scene
from tests.faults.http_clients import busy_people, still_undone
from tests.faults.scenario import read_stored
from tests.support.cluster import alone

MIN_ACTIONS = 60
UNTIL_ALL_IS_OVER = timedelta(days=10)  # after the coffees and the evening

pytestmark = [pytest.mark.journey, CUT_OFF]


@pytest.mark.long
def test_jobs_that_run_twice_have_their_effects_once(tmp_path: Path) -> None:
    with alone(tmp_path, app="tests.faults.apps.runs_jobs_twice:app") as web:
        scene = raise_scene([web])
        with busy_people(scene.room, seed=1, kills=[]) as actions:
            wait_until(lambda: sum(actions.changes.values()) > MIN_ACTIONS, "enough actions")
        before = len(read_stored(web, 0).arrived)
        web.travel_to(web.now() + UNTIL_ALL_IS_OVER)
        wait_until(lambda: not still_undone(web), "the last job")
        stored = read_stored(web, 0)
    assert len(stored.arrived) > before, "no reminder left, so this showed nothing"
    assert find_work_faults(stored, kills=0) == []
