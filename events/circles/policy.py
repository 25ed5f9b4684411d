"""Who may do what in a circle."""

from events.circles.models import Circle, Membership
from events.core.access import Actor


def organises(membership: Membership | None) -> bool:
    return membership is not None and membership.role in {"owner", "organiser"}


def owns(membership: Membership | None) -> bool:
    return membership is not None and membership.role == "owner"


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


def may_ask_to_join(actor: Actor, circle: Circle, membership: Membership | None) -> bool:
    return actor.is_signed_in() and membership is None and circle.joining == "on_request"
