"""Who may do what in a circle."""

from events.circles.models import Circle, Membership
from events.core.auth.actor import Actor


def organises(membership: Membership | None) -> bool:
    return membership is not None and membership.role in {"owner", "organiser"}


def owns(membership: Membership | None) -> bool:
    return membership is not None and membership.role == "owner"


def may_create_circle(actor: Actor, creation: str) -> bool:
    """Everyone who signed in, or operators only: the installation says which (`open`)."""
    return actor.is_system() or (actor.is_signed_in() and (creation == "open" or actor.operator))


def may_request_circle(actor: Actor, creation: str) -> bool:
    """A visitor may, where everyone who signed in may create one."""
    return not actor.is_signed_in() and creation == "open"


def may_send_circle_link(actor: Actor) -> bool:
    """Done by us, for a request that was allowed."""
    return actor.is_system()


def may_organise(actor: Actor, membership: Membership | None) -> bool:
    """Do what organisers do. A personal key never suffices."""
    return actor.is_system() or (actor.is_signed_in() and organises(membership))


def may_own(actor: Actor, membership: Membership | None) -> bool:
    return actor.is_system() or (actor.is_signed_in() and owns(membership))


def may_see_members(actor: Actor, membership: Membership | None) -> bool:
    """The member list is for members who signed in; a personal key never opens it."""
    return actor.is_signed_in() and membership is not None


def may_join(actor: Actor, circle: Circle, membership: Membership | None) -> bool:
    return actor.is_signed_in() and membership is None and circle.joining == "open"


def may_request_to_join(actor: Actor, circle: Circle, membership: Membership | None) -> bool:
    return actor.is_signed_in() and membership is None and circle.joining == "on_request"


def may_accept(actor: Actor, user_id: str) -> bool:
    """An invitation is accepted by whom it is for: signed in, or through us when their key was used."""
    return actor.is_system() or (actor.is_signed_in() and actor.person_id == user_id)


def may_remove(actor: Actor, own: Membership | None, other: Membership) -> bool:
    """Organisers remove members, owners anyone; oneself one does not remove but leave."""
    if not may_organise(actor, own) or other.user_id == actor.person_id:
        return False
    return actor.is_system() or owns(own) or other.role == "member"


def is_own(actor: Actor, membership: Membership | None) -> bool:
    return actor.is_signed_in() and membership is not None and membership.user_id == actor.person_id
