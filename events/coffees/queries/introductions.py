"""Introductions as each of the three may know them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.circles.models import Circle, Membership
from events.circles.queries.circles import list_choices
from events.coffees import policy
from events.coffees.models import Coffee, Introduction, Seat
from events.coffees.queries.coffees import taking_part
from events.core import clock
from events.core.auth.actor import Actor
from events.core.db.paging import Page
from events.core.errors import NotFound
from events.core.ids import ID_LENGTH


def get_introduction(db: Session, actor: Actor, introduction_id: str) -> Introduction:
    """One that brings the actor and another together; any other does not exist."""
    known = len(introduction_id) == ID_LENGTH and introduction_id.isalnum()
    found = db.get(Introduction, introduction_id) if known else None
    if found is None or not policy.may_be_introduced(actor, found):
        raise NotFound
    return found


def is_made_for(db: Session, actor: Actor, introduction: Introduction) -> bool:
    """Whether a coffee came of it that this reader has: who blocked the other by then has none."""
    seats = select(Seat.id).where(
        Seat.coffee_id == introduction.made_id, Seat.user_id == actor.person_id, Seat.delivered
    )
    return introduction.made_id is not None and db.scalar(seats) is not None


def lock_introduction(db: Session, introduction: Introduction) -> Introduction:
    """Read afresh and locked: of two answers at once the second sees the first."""
    query = select(Introduction).where(Introduction.id == introduction.id).with_for_update(of=Introduction)
    return db.scalars(query.execution_options(populate_existing=True)).one()


def list_introductions(db: Session, actor: Actor, coffee: Coffee) -> list[Introduction]:
    """What the actor proposed at this coffee and may still come of, or came of it. Nobody else sees them."""
    query = select(Introduction).where(Introduction.coffee_id == coffee.id, Introduction.by_id == actor.id)
    lives = (Introduction.answer_by > clock.now()) | Introduction.made_id.is_not(None)
    return list(db.scalars(query.where(lives).order_by(Introduction.created_at)))


def list_introducible(
    db: Session, actor: Actor, circle: Circle, coffee: Coffee, search: str
) -> Page[Membership]:
    """Whom of the circle somebody could be introduced to: who a search of members finds, but those there."""
    there = {seat.user_id for seat in taking_part(coffee)}
    found = list_choices(db, actor, circle, search)
    return Page([one for one in found.rows if one.user_id not in there], 1, found.more)


def introduction_path(db: Session, introduction_id: str) -> str | None:
    """Where a personal key for an introduction leads; None once it is gone."""
    found = db.get(Introduction, introduction_id)
    return f"/introductions/{introduction_id}" if found is not None else None
