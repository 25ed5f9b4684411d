"""Access rules of a circle's book: its team alone."""

from events.circles import policy as circles
from events.circles.models import Membership
from events.core.auth.actor import Actor


def may_use_book(actor: Actor, membership: Membership | None) -> bool:
    return circles.may_organise(actor, membership)
