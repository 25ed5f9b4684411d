"""Action that closes agreed coffees without a reported outcome."""

from sqlalchemy.orm import Session

from events.coffees import policy, rules
from events.coffees.models import Coffee
from events.coffees.queries.coffees import lock_coffee
from events.core import clock
from events.core.auth.actor import Actor, authorize


def close_unreported(db: Session, actor: Actor, coffee: Coffee) -> bool:
    """Close AUTO_CLOSE_AFTER the end; a later report still counts. Idempotent."""
    authorize(policy.may_expire, actor, coffee)
    coffee = lock_coffee(db, coffee)
    now = clock.now()
    if coffee.state != "confirmed" or coffee.closed_at is not None:
        return False
    if coffee.ends_at + rules.AUTO_CLOSE_AFTER > now:
        return False
    coffee.closed_at = now
    db.flush()
    return True
