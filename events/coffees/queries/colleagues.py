"""Query on whether a colleague of the reader could come to a coffee instead."""

from sqlalchemy.orm import Session

from events.circles.queries.companies import has_colleagues
from events.coffees.queries.coffee_page import Card
from events.coffees.rules import may_be_handed_on
from events.core import clock
from events.core.auth.actor import Actor


def may_ask_colleague(db: Session, actor: Actor, card: Card) -> bool:
    """Signed in, a few hours ahead, and with a listed colleague who is not at this coffee."""
    coffee = card.coffee
    ahead = may_be_handed_on(coffee.kind, coffee.state, len(coffee.seats), coffee.starts_at, clock.now())
    if not (actor.is_signed_in() and card.may_change and ahead):
        return False
    return has_colleagues(db, actor, coffee.circle_id, [seat.user_id for seat in coffee.seats])
