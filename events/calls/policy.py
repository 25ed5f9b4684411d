"""Access rules of calls: participants of an online coffee only."""

from events.coffees import policy
from events.coffees.models import Coffee
from events.coffees.rules import OPEN
from events.core.auth.actor import Actor


def is_participant(actor: Actor, coffee: Coffee) -> bool:
    """Participants without a no, signed in or by the key of this very coffee."""
    return policy.may_take_part(actor, coffee)


def may_check(actor: Actor, coffee: Coffee) -> bool:
    return is_participant(actor, coffee) and coffee.form == "online" and coffee.state in OPEN


def may_call(actor: Actor, coffee: Coffee) -> bool:
    return is_participant(actor, coffee) and coffee.form == "online" and coffee.state == "confirmed"


def may_check_no_shows(actor: Actor) -> bool:
    """Only SYSTEM checks for no-shows."""
    return actor.is_system()


def may_clear(actor: Actor) -> bool:
    """SYSTEM only: a closed socket, data past its retention."""
    return actor.is_system()


def may_weigh(actor: Actor) -> bool:
    return actor.is_system()
