"""Job that opens a livestream's lobby when it is due."""

from events.core.auth.actor import SYSTEM
from events.core.db.session import unit_of_work
from events.core.jobs.queue import job
from events.livestreams.actions import transitions
from events.livestreams.queries.livestreams import find_livestream


@job()
def open_lobby_when_due(livestream_id: str) -> None:
    """May run early, late or twice; the action checks whether it is due."""
    with unit_of_work() as db:
        livestream = find_livestream(db, livestream_id)
        if livestream is not None:
            transitions.open_lobby(db, SYSTEM, livestream)
