"""SIGKILL at any moment: what was acknowledged is there, once, in one order, for everybody."""

import random
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.chat_clients import a_busy_room, wait_until
from tests.faults.conftest import CUT_OFF, Scene, raise_scene
from tests.faults.http_clients import busy_people
from tests.faults.injectors import kill_and_restart
from tests.support.cluster import alone

KILLS = 5
WITHIN = 1.0  # seconds after an acknowledgement: the kill comes at a random moment

pytestmark = [pytest.mark.journey, CUT_OFF]


def strike(scene: Scene, seed: int) -> None:
    """Kill one process after the other while people write, listen and act."""
    struck: list[str] = []
    with (
        a_busy_room(scene.room, scene.members, seed=seed) as history,
        busy_people(scene.room, seed=seed, kills=struck) as actions,
    ):
        strike_while(scene, lambda: len(history.kept), struck, seed)
    assert history.unanswered > 0, "no kill hit a message on its way, so this showed nothing"
    assert actions.unanswered > 0, "no kill hit an action on its way, so this showed nothing"


def strike_while(
    scene: Scene, acknowledged: Callable[[], int], struck: list[str], seed: int, kills: int = KILLS
) -> None:
    chance = random.Random(seed)  # noqa: S311 - not a secret
    for number in range(kills):
        before = acknowledged()
        wait_until(lambda before=before: acknowledged() > before, "an acknowledgement")  # type: ignore[misc]  # bound now
        threading.Event().wait(chance.uniform(0, WITHIN))
        struck.append(kill_and_restart(scene, number))


def test_sigkill_of_the_only_process_loses_and_duplicates_nothing(one: Scene) -> None:
    strike(one, seed=random.randrange(10**6))  # noqa: S311 - printed, so that it can be played again


def test_sigkill_of_one_of_two_processes_loses_and_duplicates_nothing(two: Scene) -> None:
    strike(two, seed=random.randrange(10**6))  # noqa: S311 - as above


@pytest.mark.long
def test_without_commit_before_acknowledgement_a_kill_loses_actions(
    tmp_path: Path,
) -> None:
    """The negative control: the same kills bite when the guards are off, and the checkers see it."""
    with alone(tmp_path, app="tests.faults.apps.acks_before_commit:app") as web:
        scene = raise_scene([web])
        struck: list[str] = []
        with (
            pytest.raises(AssertionError, match="acknowledged as"),
            a_busy_room(scene.room, scene.members, seed=1) as history,
        ):
            strike_while(scene, lambda: len(history.kept), struck, seed=1, kills=2)
        with (
            pytest.raises(AssertionError) as seen,
            busy_people(scene.room, seed=1, kills=struck) as actions,
        ):
            strike_while(scene, lambda: sum(actions.changes.values()), struck, seed=2, kills=3)
    assert "acknowledged" in str(seen.value)  # a thing, or a change of the livestream
    assert "waits in vain" in str(seen.value)
