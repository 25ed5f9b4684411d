"""Queries on introductions, each limited to what its reader may know."""

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
    """NotFound unless the actor is one of the two."""
    known = len(introduction_id) == ID_LENGTH and introduction_id.isalnum()
    found = db.get(Introduction, introduction_id) if known else None
    if found is None or not policy.may_be_introduced(actor, found):
        raise NotFound
    return found


def is_made_for(db: Session, actor: Actor, introduction: Introduction) -> bool:
    """Whether this reader has the coffee that came of it: after a block they may not."""
    seats = select(Seat.id).where(
        Seat.coffee_id == introduction.made_id, Seat.user_id == actor.person_id, Seat.delivered
    )
    return introduction.made_id is not None and db.scalar(seats) is not None


def lock_introduction(db: Session, introduction: Introduction) -> Introduction:
    """Row lock with a fresh read: of two concurrent answers the second sees the first."""
    query = select(Introduction).where(Introduction.id == introduction.id).with_for_update(of=Introduction)
    return db.scalars(query.execution_options(populate_existing=True)).one()


def list_introductions(db: Session, actor: Actor, coffee: Coffee) -> list[Introduction]:
    """Live introductions that the actor proposed; no one else sees them."""
    query = select(Introduction).where(Introduction.coffee_id == coffee.id, Introduction.by_id == actor.id)
    lives = (Introduction.answer_by > clock.now()) | Introduction.made_id.is_not(None)
    return list(db.scalars(query.where(lives).order_by(Introduction.created_at)))


def list_introducible(
    db: Session, actor: Actor, circle: Circle, coffee: Coffee, search: str
) -> Page[Membership]:
    """Members found by the search who were not at this coffee."""
    there = {seat.user_id for seat in taking_part(coffee)}
    found = list_choices(db, actor, circle, search)
    return Page([one for one in found.rows if one.user_id not in there], 1, found.more)


def introduction_path(db: Session, introduction_id: str) -> str | None:
    """Target of a personal key for an introduction; None once it is gone."""
    found = db.get(Introduction, introduction_id)
    return f"/introductions/{introduction_id}" if found is not None else None
