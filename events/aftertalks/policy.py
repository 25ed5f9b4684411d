"""Access rules of the after-talk."""

from events.circles.models import Membership
from events.coffees.models import Coffee
from events.coffees.policy import may_take_part as may_take_part_in_coffee
from events.core.auth.actor import Actor
from events.livestreams.models import Livestream
from events.livestreams.policy import may_take_part


def may_join_aftertalk(actor: Actor, livestream: Livestream, membership: Membership | None) -> bool:
    """Everyone who may take part in the livestream, signed in or by the key of its mail."""
    return actor.person_id is not None and may_take_part(actor, livestream, membership)


def may_meet_again(actor: Actor, talk: Coffee) -> bool:
    return talk.kind == "talk" and may_take_part_in_coffee(actor, talk)
