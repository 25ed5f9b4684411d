"""Queries about waiting lists and the places that are taken, offered or free."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from events.circles.models import Membership
from events.circles.queries.circles import membership_of
from events.core.auth.actor import Actor, authorize
from events.core.db.paging import Page, window
from events.livestreams.models import Livestream
from events.livestreams.rules.states import UPCOMING
from events.registrations import policy
from events.registrations.models import Registration
from events.registrations.rules import HOLDING, ON_LIST


def count_held_and_waiting(db: Session, livestream_id: str) -> tuple[int, int]:
    """How many places are taken or offered, and how many people wait."""
    query = select(
        func.count().filter(Registration.state.in_(HOLDING)),
        func.count().filter(Registration.state == "waiting"),
    ).where(Registration.livestream_id == livestream_id)
    held, waiting = db.execute(query).one()
    return held, waiting


def count_on_list(db: Session, livestream_id: str) -> int:
    """How many people wait, hold an offer or were told that free places go to whoever is first."""
    query = select(func.count()).where(
        Registration.livestream_id == livestream_id, Registration.state.in_(ON_LIST)
    )
    return db.scalar(query) or 0


def list_waited_for(db: Session) -> list[str]:
    """Ids of livestreams to come for which somebody is on the waiting list."""
    waits = select(Registration.id).where(
        Registration.livestream_id == Livestream.id, Registration.state.in_(ON_LIST)
    )
    query = select(Livestream.id).where(Livestream.state.in_(UPCOMING), waits.exists())
    return list(db.scalars(query.order_by(Livestream.id)))


def list_on_list(db: Session, livestream_id: str) -> list[Registration]:
    """Everybody on the waiting list, with or without an offer."""
    query = select(Registration).where(
        Registration.livestream_id == livestream_id, Registration.state.in_(ON_LIST)
    )
    return list(db.scalars(query.order_by(Registration.user_id)))


def list_waiting(db: Session, actor: Actor, livestream: Livestream, number: int = 1) -> Page[Registration]:
    """For directors: a page of the waiting list, as it moves up."""
    membership = membership_of(db, actor, livestream.circle_id)
    authorize(policy.may_see_list, actor, livestream, membership)
    member = (Membership.user_id == Registration.user_id) & (Membership.circle_id == livestream.circle_id)
    query = (
        select(Registration)
        .outerjoin(Membership, member)
        .where(Registration.livestream_id == livestream.id, Registration.state.in_(ON_LIST))
        .options(joinedload(Registration.user))
        .order_by(Registration.answer_by.is_(None), Membership.id.is_(None))
        .order_by(Registration.waiting_since, Registration.id)
    )
    return Page.of(db.scalars(window(query, number)), number)
