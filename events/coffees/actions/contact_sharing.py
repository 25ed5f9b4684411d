"""Action that shares one's contact details with the other people of a coffee, or revokes them."""

from sqlalchemy.orm import Session

from events.coffees import policy, rules
from events.coffees.forms import Details
from events.coffees.models import Coffee, SharedDetails
from events.coffees.queries.coffees import lock_coffee, seat_of
from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.core.errors import Conflict, Invalid


def share_details(db: Session, actor: Actor, coffee: Coffee, data: Details) -> SharedDetails:
    """Share exactly these kinds, without notice to the others. Conflict("coffee_closed") unless agreed."""
    authorize(policy.may_take_part, actor, coffee)
    coffee = lock_coffee(db, coffee)
    if coffee.state not in rules.PAST_OR_AGREED:
        raise Conflict("coffee_closed")
    user = seat_of(coffee, actor.id).user
    had = {"phone": user.phone, "email": user.email, "linkedin": user.linkedin}
    if not all(had[kind] for kind in data.kinds):
        raise Invalid(fields=[("kinds", "detail_missing")])
    shared = db.get(SharedDetails, (coffee.id, actor.id))
    if shared is None:
        shared = SharedDetails(coffee_id=coffee.id, user_id=actor.id)
        db.add(shared)
    shared.kinds = [kind for kind in rules.DETAILS if kind in data.kinds]
    shared.changed_at = clock.now()
    db.flush()
    return shared
