"""Recordings for tests, and what was said during the livestream."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from events.accounts.models import User
from events.chat.models import Entry
from events.core import clock
from events.livestreams.models import Livestream
from events.recordings.models import Chapter, Progress, Recording
from tests.factories.chat import make_line

FILM = "https://films.example.org/evening.mp4"


def make_recording(
    db: Session,
    livestream: Livestream,
    *,
    state: str = "ready",
    zero_at: datetime | None = None,
    source_ref: str = FILM,
    length: int | None = 3600,
    summary: str = "Say the price first.",
    chapters: tuple[tuple[int, str], ...] = ((0, "Welcome"), (250, "Six offers")),
) -> Recording:
    """The recording of a livestream that ended; its film begins when the livestream went live."""
    ready = state != "expected"
    recording = Recording(
        livestream_id=livestream.id,
        state=state,
        provider="mp4" if ready else None,
        source_ref=source_ref if ready else None,
        zero_at=(zero_at or livestream.went_live_at) if ready else None,
        length=length,
        summary=summary if ready else "",
        ready_at=clock.now() if ready else None,
    )
    db.add(recording)
    db.flush()
    if ready:
        db.add_all(
            Chapter(recording_id=recording.id, second=second, title=title) for second, title in chapters
        )
    db.flush()
    return recording


def make_progress(db: Session, recording: Recording, user: User, second: int) -> Progress:
    progress = Progress(
        recording_id=recording.id, user_id=user.id, second=second, furthest=second, changed_at=clock.now()
    )
    db.add(progress)
    db.flush()
    return progress


def make_said(db: Session, livestream: Livestream, author: User, body: str, *, after: int) -> Entry:
    """A chat line, `after` seconds after the livestream went live."""
    began_at = livestream.went_live_at or livestream.starts_at
    return make_line(db, livestream, author, body, sent_at=began_at + timedelta(seconds=after))
