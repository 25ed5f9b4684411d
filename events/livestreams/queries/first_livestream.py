"""Queries about a circle that has not published a livestream yet."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.livestreams.models import Livestream


def has_published(db: Session, circle_id: str) -> bool:
    query = select(Livestream.id).where(
        Livestream.circle_id == circle_id, Livestream.published_at.is_not(None)
    )
    return db.scalar(query.limit(1)) is not None


def find_draft(db: Session, circle_id: str) -> Livestream | None:
    """The draft that was planned first."""
    query = select(Livestream).where(Livestream.circle_id == circle_id, Livestream.state == "draft")
    return db.scalar(query.order_by(Livestream.created_at, Livestream.id).limit(1))
