"""Access rules of welcome coffees."""

from events.circles.models import Membership
from events.core.auth.actor import Actor


def may_be_welcomed(actor: Actor, circle_id: str, membership: Membership | None) -> bool:
    """Members, signed in or by the key of the mail about it."""
    return membership is not None and actor.reaches("welcome", circle_id)


def may_choose_to_welcome(actor: Actor, membership: Membership | None) -> bool:
    return actor.is_signed_in() and membership is not None
