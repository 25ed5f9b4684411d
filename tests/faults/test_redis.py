"""Redis dies or freezes: messages are still acknowledged, and missed frames are caught up."""

import random
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from tests.faults.chat_clients import a_busy_room
from tests.faults.conftest import CUT_OFF, Scene
from tests.faults.injectors import dead, frozen
from tests.support.processes import Redis

AWAY = [5.0, pytest.param(20.0, marks=pytest.mark.long)]  # seconds
ACKNOWLEDGED_WITHIN = 1.0  # seconds, 99 of 100

pytestmark = [pytest.mark.journey, CUT_OFF]


@pytest.mark.parametrize("away", AWAY)
@pytest.mark.parametrize("absence", [dead, frozen])
def test_during_a_redis_outage_messages_are_acknowledged_and_delivered(
    two: Scene, absence: Callable[[Redis], AbstractContextManager[None]], away: float
) -> None:
    assert two.installation is not None
    seed = random.randrange(10**6)  # noqa: S311 - printed, so that it can be played again
    with a_busy_room(two.room, two.members, seed=seed, pause=0.05) as history:
        with absence(two.installation.messenger):
            before = len(history.seconds)
            threading.Event().wait(away)
            during = history.seconds[before:]
        assert len(during) > 10, "nothing was said while it was away, so this showed nothing"
    assert history.slowest() < ACKNOWLEDGED_WITHIN
