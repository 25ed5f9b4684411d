"""Actions on registrations: register, withdraw, show one's name, request a guest link."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.accounts.actions.keys import find_or_create_person, issue_key, revoke_keys
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
from events.registrations.queries import (
    count_coming,
    find_registration,
    list_coming_to_members_only,
    list_keys_to_members_only,
)
from events.registrations.rules import is_open
from events.registrations.signals import (
    GuestLinkIssued,
    GuestLinkRequested,
    RegistrationAdded,
    RegistrationWithdrawn,
)


def add_registration(db: Session, actor: Actor, livestream: Livestream) -> Registration:
    """Register the actor. Idempotent. Capacity is counted under a lock on the livestream.

    Raises Conflict if the livestream is full or closed.
    """
    membership = membership_of(db, actor, livestream.circle_id)
    authorize(policy.may_register, actor, livestream, membership)
    if is_banned(db, actor.id, livestream.circle_id):
        raise NotFound
    state, capacity = _lock_capacity(db, livestream)
    registration = find_registration(db, actor.id, livestream.id)
    if registration is not None and registration.state == "coming":
        return registration
    if not is_open(state):
        raise Conflict("registration_over")
    if capacity is not None and count_coming(db, livestream.id) >= capacity:
        raise Conflict("full")
    moment = clock.now()
    if registration is None:
        # A former host's calendar entry has the host's sequence; a lower one would be ignored.
        sequence = livestream.host_sequence
        registration = Registration(
            livestream_id=livestream.id, user_id=actor.id, sequence=sequence, created_at=moment
        )
        db.add(registration)
    else:
        registration.sequence = max(registration.sequence + 1, livestream.host_sequence)
    registration.state, registration.changed_at = "coming", moment
    registration.guest = membership is None
    db.flush()
    announce(db, RegistrationAdded(registration.id))
    return registration


def withdraw_registration(db: Session, actor: Actor, livestream: Livestream) -> None:
    """Idempotent."""
    registration = _own(db, actor, livestream)
    authorize(policy.may_change, actor, registration)
    _lock_capacity(db, livestream)
    db.refresh(registration)
    if registration.state != "coming":
        return
    registration.state, registration.changed_at = "withdrawn", clock.now()
    registration.sequence += 1
    db.flush()
    announce(db, RegistrationWithdrawn(registration.id))


def show_name(db: Session, actor: Actor, livestream: Livestream, data: ShowName) -> Registration:
    """Set whether the actor is named among the people who come."""
    registration = _own(db, actor, livestream)
    authorize(policy.may_change, actor, registration)
    registration.visible = data.show == "yes"
    db.flush()
    return registration


def request_guest_link(
    db: Session, actor: Actor, livestream: Livestream, data: GuestRequest, locale: str
) -> None:
    """Queue a guest's mail with a personal link; opening it registers the guest.

    A job looks up the address, so answer and timing are the same for every address.
    """
    authorize(policy.may_request_guest_link, actor, livestream)
    if livestream.capacity is not None and count_coming(db, livestream.id) >= livestream.capacity:
        raise Conflict("full")
    announce(db, GuestLinkRequested(livestream.id, data.name, data.email, locale))


def send_guest_link(
    db: Session, actor: Actor, livestream: Livestream, data: GuestRequest, locale: str
) -> None:
    """Issue and mail the guest's key. Does nothing for people banned from the circle."""
    authorize(policy.may_send_guest_link, actor, livestream)
    person = find_or_create_person(db, SYSTEM, data.name, data.email, locale)
    if is_banned(db, person.id, livestream.circle_id):
        return
    key = issue_key(db, SYSTEM, person.id, "livestream", livestream.id)
    announce(db, GuestLinkIssued(livestream.id, person.id, key.id))


def end_registrations(db: Session, actor: Actor, circle_id: str, user_id: str) -> None:
    """Withdraw a former member from the circle's members-only livestreams and revoke those keys.

    Public livestreams stay open to them.
    """
    authorize(policy.may_end_registrations, actor)
    for livestream_id in list_keys_to_members_only(db, circle_id, user_id):
        revoke_keys(db, actor, user_id, "livestream", livestream_id)
    for registration in list_coming_to_members_only(db, circle_id, user_id):
        registration.state, registration.changed_at = "withdrawn", clock.now()
        registration.sequence += 1
        announce(db, RegistrationWithdrawn(registration.id))
    db.flush()


def _own(db: Session, actor: Actor, livestream: Livestream) -> Registration:
    registration = find_registration(db, actor.id, livestream.id)
    if registration is None:
        raise NotFound
    return registration


def _lock_capacity(db: Session, livestream: Livestream) -> tuple[str, int | None]:
    """(state, capacity) as committed now, locked until commit."""
    query = select(Livestream.state, Livestream.capacity).where(Livestream.id == livestream.id)
    state, capacity = db.execute(query.with_for_update()).one()
    return state, capacity
