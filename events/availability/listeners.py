"""What follows when somebody wants a calendar to be read."""

from sqlalchemy.orm import Session

from events.availability import jobs
from events.availability.signals import ReadingAsked
from events.core.bus import on
from events.core.jobs.queue import enqueue


@on(ReadingAsked)
def read_soon(db: Session, _signal: ReadingAsked) -> None:
    enqueue(db, jobs.read_asked)
