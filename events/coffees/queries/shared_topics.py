"""Common topics and circles of two people, for coffees that no solver run explained."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.circles.models import Circle, Membership, Topic
from events.circles.queries.circles import list_interests


def reasons_between(
    db: Session, circle: Circle, one_id: str, other_id: str
) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """Reasons of each person for the other, from asks and offers in this circle."""
    interests = list_interests(db, circle.id, [one_id, other_id])
    (asks, offers), (their_asks, their_offers) = (
        interests.get(one_id, ([], [])),
        interests.get(other_id, ([], [])),
    )
    gives, takes = _shared(offers, their_asks), _shared(asks, their_offers)
    mine = [*_coded("offers", takes, other_id), *_coded("asks", gives, other_id)]
    theirs = [*_coded("offers", gives, one_id), *_coded("asks", takes, one_id)]
    return mine, theirs


def _shared(some: list[Topic], others: list[Topic]) -> list[Topic]:
    known = {topic.id for topic in others}
    return [topic for topic in some if topic.id in known]


def _coded(code: str, topics: list[Topic], with_id: str) -> list[dict[str, object]]:
    return [
        {"code": code, "topic": topic.name_nl, "topic_en": topic.name_en, "with": with_id} for topic in topics
    ]


def list_shared_circles(db: Session, one_id: str, other_id: str) -> list[Circle]:
    theirs = select(Membership.circle_id).where(Membership.user_id == other_id)
    query = (
        select(Circle)
        .join(Membership, Membership.circle_id == Circle.id)
        .where(Membership.user_id == one_id, Circle.id.in_(theirs))
    )
    return list(db.scalars(query.order_by(Circle.name)))
