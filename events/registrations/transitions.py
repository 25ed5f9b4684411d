"""Shared steps of registrations: the lock that counts places, and the waiting list that moves up."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from events.circles.models import Membership
from events.core import clock
from events.core.bus import announce
from events.livestreams.models import Livestream
from events.livestreams.rules.states import UPCOMING
from events.registrations import rules
from events.registrations.models import Registration
from events.registrations.queries.registrations import find_registration
from events.registrations.queries.waiting_list import count_held_and_waiting
from events.registrations.signals import LastPlacesCalled, PlaceOffered

MAX_AT_ONCE = 100  # offers or calls in one transaction; the next minute's job goes on


@dataclass(frozen=True)
class Places:
    """A livestream's places as committed now, locked until commit."""

    livestream_id: str
    state: str
    capacity: int | None
    starts_at: datetime
    zone: str

    @property
    def calling(self) -> bool:
        """Whether places go to whoever is first, even while people wait."""
        return clock.now() >= rules.last_call_at(self.starts_at, self.zone)


def lock_places(db: Session, livestream_id: str) -> Places:
    """Row lock on the livestream: all changes of its registrations are serialized by it."""
    query = select(
        Livestream.id, Livestream.state, Livestream.capacity, Livestream.starts_at, Livestream.zone
    ).where(Livestream.id == livestream_id)
    return Places(*db.execute(query.with_for_update()).one())


def find_locked(db: Session, user_id: str, livestream_id: str) -> Registration | None:
    """This person's row as committed now; only under `lock_places`."""
    registration = find_registration(db, user_id, livestream_id)
    if registration is not None:
        db.refresh(registration)
    return registration


def has_room(db: Session, places: Places) -> bool:
    held, waiting = count_held_and_waiting(db, places.livestream_id)
    return rules.has_room(places.capacity, held, waiting, calling=places.calling)


def advance_waiting_list(db: Session, places: Places) -> None:
    """Let unanswered offers lapse and offer free places to the next in line; only under `lock_places`.

    At the last call everybody who waits is told once that free places go to whoever is first. Safe to
    call at any time and any number of times.
    """
    if places.state not in UPCOMING:
        return
    db.flush()
    now = clock.now()
    for unanswered in db.scalars(_in_state(places, "offered").where(Registration.answer_by <= now)):
        unanswered.state, unanswered.changed_at = "lapsed", now
    if places.calling:
        for waiting in list(db.scalars(_in_line(places).limit(MAX_AT_ONCE))):
            waiting.state, waiting.changed_at = "called", now
            announce(db, LastPlacesCalled(waiting.id))
    else:
        for called in db.scalars(_in_state(places, "called")):  # the start was moved to later
            called.state = "waiting"
        db.flush()
        _offer(db, places, now)
    db.flush()


def _offer(db: Session, places: Places, now: datetime) -> None:
    until = rules.answer_by(now, places.starts_at, places.zone)
    if until is None:
        return
    free = MAX_AT_ONCE
    if places.capacity is not None:
        held, _waiting = count_held_and_waiting(db, places.livestream_id)
        free = min(free, max(0, places.capacity - held))
    for first in list(db.scalars(_in_line(places).limit(free))):
        first.state, first.answer_by, first.changed_at = "offered", until, now
        announce(db, PlaceOffered(first.id))


def _in_state(places: Places, state: str) -> Select[Registration]:
    query = select(Registration).where(
        Registration.livestream_id == places.livestream_id, Registration.state == state
    )
    return query.execution_options(populate_existing=True)


def _in_line(places: Places) -> Select[Registration]:
    """Members before guests, then by the time of asking."""
    circle_id = select(Livestream.circle_id).where(Livestream.id == places.livestream_id).scalar_subquery()
    member = (Membership.user_id == Registration.user_id) & (Membership.circle_id == circle_id)
    query = _in_state(places, "waiting").outerjoin(Membership, member)
    return query.order_by(Membership.id.is_(None), Registration.waiting_since, Registration.id)
