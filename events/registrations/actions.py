"""Actions on registrations: register, withdraw, wait for a place, show one's name, request a guest link."""

from sqlalchemy.orm import Session

from events.accounts.actions.keys import find_or_create_person, issue_key, revoke_keys
from events.accounts.queries.people import list_blocks
from events.circles.queries.bans import is_banned
from events.circles.queries.circles import membership_of
from events.core import clock
from events.core.auth.actor import SYSTEM, Actor, authorize
from events.core.bus import announce
from events.core.errors import Conflict, NotFound
from events.livestreams.models import Livestream
from events.registrations import policy
from events.registrations.forms import GuestRequest, ShowName
from events.registrations.models import Registration
from events.registrations.queries.guest_checks import check_guest
from events.registrations.queries.registrations import (
    find_registration,
    list_keys_to_members_only,
    list_to_members_only,
)
from events.registrations.rules import ON_LIST, is_open
from events.registrations.signals import (
    GuestLinkIssued,
    GuestLinkRequested,
    RegistrationAdded,
    RegistrationWithdrawn,
)
from events.registrations.transitions import Places, advance_waiting_list, find_locked, has_room, lock_places


def add_registration(db: Session, actor: Actor, livestream: Livestream) -> Registration:
    """Register the actor, also by taking an offered place. Idempotent. Capacity is counted under a
    lock on the livestream.

    Raises Conflict if the livestream is full or closed.
    """
    membership = membership_of(db, actor, livestream.circle_id)
    authorize(policy.may_register, actor, livestream, membership)
    places = _lock_for(db, actor, livestream)
    registration = find_locked(db, actor.id, livestream.id)
    if registration is not None and registration.state == "coming":
        return registration
    _check_open(places)
    if membership is None:
        check_guest(db, livestream, actor.id)
    offered = registration is not None and registration.state == "offered"
    if not offered and not has_room(db, places):
        raise Conflict("full")
    return _take_place(db, actor, livestream, registration, guest=membership is None)


def join_waiting_list(db: Session, actor: Actor, livestream: Livestream) -> Registration:
    """Wait for a place, at the end of the line; whoever finds a free place has it. Idempotent.

    Raises Conflict once offers are over, or when the livestream is closed.
    """
    membership = membership_of(db, actor, livestream.circle_id)
    authorize(policy.may_register, actor, livestream, membership)
    places = _lock_for(db, actor, livestream)
    registration = find_locked(db, actor.id, livestream.id)
    if registration is not None and registration.state in ("coming", *ON_LIST):
        return registration
    _check_open(places)
    if membership is None:
        check_guest(db, livestream, actor.id)
    if has_room(db, places):
        return _take_place(db, actor, livestream, registration, guest=membership is None)
    if places.calling:
        raise Conflict("list_closed")
    now = clock.now()
    if registration is None:
        registration = Registration(livestream_id=livestream.id, user_id=actor.id, created_at=now)
        db.add(registration)
    registration.state, registration.guest = "waiting", membership is None
    registration.waiting_since = registration.changed_at = now
    registration.answer_by = None
    db.flush()
    advance_waiting_list(db, places)
    return registration


def leave_waiting_list(db: Session, actor: Actor, livestream: Livestream) -> None:
    """Wait no longer; an offered place goes to the next in line. Idempotent."""
    registration = _own(db, actor, livestream)
    authorize(policy.may_change, actor, registration)
    places = lock_places(db, livestream.id)
    db.refresh(registration)
    if registration.state not in ON_LIST:
        return
    registration.state, registration.changed_at = "left", clock.now()
    advance_waiting_list(db, places)


def move_waiting_list_up(db: Session, actor: Actor, livestream_id: str) -> None:
    """Idempotent; for jobs, and after what may have freed a place."""
    authorize(policy.may_move_up, actor)
    advance_waiting_list(db, lock_places(db, livestream_id))


