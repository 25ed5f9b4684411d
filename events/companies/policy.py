"""Access rules of handing on a coffee."""

from events.circles.models import Membership
from events.coffees import policy as coffees
from events.coffees.models import Coffee
from events.companies.models import Handover
from events.core.auth.actor import Actor


def may_hand_on(actor: Actor, coffee: Coffee, membership: Membership | None) -> bool:
    """Its people who are members, signed in: a key must not open the names of colleagues."""
    return actor.is_signed_in() and membership is not None and coffees.may_take_part(actor, coffee)


def may_answer(actor: Actor, handover: Handover) -> bool:
    """The colleague, signed in or by the key of the mail, unless it is kept from them."""
    return actor.reaches("colleague", handover.id) and not handover.held and actor.person_id == handover.to_id
