"""Access rules of quick calls."""

from events.circles.models import Membership
from events.core.auth.actor import Actor


def may_offer(actor: Actor, membership: Membership | None) -> bool:
    """Members, signed in: a key from a mail is about one coffee or livestream."""
    return actor.is_signed_in() and membership is not None
