"""Who may test and who may call: the people of an online coffee, nobody else."""

from events.coffees import policy
from events.coffees.models import Coffee
from events.coffees.rules import OPEN
from events.core.auth.actor import Actor


def is_participant(actor: Actor, coffee: Coffee) -> bool:
    """One of its people who did not say no, signed in or through the key of this very coffee."""
    return policy.may_take_part(actor, coffee)


def may_check(actor: Actor, coffee: Coffee) -> bool:
    return is_participant(actor, coffee) and coffee.form == "online" and coffee.state in OPEN


def may_call(actor: Actor, coffee: Coffee) -> bool:
    return is_participant(actor, coffee) and coffee.form == "online" and coffee.state == "confirmed"


def may_check_no_shows(actor: Actor) -> bool:
    """Whether somebody has come is seen by us, from who entered the call."""
    return actor.is_system()


def may_clear(actor: Actor) -> bool:
    """Noting that a browser is gone is done by us, when its socket closes."""
    return actor.is_system()
