"""Listener that queues the expected recording when a livestream ends."""

from sqlalchemy.orm import Session

from events.core.bus import on
from events.core.jobs.queue import enqueue
from events.livestreams.signals import LivestreamEnded
from events.recordings.jobs import expect_when_ended


@on(LivestreamEnded)
def expect_recording(db: Session, signal: LivestreamEnded) -> None:
    enqueue(db, expect_when_ended, signal.livestream_id, key=f"recording:{signal.livestream_id}")
