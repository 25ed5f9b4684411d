"""Action that withdraws a former member from the coming coffees of a circle."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.coffees import policy, rules
from events.coffees.actions.responses import cancel_coffee, decline_coffee
from events.coffees.models import Coffee, Seat
from events.coffees.queries.coffees import seat_of
from events.core import clock
from events.core.auth.actor import Actor, authorize


def leave_coffees(db: Session, actor: Actor, circle_id: str, user_id: str) -> None:
    """Decline proposals and cancel agreed coffees as this person would; past ones stay."""
    authorize(policy.may_withdraw_member, actor)
    query = (
        select(Coffee)
        .join(Seat)
        .where(Coffee.circle_id == circle_id, Coffee.state.in_(rules.OPEN), Coffee.starts_at > clock.now())
        .where(Seat.user_id == user_id, Seat.answer != "no")
        .order_by(Coffee.id)  # one lock order, so that two concurrent leavers cannot deadlock
    )
    for coffee in list(db.scalars(query)):
        leaver = Actor(kind="key", person_id=user_id, keys=frozenset({("coffee", coffee.id)}))
        seat_of(coffee, user_id).delivered = True  # an undelivered one must end like a delivered one
        if coffee.state == "proposed":
            decline_coffee(db, leaver, coffee)
        else:
            cancel_coffee(db, leaver, coffee)
