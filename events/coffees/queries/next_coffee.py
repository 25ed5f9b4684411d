"""The next coffee of the same people: the one there is, or the times at which there could be one."""

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
DAYS_CONSIDERED = 9  # days, of which the first, the middle and the last are shown
MIN_AHEAD, MAX_AHEAD = timedelta(days=1), timedelta(days=14)


@dataclass(frozen=True)
class Following:
    """The next one as this reader finds it: a `coffee` that may wait for their yes, or `times` to propose.

    Whoever said that once is fine is not asked about times (`wanted`), and may still look for them.
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
    """The coffee after this one as this person knows it; one that came to nothing leaves room for another."""
    query = (
        select(Coffee)
        .join(Seat)
        .where(Coffee.follows_id == coffee.id, Coffee.state.not_in(rules.CLOSED_STATES))
        .where(Seat.user_id == user_id, Seat.delivered, Seat.answer != "no")
    )
    return db.scalar(query.order_by(Coffee.proposed_at.desc()).limit(1))


def list_next_times(db: Session, coffee: Coffee) -> list[datetime]:
    """Three of the times of the coming two weeks that are offered to them, spread over the days."""
    days = rules.spread_over_days(_offered(db, coffee), coffee.circle.zone, DAYS_CONSIDERED)
    return rules.spread(days, MAX_SHOWN)


def is_next_time(db: Session, coffee: Coffee, starts_at: datetime) -> bool:
    """Whether it is offered: which three times are shown may change while somebody reads."""
    return starts_at in _offered(db, coffee)


def _offered(db: Session, coffee: Coffee) -> list[datetime]:
    """A block plays no part in them: whoever was blocked finds the times that everybody finds."""
    people = [seat.user_id for seat in taking_part(coffee)]
    return list_jointly_offered_times(db, people, coffee.minutes, notice=MIN_AHEAD, ahead=MAX_AHEAD)
