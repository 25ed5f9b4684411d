"""Access rules of organisers' messages."""

from events.circles import policy as circles
from events.circles.models import Membership
from events.core.auth.actor import Actor
from events.livestreams import policy as livestreams
from events.livestreams.models import Livestream
from events.messages.models import Message
from events.messages.rules import OF_MEMBERS


def may_write(actor: Actor, membership: Membership | None, livestream: Livestream | None) -> bool:
    """Organisers, and the host about their own livestream; signed in."""
    if livestream is not None and livestreams.may_direct(actor, livestream, membership):
        return True
    return circles.may_organise(actor, membership)


def may_write_to(
    actor: Actor, membership: Membership | None, livestream: Livestream | None, audience: str
) -> bool:
    """A host who is no organiser reaches only people who registered."""
    if audience in OF_MEMBERS or livestream is None:
        return circles.may_organise(actor, membership)
    return may_write(actor, membership, livestream)


def may_open(actor: Actor, membership: Membership | None, message: Message) -> bool:
    """Sent ones and drafts alike, for whoever may write there."""
    return may_write(actor, membership, message.livestream)


def may_sweep(actor: Actor) -> bool:
    return actor.is_system()
