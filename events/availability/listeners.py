"""Listener that queues a requested calendar refresh."""

from sqlalchemy.orm import Session

from events.availability import jobs
from events.availability.signals import RefreshRequested
from events.core.bus import on
from events.core.jobs.queue import enqueue


@on(RefreshRequested)
def queue_refresh(db: Session, _signal: RefreshRequested) -> None:
    enqueue(db, jobs.refresh_requested_calendars)
