"""Revocations of access: rows that tell every process to close the affected sockets of its own."""

from datetime import datetime, timedelta

import gevent
from flask import Flask
from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from events.core import clock
from events.core.db.session import Base, Id, unit_of_work
from events.core.jobs import queue
from events.core.outages import log_recovery, log_repeated_failure
from events.core.realtime import connections

POLL_INTERVAL_SECONDS = 1.0  # revoked sockets close within two seconds
OVERLAP = timedelta(seconds=30)
RETENTION = timedelta(minutes=10)
SWEEP_EVERY = timedelta(hours=1)
_FAILURE = "revocations unreadable"


class Revocation(Base):
    """A right that ended while sockets may be open; every process applies it to its own sockets.

    `sign_in_id`: the sockets of that sign-in close. `person_id` and `room`: they leave the room.
    `person_id` alone: all sockets of the person close. `room` alone: everyone has to enter it again.
    `keys_of` a person: the sockets that their personal keys opened close.
    """

    __tablename__ = "revocation"

    id: Mapped[Id]
    at: Mapped[datetime] = mapped_column(index=True)
    sign_in_id: Mapped[str | None]
    person_id: Mapped[str | None]
    room: Mapped[str | None]
    keys_of: Mapped[str | None]


_SINCE = select(Revocation).where(Revocation.at >= bindparam("since"))  # built once: it runs every second


def revoke_sockets(
    db: Session,
    *,
    sign_in_id: str | None = None,
    person_id: str | None = None,
    room: str | None = None,
    keys_of: str | None = None,
) -> None:
    """Add a revocation in the transaction that ends the right."""
    db.add(Revocation(at=clock.now(), sign_in_id=sign_in_id, person_id=person_id, room=room, keys_of=keys_of))


def apply_revocations(since: datetime, applied: frozenset[str] = frozenset()) -> frozenset[str]:
    """Apply the revocations after `since` to this process's sockets, except those already `applied`.

    Returns the ids that are applied now. An overlap with the previous poll finds rows that were
    committed late, or written by a machine whose clock lags.
    """
    with unit_of_work() as db:
        found = list(db.scalars(_SINCE, {"since": since}))
    for revocation in found:
        if revocation.id not in applied:
            _apply(revocation)
    return frozenset(revocation.id for revocation in found)


def watch(app: Flask) -> None:
    """Poll for revocations for ever."""
    applied: frozenset[str] = frozenset()
    with app.app_context():
        while True:
            gevent.sleep(POLL_INTERVAL_SECONDS)
            try:
                applied = apply_revocations(clock.now() - OVERLAP, applied)
                log_recovery(_FAILURE)
            except Exception as error:  # the next poll must happen
                log_repeated_failure(_FAILURE, error)


@queue.job(every=SWEEP_EVERY)
def sweep_revocations() -> None:
    """Delete revocations that every process has applied."""
    with unit_of_work() as db:
        db.execute(delete(Revocation).where(Revocation.at < clock.now() - RETENTION))


def _apply(revocation: Revocation) -> None:
    person_id = revocation.person_id
    if revocation.room is not None and person_id is None:
        connections.empty_room(revocation.room)
    elif revocation.room is not None:
        connections.evict_where(lambda socket: socket.person_id == person_id, revocation.room)
    elif revocation.sign_in_id is not None:
        connections.close_where(lambda socket: socket.sign_in_id == revocation.sign_in_id)
    elif revocation.keys_of is not None:
        connections.close_where(lambda socket: socket.by_key and socket.person_id == revocation.keys_of)
    else:
        connections.close_where(lambda socket: socket.person_id == person_id)
