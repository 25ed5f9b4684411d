"""Queries on the next coffee of the same people: the planned one, or times to propose."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.coffees import rules
from events.coffees.models import Coffee, Seat
from events.coffees.queries.coffees import seat_of, taking_part
from events.coffees.queries.common_times import list_jointly_offered_times
from events.core.auth.actor import Actor

MAX_SHOWN = 3
DAYS_CONSIDERED = 9  # candidates of which MAX_SHOWN are shown
MIN_AHEAD, MAX_AHEAD = timedelta(days=1), timedelta(days=14)


@dataclass(frozen=True)
class Following:
    """Next coffee of the same people, or `times` to propose one.

    `wanted` is False for readers who do not want to meet again; they may still look for times.
    """

    coffee: Coffee | None
    waits: bool
    times: list[datetime]
    wanted: bool


def following_of(db: Session, actor: Actor, coffee: Coffee) -> Following:
    following = find_following(db, coffee, actor.id)
    if following is None:
        wanted = seat_of(coffee, actor.id).again is not False
        return Following(None, False, list_next_times(db, coffee), wanted)
    answer = seat_of(following, actor.id).answer
    return Following(following, following.state == "proposed" and answer == "waiting", [], True)


def find_following(db: Session, coffee: Coffee, user_id: str) -> Coffee | None:
    """Next coffee as this person knows it; closed ones do not count."""
    query = (
        select(Coffee)
        .join(Seat)
        .where(Coffee.follows_id == coffee.id, Coffee.state.not_in(rules.CLOSED_STATES))
        .where(Seat.user_id == user_id, Seat.delivered, Seat.answer != "no")
    )
    return db.scalar(query.order_by(Coffee.proposed_at.desc()).limit(1))


def list_next_times(db: Session, coffee: Coffee) -> list[datetime]:
    """MAX_SHOWN offered times, spread over the coming two weeks."""
    days = rules.spread_over_days(_offered(db, coffee), coffee.circle.zone, DAYS_CONSIDERED)
    return rules.spread(days, MAX_SHOWN)


def is_next_time(db: Session, coffee: Coffee, starts_at: datetime) -> bool:
    """Any offered time, also one that is not among those shown: the selection may change."""
    return starts_at in _offered(db, coffee)


def _offered(db: Session, coffee: Coffee) -> list[datetime]:
    """Blocks play no part, so that they cannot be noticed."""
    people = [seat.user_id for seat in taking_part(coffee)]
    return list_jointly_offered_times(db, people, coffee.minutes, notice=MIN_AHEAD, ahead=MAX_AHEAD)
