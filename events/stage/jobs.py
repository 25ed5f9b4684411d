"""Heartbeat of each room: its last entry and state, so that pages notice a gap."""

from datetime import timedelta

from events.chat.queries.rooms import list_last_seqs
from events.core.db.session import unit_of_work
from events.core.realtime.handlers import broadcast
from events.core.realtime.periodic import per_process_task
from events.stage.queries import list_beating


@per_process_task(every=timedelta(seconds=15))
def beat() -> None:
    """Tell each room the number of its last entry and the version of its state.

    Each process tells its own viewers, so that they notice a gap also while other processes are out of reach.
    """
    with unit_of_work() as db:
        beating = list_beating(db)
        last_seqs = list_last_seqs(db, [livestream.id for livestream in beating])
    for livestream in beating:
        room, last_seq = f"livestream:{livestream.slug}", last_seqs.get(livestream.id, 0)
        payload = {"room": room, "last_seq": last_seq, "version": livestream.version}
        broadcast(room, "room.beat", payload, local_only=True)
