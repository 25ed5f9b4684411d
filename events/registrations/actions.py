"""What can be done with places: take one, give it up, ask for one as a guest."""

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
    """Come. Twice is once. The places are counted behind a lock on the livestream, so that however many
    come at once, no more than fit get in."""
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
        # Who hosted it before had an entry up to the host's sequence: a lower one would count as outdated.
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
    """Not coming after all. Without a place nothing happens."""
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
    """Whether one is named under "who is coming"."""
    registration = _own(db, actor, livestream)
    authorize(policy.may_change, actor, registration)
    registration.visible = data.show == "yes"
    db.flush()
    return registration


def request_guest_link(
    db: Session, actor: Actor, livestream: Livestream, data: GuestRequest, locale: str
) -> None:
    """A mail with a personal link goes out; the place is taken by who opens it.

    Whoever the address belongs to, known or not, the same happens here: a job looks up who it is, so that
    neither the answer nor the time it takes tells anything.
    """
    authorize(policy.may_request_guest_link, actor, livestream)
    if livestream.capacity is not None and count_coming(db, livestream.id) >= livestream.capacity:
        raise Conflict("full")
    announce(db, GuestLinkRequested(livestream.id, data.name, data.email, locale))


def send_guest_link(
    db: Session, actor: Actor, livestream: Livestream, data: GuestRequest, locale: str
) -> None:
    """Issue and mail what a guest asked for; not to whom the circle removed, who hears nothing of it."""
    authorize(policy.may_send_guest_link, actor, livestream)
    person = find_or_create_person(db, SYSTEM, data.name, data.email, locale)
    if is_banned(db, person.id, livestream.circle_id):
        return
    key = issue_key(db, SYSTEM, person.id, "livestream", livestream.id)
    announce(db, GuestLinkIssued(livestream.id, person.id, key.id))


def end_registrations(db: Session, actor: Actor, circle_id: str, user_id: str) -> None:
    """Who left the circle: places at what is for members only are free again, and the links in mails that
    lead there open nothing any more. What is public stays open to them as to everyone."""
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
    """State and capacity as they are now, held until the commit."""
    query = select(Livestream.state, Livestream.capacity).where(Livestream.id == livestream.id)
    state, capacity = db.execute(query.with_for_update()).one()
    return state, capacity
