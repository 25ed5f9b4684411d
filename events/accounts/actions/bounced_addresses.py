"""Addresses whose mail comes back are left alone, until their owner or an organiser says they work again."""

from datetime import timedelta

from sqlalchemy.orm import Session

from events.accounts import policy
from events.accounts.models import BouncedAddress, User
from events.core import clock
from events.core.auth.actor import Actor, authorize

MAX_SOFT_BOUNCES = 3  # mails that come back for now, within FORGET of each other
BOUNCE_WINDOW = timedelta(days=30)


def record_bounce(db: Session, actor: Actor, user: User, kind: str) -> BouncedAddress:
    """A mail to this person came back, or was complained of: gone and complaint count at once, full when it
    goes on."""
    authorize(policy.may_record_bounces, actor)
    moment = clock.now()
    known = db.get(BouncedAddress, user.id)
    if known is None or known.address != user.email or known.last_at < moment - BOUNCE_WINDOW:
        times, suppressed = 1, None
    else:
        times, suppressed = known.times + 1, known.suppressed_at
    if known is None:
        known = BouncedAddress(user_id=user.id)
        db.add(known)
    # A complaint is not softened by what a mail server says later.
    kept = "complaint" if suppressed is not None and known.kind == "complaint" else kind
    known.address, known.kind, known.times, known.last_at = user.email, kept, times, moment
    known.suppressed_at = suppressed or (moment if kind != "full" or times >= MAX_SOFT_BOUNCES else None)
    db.flush()
    return known


def clear_bounce(db: Session, actor: Actor, user_id: str) -> None:
    """Mail arrives there again, or is to be tried again."""
    authorize(policy.may_record_bounces, actor)
    known = db.get(BouncedAddress, user_id)
    if known is not None:
        db.delete(known)
        db.flush()
