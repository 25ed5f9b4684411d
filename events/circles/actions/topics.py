"""Topics of a circle, and each member's asks and offers."""

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from events.circles import policy
from events.circles.forms.circles import Interests, TopicChoice, split
from events.circles.models import Circle, Interest, Membership, Topic
from events.circles.queries.circles import find_membership, list_topics, lock_circle, membership_of
from events.circles.rules import MAX_INTERESTS
from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.core.errors import Conflict, Invalid, NotFound


def add_topic(db: Session, actor: Actor, circle: Circle, name_nl: str, name_en: str) -> Topic:
    authorize(policy.may_organise, actor, membership_of(db, actor, circle.id))
    lock_circle(db, circle)
    _check_unique(db, circle, name_nl)
    topic = Topic(circle_id=circle.id, name_nl=name_nl, name_en=name_en)
    db.add(topic)
    db.flush()
    return topic


def rename_topic(
    db: Session, actor: Actor, circle: Circle, topic_id: str, name_nl: str, name_en: str
) -> Topic:
    authorize(policy.may_organise, actor, membership_of(db, actor, circle.id))
    lock_circle(db, circle)
    topic = _get(db, circle, topic_id)
    _check_unique(db, circle, name_nl, but=topic)
    topic.name_nl, topic.name_en = name_nl, name_en
    db.flush()
    return topic


def merge_topics(db: Session, actor: Actor, circle: Circle, topic_id: str, into_id: str) -> Topic:
    """Move asks and offers to the other topic without duplicates, then delete this one."""
    authorize(policy.may_organise, actor, membership_of(db, actor, circle.id))
    lock_circle(db, circle)
    topic, into = _get(db, circle, topic_id), _get(db, circle, into_id)
    if topic is into:
        raise Conflict("same_topic")
    query = select(Interest.membership_id, Interest.side).where(Interest.topic_id == into.id)
    existing = {(membership_id, side) for membership_id, side in db.execute(query)}
    for interest in db.scalars(select(Interest).where(Interest.topic_id == topic.id)).all():
        if (interest.membership_id, interest.side) in existing:
            db.delete(interest)
    db.flush()
    db.execute(update(Interest).where(Interest.topic_id == topic.id).values(topic_id=into.id))
    db.execute(delete(Topic).where(Topic.id == topic.id))
    return into


def remove_topic(db: Session, actor: Actor, circle: Circle, topic_id: str) -> None:
    """Deletes its asks and offers too."""
    authorize(policy.may_organise, actor, membership_of(db, actor, circle.id))
    db.delete(_get(db, circle, topic_id))
    db.flush()


def set_interests(db: Session, actor: Actor, circle: Circle, data: Interests) -> Membership:
    """Set the actor's asks, offers and listing. Typed words become topics."""
    membership = membership_of(db, actor, circle.id)
    authorize(policy.is_own, actor, membership)
    if membership is None:
        raise NotFound
    _replace_interests(db, circle, membership, data)
    membership.listed, membership.listing_chosen_at = data.listed, clock.now()
    db.flush()
    return membership


def choose_topics(db: Session, actor: Actor, circle: Circle, user_id: str, data: TopicChoice) -> None:
    """Set a member's asks and offers as chosen with their yes to a coffee; nothing for people who are no
    members. An unchanged choice takes no lock.
    """
    membership = find_membership(db, user_id, circle.id)
    if membership is None:
        return
    authorize(policy.may_choose_topics, actor, membership)
    query = select(Interest.topic_id, Interest.side).where(Interest.membership_id == membership.id)
    known = {(topic_id, side) for topic_id, side in db.execute(query)}
    chosen = {(topic_id, "asks") for topic_id in data.asks} | {
        (topic_id, "offers") for topic_id in data.offers
    }
    if chosen != known or data.more_asks or data.more_offers:
        _replace_interests(db, circle, membership, data)


def _replace_interests(db: Session, circle: Circle, membership: Membership, data: TopicChoice) -> None:
    lock_circle(db, circle)
    topics = {topic.id: topic for topic in list_topics(db, circle.id)}
    by_word = {word.casefold(): topic for topic in topics.values() for word in (topic.name_nl, topic.name_en)}
    chosen: dict[str, list[Topic]] = {}
    for side, ids, more in (
        ("asks", data.asks, data.more_asks),
        ("offers", data.offers, data.more_offers),
    ):
        picked = [topics[topic_id] for topic_id in ids if topic_id in topics]
        picked += [_find_or_add(db, circle, word, by_word) for word in split(more)]
        chosen[side] = list({topic.id: topic for topic in picked}.values())
        if len(chosen[side]) > MAX_INTERESTS:
            raise Invalid(fields=[(side, "too_many_topics")])
    db.execute(delete(Interest).where(Interest.membership_id == membership.id))
    db.add_all(
        Interest(membership_id=membership.id, topic_id=topic.id, side=side)
        for side, picked in chosen.items()
        for topic in picked
    )
    db.flush()


def _find_or_add(db: Session, circle: Circle, word: str, by_word: dict[str, Topic]) -> Topic:
    topic = by_word.get(word.casefold())
    if topic is not None:
        return topic
    topic = Topic(circle_id=circle.id, name_nl=word, name_en=word)
    db.add(topic)
    db.flush()
    by_word[word.casefold()] = topic
    return topic


def _check_unique(db: Session, circle: Circle, name_nl: str, *, but: Topic | None = None) -> None:
    for topic in list_topics(db, circle.id):
        if topic is not but and topic.name_nl.casefold() == name_nl.casefold():
            raise Conflict("topic_exists")


def _get(db: Session, circle: Circle, topic_id: str) -> Topic:
    topic = db.get(Topic, topic_id)
    if topic is None or topic.circle_id != circle.id:
        raise NotFound
    return topic
