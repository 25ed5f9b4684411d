"""Query on exchanged contact details: each sees what the other shares, once both share something."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.accounts.models import User
from events.coffees import rules
from events.coffees.models import Coffee, SharedDetails
from events.coffees.queries.coffees import others_of, taking_part
from events.core.auth.actor import Actor
from events.core.errors import NotFound


@dataclass(frozen=True)
class Shown:
    """Shared details by kind."""

    user: User
    details: dict[str, str]


@dataclass(frozen=True)
class Exchange:
    """`mine`: kinds the reader shares; `own`: their values; `shown`: details of others."""

    mine: list[str]
    own: dict[str, str]
    shown: list[Shown]


def exchange_of(db: Session, actor: Actor, coffee: Coffee) -> Exchange:
    """Details of others are visible only to a reader who shares something."""
    shared = _shared(db, coffee)
    mine = [kind for kind in rules.DETAILS if kind in shared.get(actor.id, [])]
    others = [seat.user for seat in others_of(coffee, actor.id)]
    own = next(seat.user for seat in coffee.seats if seat.user_id == actor.id)
    shown = [_shown(user, shared.get(user.id, [])) for user in others] if mine else []
    return Exchange(mine, _values(own), [one for one in shown if one.details])


def get_shown(db: Session, actor: Actor, coffee: Coffee, user_id: str) -> Shown:
    """NotFound unless exchanged."""
    for shown in exchange_of(db, actor, coffee).shown:
        if shown.user.id == user_id:
            return shown
    raise NotFound


def _shared(db: Session, coffee: Coffee) -> dict[str, list[str]]:
    if coffee.state not in rules.PAST_OR_AGREED:
        return {}
    query = select(SharedDetails).where(
        SharedDetails.coffee_id == coffee.id,
        SharedDetails.user_id.in_([seat.user_id for seat in taking_part(coffee)]),
    )
    return {row.user_id: row.kinds for row in db.scalars(query)}


def _values(user: User) -> dict[str, str]:
    return {"phone": user.phone, "email": user.email, "linkedin": user.linkedin}


def _shown(user: User, kinds: list[str]) -> Shown:
    return Shown(user, {kind: value for kind, value in _values(user).items() if value and kind in kinds})
