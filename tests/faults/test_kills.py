"""SIGKILL at any moment: what was acknowledged is there, once, in one order, for everybody."""

import random
import threading
from pathlib import Path

import pytest

from tests.faults.conftest import CUT_OFF, Scene, raise_scene
from tests.faults.injecting import kill
from tests.faults.people import a_busy_room, wait_until
from tests.installation import alone

KILLS = 5
WITHIN = 1.0  # seconds after an acknowledgement: the kill comes at a random moment

pytestmark = [pytest.mark.journey, CUT_OFF]


def strike(scene: Scene, seed: int, kills: int = KILLS) -> None:
    """Kill one process after the other while people write and listen."""
    chance = random.Random(seed)  # noqa: S311 - not a secret
    with a_busy_room(scene.room, scene.members, seed=seed) as history:
        for number in range(kills):
            kept = len(history.kept)
            wait_until(lambda kept=kept: len(history.kept) > kept, "an acknowledgement")  # type: ignore[misc]  # bound now
            threading.Event().wait(chance.uniform(0, WITHIN))
            web = scene.room.webs[number % len(scene.room.webs)]
            kill(web)
            web.start()
    assert history.unanswered > 0, "no kill hit a message on its way, so this showed nothing"


def test_kills_of_the_only_process_lose_and_double_nothing(one: Scene) -> None:
    strike(one, seed=random.randrange(10**6))  # noqa: S311 - printed, so that it can be played again


def test_kills_of_one_of_two_processes_lose_and_double_nothing(two: Scene) -> None:
    strike(two, seed=random.randrange(10**6))  # noqa: S311 - as above


def test_without_the_commit_before_the_acknowledgement_a_kill_loses_messages(tmp_path: Path) -> None:
    """The negative control: the same kills bite when the guard is off, and the checker sees it."""
    with (
        alone(tmp_path, app="tests.faults.careless:app") as web,
        pytest.raises(AssertionError, match="acknowledged as"),
    ):
        strike(raise_scene([web]), seed=1, kills=2)
