"""Who may say yes to a round, run it, and see how it goes."""

from events.circles.models import Membership
from events.circles.policy import may_organise
from events.core.access import Actor
from events.livestreams.models import Livestream


def may_run(actor: Actor) -> bool:
    """Rounds open, are matched and repaired by themselves."""
    return actor.is_system()


def may_direct(actor: Actor, membership: Membership | None) -> bool:
    """See how a round goes and close it: organisers, signed in."""
    return may_organise(actor, membership)


def may_say_yes(actor: Actor, livestream: Livestream, membership: Membership | None, was_there: bool) -> bool:
    """Members, and guests who had a place or were there; signed in, or by the key of its mail."""
    if actor.person_id is None or not actor.reaches("livestream", livestream.id):
        return False
    return membership is not None or was_there or ("livestream", livestream.id) in actor.keys
