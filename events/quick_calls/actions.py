"""Actions on offers to talk now: look for a partner, and stop."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from events.availability.queries.claims import overlaps
from events.circles.models import Circle
from events.circles.queries.circles import lock_circle, membership_of
from events.coffees.models import Coffee
from events.core import clock
from events.core.auth.actor import SYSTEM, Actor, authorize
from events.core.bus import announce
from events.core.errors import Conflict
from events.quick_calls import policy, queries, rules
from events.quick_calls.models import QuickCallOffer
from events.quick_calls.queries import OfferStatus
from events.quick_calls.signals import QuickCallFound
from events.rescue.actions import begin_now
from events.rescue.rules import fitting


def look_for_call(db: Session, actor: Actor, circle: Circle) -> Coffee | None:
    """Offer a quarter of an hour, or go on offering it; None while nobody fits who has one too.

    The open page repeats this; LOOKING_TIMEOUT after its last request nobody is paired with it any more.
    The lock on the circle serializes people who look at once, so that each is paired once and of two who
    come together the second finds the first. Conflict("quick_call_busy", "quick_calls_enough") says
    nothing of others.
    """
    authorize(policy.may_offer, actor, membership_of(db, actor, circle.id))
    lock_circle(db, circle)
    own = queries.own_offer(db, circle.id, actor.id)
    if own.status is OfferStatus.FOUND:
        return own.coffee
    offer = queries.latest_offer(db, circle.id, actor.id)
    if offer is None or own.status is not OfferStatus.LOOKING:
        offer = _open_offer(db, actor, circle)
    offer.looking_at = clock.now()
    db.flush()
    return _find_partner(db, circle, offer)


def stop_looking(db: Session, actor: Actor, circle: Circle) -> None:
    authorize(policy.may_offer, actor, membership_of(db, actor, circle.id))
    lock_circle(db, circle)
    if queries.own_offer(db, circle.id, actor.id).status is not OfferStatus.LOOKING:
        return
    offer = queries.latest_offer(db, circle.id, actor.id)
    assert offer is not None  # noqa: S101 - it is LOOKING
    offer.until = clock.now()
    db.flush()


def _open_offer(db: Session, actor: Actor, circle: Circle) -> QuickCallOffer:
    now = clock.now()
    if queries.count_calls(db, actor.id) >= rules.MAX_CALLS_PER_DAY:
        raise Conflict("quick_calls_enough", num=rules.MAX_CALLS_PER_DAY)
    if overlaps(db, [actor.id], now, rules.CALL_MINUTES):
        raise Conflict("quick_call_busy")
    db.execute(delete(QuickCallOffer).where(QuickCallOffer.since < now - rules.RETENTION))
    offer = QuickCallOffer(
        circle_id=circle.id, user_id=actor.id, since=now, until=now + rules.OFFER_LASTS, looking_at=now
    )
    db.add(offer)
    db.flush()
    return offer


def _find_partner(db: Session, circle: Circle, own: QuickCallOffer) -> Coffee | None:
    """The one who waits longest of those who fit and are free."""
    looking = queries.list_looking(db, circle.id)
    if len(looking) < 2:
        return None
    offers = {offer.user_id: offer for offer, _user in looking}
    waiting = {user.id: queries.waiting_of(offer, user, circle) for offer, user in looking}
    barred = queries.list_barred(db, circle.id, list(offers))
    mine = waiting.pop(own.user_id)
    for other in fitting(mine, list(waiting.values()), barred):
        people = [other.user_id, own.user_id]
        coffee = begin_now(db, SYSTEM, circle.id, people, why="free_now", minutes=rules.CALL_MINUTES)
        if coffee is not None:
            own.coffee_id = offers[other.user_id].coffee_id = coffee.id
            db.flush()
            announce(db, QuickCallFound(circle.id, coffee.id, tuple(people)))
            return coffee
    return None
