"""What the clock does with livestreams."""

from events.core.access import SYSTEM
from events.core.db import unit_of_work
from events.core.queue import job
from events.livestreams import actions
from events.livestreams.queries import find_livestream


@job()
def open_lobby_when_due(livestream_id: str) -> None:
    """Open the lobby; the action sees for itself whether that is still due."""
    with unit_of_work() as db:
        livestream = find_livestream(db, livestream_id)
        if livestream is not None:
            actions.open_lobby(db, SYSTEM, livestream)
