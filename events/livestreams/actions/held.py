"""Action that enters an evening held elsewhere: it is over at once, and its round opens."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from events.circles.models import Circle
from events.circles.queries.circles import lock_circle, membership_of
from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.core.bus import announce
from events.core.errors import Conflict, Invalid
from events.core.ids import new_id
from events.core.text.markup import slugify
from events.livestreams import policy
from events.livestreams.models import Livestream
from events.livestreams.queries.livestreams import find_held, lock_livestream
from events.livestreams.rules.endings import MAX_AGE_HELD
from events.livestreams.signals import LivestreamEnded, LivestreamStateChanged
from events.livestreams.transitions import take_step


def create_held(
    db: Session, actor: Actor, circle: Circle, title: str, starts_at: datetime, minutes: int
) -> Livestream:
    """One that was never announced here. Entering the same one twice gives the first."""
    authorize(policy.may_plan, actor, membership_of(db, actor, circle.id))
    ends_at = _check_past(starts_at, minutes)
    lock_circle(db, circle)
    known = find_held(db, circle.id, title, starts_at)
    if known is not None:
        return known
    livestream = Livestream(
        circle_id=circle.id,
        host_id=actor.id,
        slug=slugify(title),
        title=title,
        aftertalk=False,
        guests_allowed=False,
        zone=circle.zone,
        starts_at=starts_at,
        ends_at=ends_at,
        went_live_at=starts_at,
        ended_at=ends_at,
        state="ended",
        held_elsewhere=True,
        published_at=clock.now(),
        calendar_uid=f"{new_id()}@ontmoet",
        created_at=clock.now(),
    )
    db.add(livestream)
    db.flush()
    announce(db, LivestreamEnded(livestream.id))
    return livestream


def mark_held(
    db: Session, actor: Actor, livestream: Livestream, title: str, starts_at: datetime, minutes: int
) -> Livestream:
    """One that was announced here and nobody started. Idempotent."""
    authorize(policy.may_direct, actor, livestream, membership_of(db, actor, livestream.circle_id))
    livestream = lock_livestream(db, livestream)
    if livestream.held_elsewhere:
        return livestream
    if livestream.state == "ended":
        raise Conflict("wrong_state")
    ends_at = _check_past(starts_at, minutes)
    values = {"starts_at": starts_at, "ends_at": ends_at, "went_live_at": starts_at, "ended_at": ends_at}
    if take_step(db, livestream, "hold", title=title, held_elsewhere=True, aftertalk=False, **values):
        announce(db, LivestreamEnded(livestream.id))
        announce(db, LivestreamStateChanged(livestream.id, livestream.version))
    return livestream


def _check_past(starts_at: datetime, minutes: int) -> datetime:
    """Its end. Raises Invalid while it may still go on, or when it was too long ago for coffees."""
    ends_at, now = starts_at + timedelta(minutes=minutes), clock.now()
    if ends_at > now:
        raise Invalid("not_over_yet", fields=[("day", "not_over_yet")])
    if starts_at < now - MAX_AGE_HELD:
        raise Invalid("held_too_long_ago", fields=[("day", "held_too_long_ago")])
    return ends_at
