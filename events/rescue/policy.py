"""Access rules of rescue."""

from events.coffees import policy
from events.coffees.models import Coffee
from events.core.auth.actor import Actor
from events.rescue.models import Stranded


def may_note(actor: Actor) -> bool:
    return actor.is_system()


def may_request_replacement(actor: Actor, coffee: Coffee, stranded: Stranded) -> bool:
    return policy.may_take_part(actor, coffee) and stranded.user_id == actor.person_id
