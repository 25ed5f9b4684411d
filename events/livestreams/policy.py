"""Who may see a livestream, direct it, and take part in it."""

from events.circles.models import Membership
from events.circles.policy import may_organise, organises
from events.core.auth.actor import Actor
from events.livestreams.models import Livestream


def may_plan(actor: Actor, membership: Membership | None) -> bool:
    """Make a livestream in a circle: organisers, signed in."""
    return may_organise(actor, membership)


def may_direct(actor: Actor, livestream: Livestream, membership: Membership | None) -> bool:
    """Edit it and work its desk: organisers and the host, signed in; a personal key never suffices."""
    if actor.is_system():
        return True
    hosts = membership is not None and livestream.host_id == actor.person_id
    return actor.is_signed_in() and (hosts or organises(membership))


def may_see(actor: Actor, livestream: Livestream, membership: Membership | None) -> bool:
    """Once published: everyone when public, else members and who holds a key to it. Before: who directs."""
    if may_direct(actor, livestream, membership):
        return True
    if livestream.published_at is None:
        return False
    return livestream.audience == "public" or _belongs(actor, livestream, membership)


def may_take_part(actor: Actor, livestream: Livestream, membership: Membership | None) -> bool:
    """Come, chat, ask: members, who holds a key to it, and anyone signed in when it is public."""
    if actor.is_system():
        return True
    if actor.person_id is None or not may_see(actor, livestream, membership):
        return False
    return _belongs(actor, livestream, membership) or actor.is_signed_in()


def may_transition_automatically(actor: Actor) -> bool:
    """What nobody asks for and the clock does."""
    return actor.is_system()


def _belongs(actor: Actor, livestream: Livestream, membership: Membership | None) -> bool:
    if ("livestream", livestream.id) in actor.keys:
        return True
    return membership is not None and actor.reaches("livestream", livestream.id)
