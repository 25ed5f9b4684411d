"""Check of guests before they take or wait for a place, registered by the feature that knows the rules."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from events.livestreams.models import Livestream

GuestCheck = Callable[[Session, Livestream, str], None]
_checks: list[GuestCheck] = []


def register_guest_check(check: GuestCheck) -> None:
    """Register check(db, livestream, user id), which raises Conflict if this guest may not have a place."""
    _checks[:] = [check]


def check_guest(db: Session, livestream: Livestream, user_id: str) -> None:
    """Only under the lock of the livestream's places."""
    for check in _checks:
        check(db, livestream, user_id)
