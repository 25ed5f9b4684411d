"""Queries on members who welcome newcomers, and on welcome coffees."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from events.accounts.models import User
from events.accounts.queries.people import get_user, list_blocks
from events.circles.models import Circle, Membership
from events.coffees.models import Coffee
from events.coffees.rules import CLOSED_STATES
from events.core import clock
from events.rescue.rules import Waiting, fitting
from events.rounds.queries.preferences import list_excluded_pairs
from events.welcomes.models import Welcome, Welcomer
from events.welcomes.rules import MAX_PER_MONTH, MONTH, is_newcomer


def find_welcomer(db: Session, circle_id: str, user_id: str) -> Welcomer | None:
    query = select(Welcomer).where(Welcomer.circle_id == circle_id, Welcomer.user_id == user_id)
    return db.scalar(query)


def somebody_welcomes(db: Session, circle_id: str) -> bool:
    return db.scalar(select(Welcomer.id).where(Welcomer.circle_id == circle_id).limit(1)) is not None


def find_welcome(db: Session, circle_id: str, newcomer_id: str) -> Coffee | None:
    """The newcomer's welcome coffee, unless it was declined, cancelled or not answered."""
    query = (
        select(Coffee)
        .join(Welcome, Welcome.coffee_id == Coffee.id)
        .where(Welcome.circle_id == circle_id, Welcome.newcomer_id == newcomer_id)
        .where(Coffee.state.not_in(CLOSED_STATES))
        .order_by(Welcome.created_at.desc())
    )
    return db.scalar(query.limit(1))


def may_be_offered(db: Session, membership: Membership | None) -> bool:
    """Whether this newcomer has no welcome coffee, and somebody of the circle welcomes."""
    if membership is None or not is_newcomer(membership.created_at, clock.now()):
        return False
    return membership.circle_id in set(db.scalars(circles_to_offer(membership.user_id, [membership])))


def circles_to_offer(user_id: str, memberships: Iterable[Membership]) -> Select[str]:
    """Ids of circles in which this person is new, and can be offered a welcome coffee."""
    now = clock.now()
    new = [one.circle_id for one in memberships if is_newcomer(one.created_at, now)]
    mine = aliased(Membership)
    theirs = aliased(Membership)
    had = (
        select(Welcome.circle_id)
        .join(Coffee, Coffee.id == Welcome.coffee_id)
        .where(Welcome.newcomer_id == user_id, Coffee.state.not_in(CLOSED_STATES))
    )
    return (
        select(Welcomer.circle_id)
        .join(theirs, (theirs.circle_id == Welcomer.circle_id) & (theirs.user_id == Welcomer.user_id))
        .join(mine, (mine.circle_id == Welcomer.circle_id) & (mine.user_id == user_id))
        .where(Welcomer.circle_id.in_(new), theirs.created_at < mine.created_at)
        .where(Welcomer.circle_id.not_in(had))
        .distinct()
    )


def list_candidates(db: Session, circle: Circle, newcomer: Membership) -> list[str]:
    """Ids of welcomers with room this month who may meet this newcomer; those with the fewest first.

    Nobody is asked twice by one newcomer, and nobody who met them over coffee already.
    """
    month_ago = clock.now() - MONTH
    asked = (
        select(Welcome.welcomer_id, func.count().label("count"), func.max(Welcome.created_at).label("last"))
        .where(Welcome.circle_id == circle.id, Welcome.created_at > month_ago)
        .group_by(Welcome.welcomer_id)
        .subquery()
    )
    before = select(Welcome.welcomer_id).where(Welcome.newcomer_id == newcomer.user_id)
    count = func.coalesce(asked.c.count, 0)
    query = (
        select(User, count, Welcomer.since)
        .join(Welcomer, Welcomer.user_id == User.id)
        .join(Membership, (Membership.user_id == User.id) & (Membership.circle_id == Welcomer.circle_id))
        .outerjoin(asked, asked.c.welcomer_id == User.id)
        .where(Welcomer.circle_id == circle.id, Membership.created_at < newcomer.created_at)
        .where(User.id != newcomer.user_id, User.id.not_in(before), count < MAX_PER_MONTH)
        .order_by(count, asked.c.last, Welcomer.since, User.id)
    )
    rows = db.execute(query).all()
    people = [newcomer.user_id, *(user.id for user, _count, _since in rows)]
    barred = list_blocks(db, people) | list_excluded_pairs(db, people)
    own = _waiting(get_user(db, newcomer.user_id), circle, newcomer.created_at)
    others = [_waiting(user, circle, since) for user, _count, since in rows]
    welcome = {other.user_id for other in fitting(own, others, barred)}
    return [other.user_id for other in others if other.user_id in welcome]


def _waiting(user: User, circle: Circle, since: datetime) -> Waiting:
    return Waiting(user.id, user.company.strip(), frozenset(user.languages.split() or [circle.locale]), since)


def welcome_path(db: Session, circle_id: str) -> str | None:
    """Target of the key in the mail about it."""
    circle = db.get(Circle, circle_id)
    return f"/circles/{circle.slug}/welcome-coffee" if circle is not None else None
