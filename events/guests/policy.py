"""Access rules of guests."""

from events.circles.models import Membership
from events.circles.policy import may_own
from events.core.auth.actor import VISITOR, Actor
from events.guests import rules
from events.livestreams import policy as livestreams
from events.livestreams.models import Livestream
from events.registrations import policy as registrations


def may_change_rules(actor: Actor, membership: Membership | None) -> bool:
    """Owners of the circle."""
    return may_own(actor, membership)


def may_bring(actor: Actor, livestream: Livestream, membership: Membership | None) -> bool:
    """Members whom the circle's rules allow, until it is over. Signed in: with a key from a mail nobody
    invites in the member's name."""
    return actor.is_signed_in() and membership is not None and may_member_bring(livestream, membership)


def may_member_bring(livestream: Livestream, membership: Membership) -> bool:
    """Whether this member's own link lets guests in."""
    allowed = rules.follows_rules(livestream) and rules.may_role_bring(livestream.circle, membership.role)
    return allowed and registrations.may_request_as_invited(VISITOR, livestream)


def may_request_membership(actor: Actor, livestream: Livestream, membership: Membership | None) -> bool:
    """Guests of a members' livestream, also by the key of their mail."""
    guest = membership is None and rules.follows_rules(livestream)
    return guest and livestreams.may_take_part(actor, livestream, membership)


def may_decide(actor: Actor, livestream: Livestream, membership: Membership | None) -> bool:
    """Directors of the livestream."""
    return livestreams.may_direct(actor, livestream, membership)


def may_keep_track(actor: Actor) -> bool:
    """SYSTEM only: rows that follow a mailed link."""
    return actor.is_system()
