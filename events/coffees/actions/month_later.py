"""Actions on the follow-up question of a month later: what came of a coffee, and a quotable sentence."""

from sqlalchemy.orm import Session

from events.coffees import policy, rules
from events.coffees.forms import CameOf, Quote
from events.coffees.models import Coffee, LookBack
from events.coffees.queries.coffees import lock_coffee
from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.core.errors import Conflict


def record_month_later(db: Session, actor: Actor, coffee: Coffee, data: CameOf) -> LookBack:
    """Record the answer, or replace it. Conflict("too_early_to_look_back") within a month."""
    authorize(policy.may_take_part, actor, coffee)
    coffee = lock_coffee(db, coffee)
    if coffee.kind != "coffee" or coffee.state != "met":
        raise Conflict("coffee_closed")
    if clock.now() < coffee.starts_at + rules.MONTH_LATER:
        raise Conflict("too_early_to_look_back")
    said = db.get(LookBack, (coffee.id, actor.id))
    if said is None:
        said = LookBack(coffee_id=coffee.id, user_id=actor.id, answered_at=clock.now())
        db.add(said)
    said.came = data.came
    db.flush()
    return said


def set_quote(db: Session, actor: Actor, coffee: Coffee, data: Quote) -> LookBack:
    """Allow the circle to read a sentence, or withdraw it from every report."""
    authorize(policy.may_take_part, actor, coffee)
    said = db.get(LookBack, (coffee.id, actor.id))
    if said is None:
        raise Conflict("too_early_to_look_back")
    said.quote = data.quote or ""
    said.may_quote = data.may_quote and bool(data.quote)
    db.flush()
    return said
