"""Bounce handling: stops mail to an address after hard, repeated soft or complaint bounces."""

from datetime import timedelta

from sqlalchemy.orm import Session

from events.accounts import policy
from events.accounts.models import BouncedAddress, User
from events.core import clock
from events.core.auth.actor import Actor, authorize

MAX_SOFT_BOUNCES = 3  # of kind "full", each within BOUNCE_WINDOW of the last
BOUNCE_WINDOW = timedelta(days=30)


def record_bounce(db: Session, actor: Actor, user: User, kind: str) -> BouncedAddress:
    """`kind` is gone, full or complaint. Suppresses at once, but `full` only after
    MAX_SOFT_BOUNCES."""
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
    # A later bounce does not turn a complaint into a milder kind.
    kept = "complaint" if suppressed is not None and known.kind == "complaint" else kind
    known.address, known.kind, known.times, known.last_at = user.email, kept, times, moment
    known.suppressed_at = suppressed or (moment if kind != "full" or times >= MAX_SOFT_BOUNCES else None)
    db.flush()
    return known


def clear_bounce(db: Session, actor: Actor, user_id: str) -> None:
    authorize(policy.may_record_bounces, actor)
    known = db.get(BouncedAddress, user_id)
    if known is not None:
        db.delete(known)
        db.flush()
