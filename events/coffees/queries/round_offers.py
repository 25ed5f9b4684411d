"""Offer of another coffee of the same round, on the page of one that isn't happening; rounds provide it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from events.coffees.models import Coffee
from events.core.auth.actor import Actor


@dataclass(frozen=True)
class RoundOffer:
    """`times`: starts that are still free; `chosen`: those chosen before. `accepted`: it was accepted, and
    news comes by `notify_by`.
    """

    notify_by: datetime
    times: list[datetime]
    chosen: frozenset[datetime] = frozenset()
    accepted: bool = False


Finder = Callable[[Session, Actor, Coffee], RoundOffer | None]
_finders: list[Finder] = []


def register_round_offers(finder: Finder) -> None:
    """Register finder(db, actor, coffee); a repeated registration has no effect."""
    if finder not in _finders:
        _finders.append(finder)


def find_round_offer(db: Session, actor: Actor, coffee: Coffee) -> RoundOffer | None:
    """None for a coffee without a round, and when the reader has nothing to come back to."""
    if coffee.round_id is None:
        return None
    return next((offer for find in _finders if (offer := find(db, actor, coffee)) is not None), None)
