"""Access rules for polls: directors create, participants vote."""

from events.circles.models import Membership
from events.core.auth.actor import Actor
from events.livestreams import policy as livestream_policy
from events.livestreams.models import Livestream


def may_make(actor: Actor, livestream: Livestream, membership: Membership | None) -> bool:
    return livestream_policy.may_direct(actor, livestream, membership)


def may_vote(actor: Actor, livestream: Livestream, membership: Membership | None) -> bool:
    return actor.person_id is not None and livestream_policy.may_take_part(actor, livestream, membership)
