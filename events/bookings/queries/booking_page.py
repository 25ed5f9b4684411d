"""Queries on booking pages: owner by handle, what a reader may see, and open times."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from events.accounts.models import User
from events.bookings.models import BookingPage, FormerHandle
from events.circles.models import Circle
from events.coffees import rules
from events.coffees.queries.common_times import list_offered_times
from events.coffees.queries.shared_topics import list_shared_circles
from events.core.auth.actor import Actor
from events.core.errors import NotFound

MAX_STARTS = 18  # per page
MAX_PER_DAY = 3


@dataclass(frozen=True)
class Booking:
    """One booking page as a reader sees it. Without a common `circle` it only greets."""

    owner: User
    page: BookingPage
    circle: Circle | None
    is_own: bool

    @property
    def may_book(self) -> bool:
        return self.circle is not None and not self.is_own


def page_of(db: Session, user_id: str) -> BookingPage | None:
    return db.get(BookingPage, user_id)


def find_owner(db: Session, handle: str) -> User | None:
    """Owner of a present or former handle."""
    owner = db.scalar(select(User).where(User.handle == handle))
    if owner is None:
        former = db.get(FormerHandle, handle[:40])
        owner = db.get(User, former.user_id) if former is not None else None
    return owner


def count_former_handles(db: Session, user_id: str) -> int:
    return db.scalar(select(func.count()).where(FormerHandle.user_id == user_id)) or 0


def is_taken(db: Session, handle: str, user_id: str) -> bool:
    owner = find_owner(db, handle)
    return owner is not None and owner.id != user_id


def get_booking(db: Session, actor: Actor, handle: str) -> Booking:
    """An open page, for signed-in members of a common circle; for others only if it greets visitors.

    NotFound otherwise. A key holder counts as a visitor: the key is bound to another page.
    """
    owner = find_owner(db, handle)
    page = page_of(db, owner.id) if owner is not None else None
    if owner is None or page is None or not owner.takes_bookings:
        raise NotFound
    is_own = actor.is_signed_in() and actor.person_id == owner.id
    shared = list_shared_circles(db, actor.id, owner.id) if actor.is_signed_in() and not is_own else []
    if not shared and not is_own and not page.greets:
        raise NotFound
    return Booking(owner, page, shared[0] if shared else None, is_own)


def list_open_times(db: Session, actor: Actor, booking: Booking, minutes: int) -> list[datetime]:
    """The owner's offered times at which the reader has no claim. Blocks play no part."""
    page = booking.page
    return list_offered_times(
        db,
        actor.id,
        [booking.owner.id],
        minutes,
        notice=timedelta(hours=page.notice),
        ahead=timedelta(days=page.horizon),
        longest=max(page.lengths, default=minutes),
        count=MAX_STARTS,
        a_day=MAX_PER_DAY,
        by_hours=False,
    )


def show_times(times: list[datetime], zone: str) -> list[datetime]:
    return rules.spread_over_days(times, zone, MAX_STARTS)
