"""Actions on external calendars read for busy times: add, request a refresh, lease, store,
remove."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from events.accounts.queries.people import lock_people
from events.availability import forms, policy
from events.availability.models import BusyCalendar, BusyTime
from events.availability.queries.calendars import get_calendar
from events.availability.rules.refresh_schedule import earliest_refresh, next_refresh
from events.availability.signals import RefreshRequested
from events.core import clock
from events.core.auth import crypto
from events.core.auth.actor import Actor, authorize
from events.core.bus import announce
from events.core.db.session import insert_row, is_sqlite
from events.core.errors import Conflict, Invalid, TooMany
from events.core.network.safe_fetch import FetchFailed, read_address

MAX_CALENDARS = 5
KIND = "busy calendar"
MAX_CONCURRENT_FETCHES = 2  # per person
LEASE = timedelta(minutes=5)  # how long other workers skip a leased calendar
CACHE_TTL = timedelta(minutes=15)


def add_calendar(db: Session, actor: Actor, data: forms.AddCalendar) -> BusyCalendar:
    """The URL is stored encrypted and never shown again."""
    authorize(policy.may_change_hours, actor)
    address = data.address
    if address[:9].lower() == "webcal://":  # the scheme calendar apps use
        address = f"https://{address[9:]}"
    try:
        host = read_address(address).host
    except FetchFailed as failed:
        raise Invalid(fields=[("address", failed.code)]) from None
    lock_people(db, [actor.id])
    own = select(func.count()).select_from(BusyCalendar).where(BusyCalendar.user_id == actor.id)
    if (db.scalar(own) or 0) >= MAX_CALENDARS:
        raise Conflict("too_many_calendars")
    now = clock.now()
    added = BusyCalendar(
        user_id=actor.id,
        host=host[:120],
        sealed=crypto.seal(KIND, address),
        fingerprint=crypto.fingerprint(address),
        added_at=now,
        due_at=now,
    )
    try:
        insert_row(db, added)
    except IntegrityError:
        raise Conflict("calendar_known") from None
    announce(db, RefreshRequested(actor.id))
    return added


def remove_calendar(db: Session, actor: Actor, calendar_id: str) -> None:
    """Delete the URL and everything read from it."""
    authorize(policy.may_change_hours, actor)
    found = get_calendar(db, actor, calendar_id)
    db.execute(delete(BusyTime).where(BusyTime.calendar_id == found.id))
    db.delete(found)
    db.flush()


def request_refresh(db: Session, actor: Actor, calendar_id: str) -> None:
    """Queue a refresh now, also after failures, unless those were costly."""
    authorize(policy.may_change_hours, actor)
    calendar, now = get_calendar(db, actor, calendar_id), clock.now()
    due_at = earliest_refresh(calendar.problem, calendar.tried_at, calendar.due_at, now)
    if due_at > now:
        raise TooMany(retry_after=int((due_at - now).total_seconds()) + 1)
    calendar.due_at = now
    db.flush()
    announce(db, RefreshRequested(actor.id))


def refresh_stale_calendars(db: Session, actor: Actor) -> bool:
    """Refresh what is older than CACHE_TTL; returns whether anything is.

    Failing calendars keep their back-off: they would not be ready in time.
    """
    authorize(policy.may_request_refresh, actor)
    now = clock.now()
    old = select(BusyCalendar).where(
        BusyCalendar.user_id == actor.id,
        BusyCalendar.failures == 0,
        BusyCalendar.read_at < now - CACHE_TTL,
        BusyCalendar.due_at > now,
    )
    found = list(db.scalars(old))
    for calendar in found:
        calendar.due_at = now
    if found:
        db.flush()
        announce(db, RefreshRequested(actor.id))
    return bool(found)


def lease_due_calendars(db: Session, actor: Actor, most: int) -> list[tuple[BusyCalendar, str]]:
    """Due calendars with their URLs, leased to this worker for LEASE."""
    authorize(policy.may_read_calendars, actor)
    now = clock.now()
    due = select(BusyCalendar).where(BusyCalendar.due_at <= now).order_by(BusyCalendar.due_at)
    due = due.limit(most * MAX_CALENDARS)
    if not is_sqlite(db):
        due = due.with_for_update(skip_locked=True, of=BusyCalendar)
    opened = []
    for calendar in _limit_per_person(db.scalars(due).all(), most):
        calendar.due_at = now + LEASE
        try:
            opened.append((calendar, crypto.unseal(KIND, calendar.sealed)))
        except ValueError:  # the installation's secret key changed
            store_result(db, actor, calendar.id, None, "sealed_lost")
    db.flush()
    return opened


def _limit_per_person(due: Sequence[BusyCalendar], most: int) -> list[BusyCalendar]:
    """The first `most` due calendars, at most MAX_CONCURRENT_FETCHES per person."""
    per_person: Counter[str] = Counter()
    chosen = []
    for calendar in due:
        per_person[calendar.user_id] += 1
        if per_person[calendar.user_id] <= MAX_CONCURRENT_FETCHES:
            chosen.append(calendar)
    return chosen[:most]


def store_result(
    db: Session,
    actor: Actor,
    calendar_id: str,
    busy: list[tuple[datetime, datetime]] | None,
    problem: str,
    notes: dict[str, int] | None = None,
) -> None:
    """Replace the busy times; after a failure keep the old ones with their date.

    `notes` counts skipped entries by kind.
    """
    authorize(policy.may_read_calendars, actor)
    calendar = db.get(BusyCalendar, calendar_id, with_for_update=True)
    if calendar is None:  # removed during the refresh
        return
    now = clock.now()
    calendar.tried_at = now
    calendar.problem = problem
    calendar.failures = calendar.failures + 1 if busy is None else 0
    calendar.due_at = next_refresh(now, calendar.failures)
    if busy is not None:
        calendar.read_at = now
        calendar.notes = notes or {}
        db.execute(delete(BusyTime).where(BusyTime.calendar_id == calendar_id))
        rows = [{"calendar_id": calendar_id, "starts_at": start, "ends_at": end} for start, end in busy]
        if rows:
            db.execute(insert(BusyTime), rows)
    db.flush()
