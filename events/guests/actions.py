"""Actions on guests: the circle's rules, places that the team decides on, requests to join."""

from sqlalchemy.orm import Session

from events.accounts.models import AuditEntry
from events.circles.actions.joining import request_for_guest
from events.circles.models import Circle, JoinRequest
from events.circles.queries.bans import is_banned
from events.circles.queries.circles import membership_of
from events.core import clock
from events.core.auth.actor import SYSTEM, Actor, authorize
from events.core.bus import announce
from events.core.errors import Conflict, NotFound
from events.guests import policy, rules
from events.guests.forms import GuestRules
from events.guests.models import Guest
from events.guests.queries import check_limits, find_guest
from events.guests.signals import GuestDeclined, GuestPlaceRequested
from events.livestreams.models import Livestream
from events.livestreams.queries.livestreams import lock_livestream
from events.registrations.actions import add_registration
from events.registrations.models import Registration
from events.registrations.policy import may_register
from events.registrations.queries.registrations import find_registration
from events.registrations.rules import HOLDING, ON_LIST, is_open


def change_rules(db: Session, actor: Actor, circle: Circle, data: GuestRules) -> Circle:
    authorize(policy.may_change_rules, actor, membership_of(db, actor, circle.id))
    circle.guests_from = data.guests_from
    circle.guests_per_member = rules.read_limit(data.guests_per_member)
    circle.guest_visits = rules.read_limit(data.guest_visits)
    circle.guest_approval = data.guest_approval == "yes"
    db.add(AuditEntry.by(actor.person_id, "guest_rules_changed", circle.id))
    db.flush()
    return circle


def take_guest_place(db: Session, actor: Actor, livestream: Livestream) -> Registration | None:
    """Register who came by a guest's mail. None where the team decides first, and was asked. Idempotent.

    Raises Conflict with the rule that leaves them no place.
    """
    membership = membership_of(db, actor, livestream.circle_id)
    authorize(may_register, actor, livestream, membership)
    if membership is not None or not rules.follows_rules(livestream) or not livestream.circle.guest_approval:
        return add_registration(db, actor, livestream)
    livestream = lock_livestream(db, livestream)
    if is_banned(db, actor.id, livestream.circle_id):
        raise NotFound
    if not is_open(livestream.state):
        raise Conflict("registration_over")
    guest = check_limits(db, livestream, actor.id) or _get_or_create(db, livestream.id, actor.id)
    if guest.state == "accepted":
        return add_registration(db, actor, livestream)
    if guest.state == "requested":
        guest.state = "asked"
        db.flush()
        announce(db, GuestPlaceRequested(guest.id))
    return None


def decide_on_guest(db: Session, actor: Actor, livestream: Livestream, guest_id: str, decision: str) -> Guest:
    """Give the place, or decline. Of two organisers the first decides. Raises Conflict when the places are
    gone: whoever answers it rolls back, so that it stays undecided.
    """
    membership = membership_of(db, actor, livestream.circle_id)
    authorize(policy.may_decide, actor, livestream, membership)
    livestream = lock_livestream(db, livestream)
    guest = db.get(Guest, guest_id, populate_existing=True)
    if guest is None or guest.livestream_id != livestream.id:
        raise NotFound
    if guest.state != "asked":
        raise Conflict("already_decided")
    guest.state = decision
    db.add(AuditEntry.by(actor.person_id, f"guest_{decision}", guest.user_id))
    db.flush()
    if decision == "accepted":
        _register(db, guest, livestream)
    else:
        announce(db, GuestDeclined(guest.id))
    return guest


def request_membership(db: Session, actor: Actor, livestream: Livestream) -> JoinRequest:
    """A guest asks the team to become a member. Idempotent. Raises Conflict once declined."""
    membership = membership_of(db, actor, livestream.circle_id)
    authorize(policy.may_request_membership, actor, livestream, membership)
    return request_for_guest(db, SYSTEM, livestream.circle, actor.id)


def note_mailed_link(db: Session, actor: Actor, livestream_id: str, user_id: str, inviter_id: str) -> None:
    """Keep who brings a guest whose link was mailed; until they ask for a place the latest link counts."""
    authorize(policy.may_keep_track, actor)
    guest = _get_or_create(db, livestream_id, user_id)
    registration = find_registration(db, user_id, livestream_id)
    placed = registration is not None and registration.state in (*HOLDING, *ON_LIST)
    if inviter_id and guest.state == "requested" and not placed:
        guest.invited_by_id = inviter_id
    db.flush()


def _register(db: Session, guest: Guest, livestream: Livestream) -> None:
    key = frozenset({("livestream", livestream.id)})
    try:
        add_registration(db, Actor(kind="key", person_id=guest.user_id, keys=key), livestream)
    except Conflict as conflict:
        raise Conflict("guest_no_room" if conflict.code == "full" else conflict.code) from None


def _get_or_create(db: Session, livestream_id: str, user_id: str) -> Guest:
    guest = find_guest(db, livestream_id, user_id)
    if guest is None:
        guest = Guest(livestream_id=livestream_id, user_id=user_id, state="requested", created_at=clock.now())
        db.add(guest)
        db.flush()
    return guest
