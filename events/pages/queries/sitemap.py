"""Addresses that search engines may list: circles that agreed, and their public livestreams."""

from sqlalchemy import CompoundSelect, func, literal, select, union_all
from sqlalchemy.orm import Session

from events.circles.models import Circle
from events.livestreams.models import Livestream

ADDRESSES_PER_FILE = 5_000  # the standard allows 50,000; a smaller file holds up other requests less


def count_files(db: Session) -> int:
    found = db.scalar(select(func.count()).select_from(_listed().subquery())) or 0
    return max(1, -(-found // ADDRESSES_PER_FILE))


def list_addresses(db: Session, number: int) -> list[tuple[str, str]]:
    """(endpoint, slug) of one file, from 1 on."""
    query = _listed().order_by("what", "id").offset((number - 1) * ADDRESSES_PER_FILE)
    return [(what, slug) for what, _id, slug in db.execute(query.limit(ADDRESSES_PER_FILE))]


def _listed() -> CompoundSelect[str, str, str]:
    return union_all(
        select(literal("circles.show").label("what"), Circle.id.label("id"), Circle.slug).where(
            Circle.findable
        ),
        select(literal("stage.show").label("what"), Livestream.id.label("id"), Livestream.slug)
        .join(Circle, Circle.id == Livestream.circle_id)
        .where(
            Circle.findable,
            Livestream.audience == "public",
            Livestream.published_at.is_not(None),
            Livestream.state.not_in(("draft", "missed", "cancelled")),
        ),
    )
