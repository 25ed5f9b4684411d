"""Access rules for registrations."""

from events.circles.models import Membership
from events.core.auth.actor import Actor
from events.livestreams import policy as livestreams
from events.livestreams.models import Livestream
from events.registrations.models import Registration
from events.registrations.rules import is_open


def may_register(actor: Actor, livestream: Livestream, membership: Membership | None) -> bool:
    """Members, key holders, and anyone signed in if it is public; never visitors."""
    return actor.person_id is not None and livestreams.may_take_part(actor, livestream, membership)


def may_change(actor: Actor, registration: Registration) -> bool:
    """One's own registration, also with a key to that livestream."""
    own = registration.user_id == actor.person_id
    return own and actor.reaches("livestream", registration.livestream_id)


def may_request_guest_link(_actor: Actor, livestream: Livestream) -> bool:
    """Anyone with the link, if it shows what it is and guests are welcome, until the livestream is over."""
    by_link = livestream.guests_allowed and livestream.circle.guests_from == "link"
    welcome = by_link or livestream.audience == "public"
    return livestreams.may_be_shared(livestream) and welcome and is_open(livestream.state)


def may_request_as_invited(_actor: Actor, livestream: Livestream) -> bool:
    """Anyone with a member's own link, also where the plain link shows nothing, until it is over."""
    welcome = livestream.guests_allowed and livestream.circle.guests_from != "nobody"
    return livestream.published_at is not None and welcome and is_open(livestream.state)


def may_send_guest_link(actor: Actor, livestream: Livestream, invited: bool) -> bool:
    """SYSTEM only, while guests are welcome."""
    allowed = may_request_as_invited if invited else may_request_guest_link
    return actor.is_system() and allowed(actor, livestream)


def may_end_registrations(actor: Actor) -> bool:
    """SYSTEM only, when a membership ends."""
    return actor.is_system()


def may_move_up(actor: Actor) -> bool:
    """SYSTEM only: the waiting list moves up by itself."""
    return actor.is_system()


def may_see_list(actor: Actor, livestream: Livestream, membership: Membership | None) -> bool:
    """Directors of the livestream."""
    return livestreams.may_direct(actor, livestream, membership)
