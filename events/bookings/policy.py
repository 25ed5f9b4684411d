"""Access rules of invitations and booking pages."""

from events.accounts.models import User
from events.circles.models import Circle, Membership
from events.core.auth.actor import Actor


def may_invite(actor: Actor, own: Membership | None, other: Membership | None) -> bool:
    """Members of the same circle, signed in: a key must not open the member list."""
    if not actor.is_signed_in() or own is None or other is None:
        return False
    return own.user_id == actor.person_id != other.user_id and own.circle_id == other.circle_id


def may_open_booking(actor: Actor, user: User) -> bool:
    return actor.is_signed_in() and actor.person_id == user.id


def may_book(actor: Actor, owner_id: str, circle: Circle | None) -> bool:
    """Members of a common circle, signed in: a key must not book in its person's name."""
    return actor.is_signed_in() and actor.person_id != owner_id and circle is not None
