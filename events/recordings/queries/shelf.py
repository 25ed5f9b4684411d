"""Queries about many recordings: a circle's shelf, and one person's unfinished or unseen ones."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from events.circles.models import Circle, Membership
from events.circles.queries.circles import membership_of
from events.core.auth.actor import Actor
from events.core.db.paging import Page, window
from events.livestreams.models import Livestream
from events.livestreams.rules.states import OVER
from events.recordings import rules
from events.recordings.models import Progress, Recording


@dataclass(frozen=True)
class ShelfItem:
    """One row of the shelf; `second` is the reader's position, 0 for none."""

    livestream: Livestream
    recording: Recording | None
    state: str
    second: int
    finished: bool

    @property
    def length(self) -> int | None:
        return rules.length_of(self.recording, self.livestream) if self.recording is not None else None


@dataclass(frozen=True)
class Unfinished:
    """A recording not watched to the end; `second` is the position, 0 if not begun."""

    livestream: Livestream
    recording: Recording
    second: int


def list_unfinished(db: Session, user_id: str) -> list[Unfinished]:
    """Begun by this person and still watchable, latest first."""
    own_circles = select(Membership.circle_id).where(Membership.user_id == user_id)
    query = (
        select(Livestream, Recording, Progress)
        .join(Recording, Recording.livestream_id == Livestream.id)
        .join(Progress, Progress.recording_id == Recording.id)
        .where(
            Progress.user_id == user_id,
            Progress.finished.is_(False),
            Progress.second >= rules.MIN_RESUME_SECONDS,
            Recording.state == "ready",
            Livestream.state == "replay",
            or_(Livestream.audience == "public", Livestream.circle_id.in_(own_circles)),
        )
        .options(joinedload(Livestream.circle))
        .order_by(Progress.changed_at.desc())
        .limit(5)
    )
    return [
        Unfinished(livestream, recording, mark.second) for livestream, recording, mark in db.execute(query)
    ]


def list_unseen(db: Session, user_id: str, since: datetime) -> list[Unfinished]:
    """Recordings of this person's circles that became ready since then and are not begun, latest
    first."""
    own_circles = select(Membership.circle_id).where(Membership.user_id == user_id)
    query = (
        select(Livestream, Recording)
        .join(Recording, Recording.livestream_id == Livestream.id)
        .outerjoin(Progress, (Progress.recording_id == Recording.id) & (Progress.user_id == user_id))
        .where(
            or_(Progress.id.is_(None), Progress.furthest < rules.MIN_RESUME_SECONDS),
            Recording.state == "ready",
            Recording.ready_at >= since,
            Livestream.state == "replay",
            Livestream.circle_id.in_(own_circles),
        )
        .options(joinedload(Livestream.circle))
        .order_by(Recording.ready_at.desc())
        .limit(5)
    )
    return [Unfinished(livestream, recording, 0) for livestream, recording in db.execute(query)]


def list_shelf(db: Session, actor: Actor, circle: Circle, number: int) -> Page[ShelfItem]:
    """A page of a circle's ready and expected recordings visible to the reader, latest first."""
    belongs = membership_of(db, actor, circle.id) is not None and actor.is_signed_in()
    order = Livestream.starts_at.desc(), Livestream.id
    over = select(Livestream.id).where(Livestream.circle_id == circle.id, Livestream.state.in_(OVER))
    if not belongs:
        over = over.where(Livestream.audience == "public")
    over = over.order_by(*order)
    query = (
        select(Livestream, Recording, Progress)
        .outerjoin(Recording, Recording.livestream_id == Livestream.id)
        .outerjoin(Progress, (Progress.recording_id == Recording.id) & (Progress.user_id == actor.person_id))
        .where(Livestream.id.in_(window(over, number)))
        .order_by(*order)
    )
    items = (
        ShelfItem(
            livestream,
            recording,
            recording.state if recording is not None else "expected",
            rules.resume_second(progress) if actor.is_signed_in() else 0,
            progress is not None and progress.finished and actor.is_signed_in(),
        )
        for livestream, recording, progress in db.execute(query)
    )
    return Page.of(items, number)
