"""Access rules for circles, by role."""

from events.circles.models import Circle, Membership
from events.core.auth.actor import Actor


def organises(membership: Membership | None) -> bool:
    return membership is not None and membership.role in {"owner", "organiser"}


def owns(membership: Membership | None) -> bool:
    return membership is not None and membership.role == "owner"


def may_create_circle(actor: Actor, creation: str) -> bool:
    """Everyone signed in, or operators only, as the installation's `creation` setting says."""
    return actor.is_system() or (actor.is_signed_in() and (creation == "open" or actor.operator))


def may_request_circle(actor: Actor, creation: str) -> bool:
    """Visitors, if everyone signed in may create a circle."""
    return not actor.is_signed_in() and creation == "open"


def may_send_circle_link(actor: Actor) -> bool:
    """SYSTEM only, for an allowed request."""
    return actor.is_system()


def may_organise(actor: Actor, membership: Membership | None) -> bool:
    """Owners and organisers, signed in; a personal key is not enough."""
    return actor.is_system() or (actor.is_signed_in() and organises(membership))


def may_own(actor: Actor, membership: Membership | None) -> bool:
    return actor.is_system() or (actor.is_signed_in() and owns(membership))


def may_see_members(actor: Actor, membership: Membership | None) -> bool:
    """Members who signed in; a personal key is not enough."""
    return actor.is_signed_in() and membership is not None


def may_join(actor: Actor, circle: Circle, membership: Membership | None) -> bool:
    return actor.is_signed_in() and membership is None and circle.joining == "open"


def may_request_to_join(actor: Actor, circle: Circle, membership: Membership | None) -> bool:
    return actor.is_signed_in() and membership is None and circle.joining == "on_request"


def may_request_for_guest(actor: Actor) -> bool:
    """SYSTEM only, for a guest who asked."""
    return actor.is_system()


def may_accept(actor: Actor, user_id: str) -> bool:
    """The invited person, signed in, or SYSTEM when their key was used."""
    return actor.is_system() or (actor.is_signed_in() and actor.person_id == user_id)


def may_remove(actor: Actor, own: Membership | None, other: Membership) -> bool:
    """Organisers remove members, owners anyone but themselves."""
    if not may_organise(actor, own) or other.user_id == actor.person_id:
        return False
    return actor.is_system() or owns(own) or other.role == "member"


def may_settle_companies(actor: Actor) -> bool:
    """SYSTEM only: a company follows from what its people write in their own profiles."""
    return actor.is_system()


def is_own(actor: Actor, membership: Membership | None) -> bool:
    return actor.is_signed_in() and membership is not None and membership.user_id == actor.person_id


def may_choose_topics(actor: Actor, membership: Membership | None) -> bool:
    """The member, signed in, or SYSTEM when the key of a round's mail was used."""
    return membership is not None and (actor.is_system() or is_own(actor, membership))
