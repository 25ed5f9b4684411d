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
    bounce = db.get(BouncedAddress, user.id)
    if bounce is None or bounce.address != user.email or bounce.last_at < moment - BOUNCE_WINDOW:
        times, suppressed = 1, None
    else:
        times, suppressed = bounce.times + 1, bounce.suppressed_at
    if bounce is None:
        bounce = BouncedAddress(user_id=user.id)
        db.add(bounce)
    # A later bounce does not turn a complaint into a milder kind.
    worst = "complaint" if suppressed is not None and bounce.kind == "complaint" else kind
    bounce.address, bounce.kind, bounce.times, bounce.last_at = user.email, worst, times, moment
    bounce.suppressed_at = suppressed or (moment if kind != "full" or times >= MAX_SOFT_BOUNCES else None)
    db.flush()
    return bounce


def clear_bounce(db: Session, actor: Actor, user_id: str) -> None:
    authorize(policy.may_record_bounces, actor)
    bounce = db.get(BouncedAddress, user_id)
    if bounce is not None:
        db.delete(bounce)
        db.flush()