def withdraw_registration(db: Session, actor: Actor, livestream: Livestream) -> None:
    """Idempotent."""
    registration = _own(db, actor, livestream)
    authorize(policy.may_change, actor, registration)
    places = lock_places(db, livestream.id)
    db.refresh(registration)
    if registration.state != "coming":
        return
    _withdraw(db, registration)
    advance_waiting_list(db, places)


def show_name(db: Session, actor: Actor, livestream: Livestream, data: ShowName) -> Registration:
    """Set whether the actor is named among the people who come."""
    registration = _own(db, actor, livestream)
    authorize(policy.may_change, actor, registration)
    registration.visible = data.show == "yes"
    db.flush()
    return registration


def request_guest_link(
    db: Session, actor: Actor, livestream: Livestream, data: GuestRequest, locale: str, inviter_id: str = ""
) -> None:
    """Queue a guest's mail with a personal link; `inviter_id` is the member whose own link was used.

    A job looks up the address, so answer and timing are the same for every address. While it is full
    the link leads to the waiting list.
    """
    allowed = policy.may_request_as_invited if inviter_id else policy.may_request_guest_link
    authorize(allowed, actor, livestream)
    announce(db, GuestLinkRequested(livestream.id, data.name, data.email, locale, inviter_id))


def send_guest_link(
    db: Session, actor: Actor, livestream: Livestream, data: GuestRequest, locale: str, inviter_id: str = ""
) -> None:
    """Issue and mail the guest's key. Does nothing for people banned from the circle, and between two of
    whom one blocked the other.
    """
    authorize(policy.may_send_guest_link, actor, livestream, bool(inviter_id))
    person = find_or_create_person(db, SYSTEM, data.name, data.email, locale)
    if is_banned(db, person.id, livestream.circle_id) or list_blocks(db, [inviter_id, person.id]):
        return
    key = issue_key(db, SYSTEM, person.id, "livestream", livestream.id)
    announce(db, GuestLinkIssued(livestream.id, person.id, key.id, inviter_id))


def end_registrations(db: Session, actor: Actor, circle_id: str, user_id: str) -> None:
    """Withdraw a former member from the circle's members-only livestreams and revoke those keys.

    Public livestreams stay open to them.
    """
    authorize(policy.may_end_registrations, actor)
    for livestream_id in list_keys_to_members_only(db, circle_id, user_id):
        revoke_keys(db, actor, user_id, "livestream", livestream_id)
    for registration in list_to_members_only(db, circle_id, user_id):
        places = lock_places(db, registration.livestream_id)
        db.refresh(registration)
        if registration.state == "coming":
            _withdraw(db, registration)
        elif registration.state in ON_LIST:
            registration.state, registration.changed_at = "left", clock.now()
        advance_waiting_list(db, places)


def _own(db: Session, actor: Actor, livestream: Livestream) -> Registration:
    registration = find_registration(db, actor.id, livestream.id)
    if registration is None:
        raise NotFound
    return registration


def _lock_for(db: Session, actor: Actor, livestream: Livestream) -> Places:
    if is_banned(db, actor.id, livestream.circle_id):
        raise NotFound
    return lock_places(db, livestream.id)


def _check_open(places: Places) -> None:
    if not is_open(places.state):
        raise Conflict("registration_over")


def _take_place(
    db: Session, actor: Actor, livestream: Livestream, registration: Registration | None, *, guest: bool
) -> Registration:
    now = clock.now()
    if registration is None:
        # A former host's calendar entry has the host's sequence; a lower one would be ignored.
        sequence = livestream.host_sequence
        registration = Registration(
            livestream_id=livestream.id, user_id=actor.id, sequence=sequence, created_at=now
        )
        db.add(registration)
    else:
        registration.sequence = max(registration.sequence + 1, livestream.host_sequence)
    registration.state, registration.changed_at, registration.guest = "coming", now, guest
    db.flush()
    announce(db, RegistrationAdded(registration.id))
    return registration


def _withdraw(db: Session, registration: Registration) -> None:
    registration.state, registration.changed_at = "withdrawn", clock.now()
    registration.sequence += 1
    db.flush()
    announce(db, RegistrationWithdrawn(registration.id))
