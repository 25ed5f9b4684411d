"""Queries about guests: limits, a member's own link, and who brought whom."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, joinedload

from events.circles.models import Membership
from events.circles.queries.circles import membership_of
from events.core.auth import crypto
from events.core.auth.actor import Actor, authorize
from events.core.db.paging import Page, window
from events.core.errors import Conflict
from events.guests import policy, rules
from events.guests.models import Guest
from events.livestreams.models import Livestream
from events.registrations.models import Registration
from events.registrations.rules import HOLDING, ON_LIST

_LINK, _OCTETS, _ID = "guest_link", 9, 26
_NOT_HELD = ("cancelled", "missed")
MAX_SHOWN = 100  # guests of one member; more than any limit allows


@dataclass(frozen=True)
class BroughtGuest:
    """A guest as their inviter sees them. `status` is asked (waits for the team), waiting or coming."""

    name: str
    status: str


@dataclass(frozen=True)
class Brought:
    """A member's guests at one livestream, and how many more they may bring; None without a limit."""

    guests: tuple[BroughtGuest, ...]
    left: int | None


def find_guest(db: Session, livestream_id: str, user_id: str) -> Guest | None:
    return db.scalar(select(Guest).where(Guest.livestream_id == livestream_id, Guest.user_id == user_id))


def inviter_name(db: Session, livestream_id: str, user_id: str) -> str:
    """Who brings this guest; empty without one."""
    guest = find_guest(db, livestream_id, user_id)
    return guest.invited_by.name if guest is not None and guest.invited_by is not None else ""


def link_code(livestream: Livestream, membership: Membership) -> str:
    """The code of a member's own link. Derived, so that it ends with the membership and needs no row."""
    return crypto.derive(_LINK, membership.id, livestream.id, octets=_OCTETS)


def find_inviter(db: Session, livestream: Livestream, code: str) -> Membership | None:
    """The member whose own link this is, while the circle's rules let them bring guests."""
    membership = db.get(Membership, code[:_ID], options=[joinedload(Membership.user)])
    if membership is None or membership.circle_id != livestream.circle_id:
        return None
    if not crypto.is_derived(_LINK, membership.id, livestream.id, code, octets=_OCTETS):
        return None
    return membership if policy.may_member_bring(livestream, membership) else None


def brought_by(db: Session, livestream: Livestream, member_id: str) -> Brought:
    """Counted from the moment a guest has a place, waits or asks for one: requests by strangers who found
    the link use up nothing."""
    here = (Registration.livestream_id == Guest.livestream_id) & (Registration.user_id == Guest.user_id)
    query = (
        select(Guest, Registration.state)
        .outerjoin(Registration, here)
        .where(Guest.livestream_id == livestream.id, Guest.invited_by_id == member_id, _counts())
        .order_by(Guest.created_at, Guest.id)
        .limit(MAX_SHOWN)
        .options(joinedload(Guest.user))
    )
    found = tuple(
        BroughtGuest(
            guest.user.name,
            "asked" if guest.state == "asked" else "coming" if state == "coming" else "waiting",
        )
        for guest, state in db.execute(query)
    )
    most = livestream.circle.guests_per_member
    return Brought(found, None if most is None else max(0, most - len(found)))


def check_limits(db: Session, livestream: Livestream, user_id: str) -> Guest | None:
    """Raises Conflict when the circle's rules leave this guest no place. Only under the lock of the
    livestream's places."""
    circle = livestream.circle
    guest = find_guest(db, livestream.id, user_id)
    inviter_id = guest.invited_by_id if guest is not None else None
    if circle.guests_from == "nobody" or not livestream.guests_allowed:
        raise Conflict("guests_closed")
    if circle.guests_from != "link" and inviter_id is None:
        raise Conflict("guest_uninvited")
    if guest is not None and guest.state == "declined":
        raise Conflict("guest_declined")
    if circle.guest_visits is not None and _count_visits(db, livestream, user_id) >= circle.guest_visits:
        raise Conflict("guest_visits", most=circle.guest_visits)
    if inviter_id is not None and circle.guests_per_member is not None:
        others = select(func.count(Guest.id)).where(
            Guest.livestream_id == livestream.id,
            Guest.invited_by_id == inviter_id,
            Guest.user_id != user_id,
            _counts(),
        )
        if (db.scalar(others) or 0) >= circle.guests_per_member:
            raise Conflict("guests_enough")
    return guest


def check_guest(db: Session, livestream: Livestream, user_id: str) -> None:
    """Check of `registrations`: the limits, and the team's word where the circle asks for it."""
    if not rules.follows_rules(livestream):
        return
    guest = check_limits(db, livestream, user_id)
    if livestream.circle.guest_approval and (guest is None or guest.state != "accepted"):
        raise Conflict("guest_approval")


def list_guests(
    db: Session, actor: Actor, livestream: Livestream, number: int, *, asking: bool = False
) -> Page[Guest]:
    """For directors: a page of guests who come, or who ask the team for a place; with who brought them."""
    membership = membership_of(db, actor, livestream.circle_id)
    authorize(policy.may_decide, actor, livestream, membership)
    which = Guest.state == "asked" if asking else _registered("coming")
    query = select(Guest).where(Guest.livestream_id == livestream.id, which)
    ordered = query.order_by(Guest.created_at, Guest.id)
    loaded = window(ordered, number).options(joinedload(Guest.user), joinedload(Guest.invited_by))
    return Page.of(db.scalars(loaded), number)


def _counts() -> ColumnElement[bool]:
    return or_(Guest.state == "asked", _registered(*HOLDING, *ON_LIST))


def _registered(*states: str) -> ColumnElement[bool]:
    registered = select(Registration.id).where(
        Registration.livestream_id == Guest.livestream_id,
        Registration.user_id == Guest.user_id,
        Registration.guest,
        Registration.state.in_(states),
    )
    return registered.correlate(Guest).exists()


def _count_visits(db: Session, livestream: Livestream, user_id: str) -> int:
    query = (
        select(func.count(Registration.id))
        .join(Livestream, Livestream.id == Registration.livestream_id)
        .where(Registration.user_id == user_id, Registration.guest, Registration.state == "coming")
        .where(Livestream.circle_id == livestream.circle_id, Livestream.audience == "members")
        .where(Livestream.id != livestream.id, Livestream.state.not_in(_NOT_HELD))
    )
    return db.scalar(query) or 0
