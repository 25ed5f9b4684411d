"""Action that proposes a coffee: people, time, form and reasons for each."""

from sqlalchemy.orm import Session

from events.coffees import policy
from events.coffees.forms import Proposal
from events.coffees.models import Coffee
from events.coffees.signals import CoffeeProposed
from events.coffees.transitions import build_coffee
from events.core.auth.actor import Actor, authorize
from events.core.bus import announce


def propose_coffee(db: Session, actor: Actor, proposal: Proposal) -> Coffee:
    authorize(policy.may_propose, actor, proposal.circle_id)
    coffee = build_coffee(proposal)
    db.add(coffee)
    db.flush()
    announce(db, CoffeeProposed(coffee.id))
    return coffee
