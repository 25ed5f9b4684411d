"""Job that creates the expected recording when a livestream ends."""

from events.core.auth.actor import SYSTEM
from events.core.db.session import unit_of_work
from events.core.jobs.queue import job
from events.livestreams.queries.livestreams import find_livestream
from events.livestreams.rules.states import OVER
from events.recordings.actions import expect_recording


@job()
def expect_when_ended(livestream_id: str) -> None:
    with unit_of_work() as db:
        livestream = find_livestream(db, livestream_id)
        if livestream is not None and livestream.state in OVER:
            expect_recording(db, SYSTEM, livestream)
