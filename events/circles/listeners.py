"""Listeners that act on a used key: an invitation is accepted, a requested circle is created."""

from sqlalchemy.orm import Session

from events.accounts.models import PersonalKey
from events.accounts.signals import KeyUsed
from events.circles import actions
from events.circles.models import Circle, PendingCircle
from events.circles.queries import find_invitation
from events.circles.queries.bans import is_banned
from events.core.access import SYSTEM
from events.core.bus import on


@on(KeyUsed)
def let_in(db: Session, signal: KeyUsed) -> None:
    """In the transaction that used the key, so that nobody is signed in without being let in."""
    key = db.get_one(PersonalKey, signal.key_id)
    circle = db.get(Circle, key.subject_id) if key.purpose == "join" else None
    if circle is None or is_banned(db, key.user_id, circle.id):
        return
    if find_invitation(db, key.user_id, circle.id) is not None:
        first = key.user.confirmed_at == key.used_at
        actions.accept_invitation(db, SYSTEM, circle, key.user_id, first=first)


@on(KeyUsed)
def create_requested_circle(db: Session, signal: KeyUsed) -> None:
    key = db.get_one(PersonalKey, signal.key_id)
    if key.purpose not in {"confirm", "sign_in"} or not key.subject_id:
        return
    pending = db.get(PendingCircle, key.subject_id)
    if pending is not None and pending.user_id == key.user_id:
        if key.purpose == "confirm":
            pending.user.zone = pending.zone
        actions.create_pending_circle(db, SYSTEM, pending)
