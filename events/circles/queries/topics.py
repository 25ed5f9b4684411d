"""Queries about a circle's topics: pages with usage counts, common topics, lookup by name."""

from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from events.circles.models import Interest, Topic
from events.core.db.paging import Page, matches, window

MAX_SUGGESTED = 40


@dataclass(frozen=True)
class UsedTopic:
    """A topic with its number of asks and offers."""

    topic: Topic
    uses: int


_USES = select(func.count()).select_from(Interest).where(Interest.topic_id == Topic.id)


def list_used(db: Session, circle_id: str, search: str, number: int) -> Page[UsedTopic]:
    """A page of matching topics by name. Counts only the topics of the page."""
    query = select(Topic).where(Topic.circle_id == circle_id, *matches(search, Topic.name_nl, Topic.name_en))
    page = Page.of(db.scalars(window(query.order_by(Topic.name_nl, Topic.id), number)), number)
    ids = [topic.id for topic in page.rows]
    counted = (
        select(Interest.topic_id, func.count()).where(Interest.topic_id.in_(ids)).group_by(Interest.topic_id)
    )
    uses: dict[str, int] = dict(db.execute(counted).all())
    return Page([UsedTopic(topic, uses.get(topic.id, 0)) for topic in page.rows], page.number, page.more)


def find_topic(db: Session, circle_id: str, topic_id: str) -> Topic | None:
    return db.scalar(select(Topic).where(Topic.id == topic_id, Topic.circle_id == circle_id))


def find_named(db: Session, circle_id: str, name: str) -> Topic | None:
    """Case-insensitive; the Dutch name, which is unique, before the English one."""
    for column in (Topic.name_nl, Topic.name_en):
        query = select(Topic).where(
            Topic.circle_id == circle_id, or_(column == name, func.lower(column) == name.lower())
        )
        found = db.scalar(query.order_by(Topic.id).limit(1))
        if found is not None:
            return found
    return None


def list_common(db: Session, circle_id: str, most: int, besides: list[str]) -> list[Topic]:
    """The `most` most chosen topics, plus `besides` whatever their count."""
    query = select(Topic).where(Topic.circle_id == circle_id)
    common = list(
        db.scalars(query.order_by(_USES.scalar_subquery().desc(), Topic.name_nl, Topic.id).limit(most))
    )
    common_ids = {topic.id for topic in common}
    missing = [topic_id for topic_id in besides if topic_id not in common_ids]
    return common + (list(db.scalars(query.where(Topic.id.in_(missing)))) if missing else [])


def list_names(db: Session, circle_id: str) -> list[str]:
    """A limited list of names, as suggestions beside a field."""
    query = select(Topic.name_nl).where(Topic.circle_id == circle_id)
    return list(db.scalars(query.order_by(Topic.name_nl).limit(MAX_SUGGESTED)))
