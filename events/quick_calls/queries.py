"""Queries on offers to talk now: one's own, and those of others who may be met."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from events.accounts.models import User
from events.accounts.queries.people import list_blocks
from events.circles.models import Circle, Membership
from events.coffees.models import Coffee
from events.coffees.queries.coffees import list_mutual_again_pairs
from events.core import clock
from events.quick_calls.models import QuickCallOffer
from events.quick_calls.rules import OFFER_LASTS, RETENTION
from events.rescue.rules import LOOKING_TIMEOUT, Waiting
from events.rounds.queries.met_pairs import met_pairs, window_start
from events.rounds.queries.preferences import list_excluded_pairs


class OfferStatus(StrEnum):
    IDLE = "idle"
    LOOKING = "looking"
    FOUND = "found"  # and the call has not ended
    NOBODY = "nobody"  # ended without a partner, less than OFFER_LASTS ago


@dataclass(frozen=True)
class OwnOffer:
    status: OfferStatus
    until: datetime | None = None
    coffee: Coffee | None = None


def own_offer(db: Session, circle_id: str, user_id: str) -> OwnOffer:
    offer = latest_offer(db, circle_id, user_id)
    if offer is None:
        return OwnOffer(OfferStatus.IDLE)
    now = clock.now()
    if offer.coffee_id is not None:
        coffee = db.get_one(Coffee, offer.coffee_id)
        over = coffee.ends_at <= now or coffee.state != "confirmed"
        return OwnOffer(OfferStatus.IDLE if over else OfferStatus.FOUND, coffee=coffee)
    if now < offer.until:
        return OwnOffer(OfferStatus.LOOKING, offer.until)
    ran_out = offer.until - offer.since >= OFFER_LASTS and now < offer.until + OFFER_LASTS
    return OwnOffer(OfferStatus.NOBODY if ran_out else OfferStatus.IDLE)


def latest_offer(db: Session, circle_id: str, user_id: str) -> QuickCallOffer | None:
    query = (
        select(QuickCallOffer)
        .where(QuickCallOffer.circle_id == circle_id, QuickCallOffer.user_id == user_id)
        .order_by(QuickCallOffer.since.desc(), QuickCallOffer.id.desc())
        .limit(1)
    )
    return db.scalar(query.execution_options(populate_existing=True))


def count_calls(db: Session, user_id: str) -> int:
    """Coffees of this person that came of an offer in the last day."""
    query = select(func.count(QuickCallOffer.id)).where(
        QuickCallOffer.user_id == user_id,
        QuickCallOffer.coffee_id.is_not(None),
        QuickCallOffer.since > clock.now() - RETENTION,
    )
    return db.scalar(query) or 0


def list_looking(db: Session, circle_id: str) -> list[tuple[QuickCallOffer, User]]:
    """Members of this circle whose open page asked in the last LOOKING_TIMEOUT."""
    now = clock.now()
    query = (
        select(QuickCallOffer, User)
        .join(User, User.id == QuickCallOffer.user_id)
        .join(
            Membership,
            (Membership.user_id == QuickCallOffer.user_id)
            & (Membership.circle_id == QuickCallOffer.circle_id),
        )
        .where(
            QuickCallOffer.circle_id == circle_id,
            QuickCallOffer.until > now,
            QuickCallOffer.looking_at > now - LOOKING_TIMEOUT,
            QuickCallOffer.coffee_id.is_(None),
        )
        .order_by(QuickCallOffer.since, QuickCallOffer.id)
        .execution_options(populate_existing=True)
    )
    return [(offer, user) for offer, user in db.execute(query)]


def list_barred(db: Session, circle_id: str, user_ids: list[str]) -> set[frozenset[str]]:
    """Pairs who never meet, or met within the circle's window and did not both say "again"."""
    since = window_start(db, circle_id, clock.now())
    met = met_pairs(db, circle_id, clock.now()) - list_mutual_again_pairs(db, circle_id, since)
    return list_blocks(db, user_ids) | list_excluded_pairs(db, user_ids) | met


def waiting_of(offer: QuickCallOffer, user: User, circle: Circle) -> Waiting:
    languages = frozenset(user.languages.split() or [circle.locale])
    return Waiting(user.id, user.company.strip(), languages, offer.since)
