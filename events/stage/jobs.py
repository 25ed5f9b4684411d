"""The beat of every room: how far its conversation and its state are, so that a page notices a gap."""

from datetime import timedelta

from events.chat.queries import last_seq
from events.core.db import unit_of_work
from events.core.queue import job
from events.core.realtime import broadcast
from events.stage.queries import list_beating


@job(every=timedelta(seconds=15))
def beat() -> None:
    """Tell each room the number of its last entry and the version of its state."""
    with unit_of_work() as db:
        beats = [
            {
                "room": f"livestream:{livestream.slug}",
                "last_seq": last_seq(db, livestream.id),
                "version": livestream.version,
            }
            for livestream in list_beating(db)
        ]
    for payload in beats:
        broadcast(str(payload["room"]), "room.beat", payload)
