"""The next coffee of the same people: the one there is, or the times at which there could be one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.accounts.queries import list_blocks
from events.availability.queries import list_free, list_free_times
from events.availability.rules import offer_times
from events.coffees import rules
from events.coffees.models import Coffee
from events.coffees.queries.finding import seat_of, taking_part
from events.core import clock
from events.core.access import Actor

MOST_NEXT = 3
LOOKED_AT = 12  # of the starts that rounds offer too
SOONEST, FURTHEST = timedelta(days=1), timedelta(days=14)


@dataclass(frozen=True)
class Following:
    """The next one as this reader finds it: a `coffee` that may wait for their yes, or `times` to propose."""

    coffee: Coffee | None
    waits: bool
    times: list[datetime]


def following_of(db: Session, actor: Actor, coffee: Coffee) -> Following:
    following = find_following(db, coffee)
    if following is None:
        return Following(None, False, list_next_times(db, coffee))
    answer = seat_of(following, actor.id).answer
    return Following(following, following.state == "proposed" and answer == "waiting", [])


def find_following(db: Session, coffee: Coffee) -> Coffee | None:
    """The coffee after this one; one that came to nothing leaves room for another."""
    query = select(Coffee).where(Coffee.follows_id == coffee.id, Coffee.state.not_in(rules.OFF))
    return db.scalar(query.order_by(Coffee.proposed_at.desc()).limit(1))


def list_next_times(db: Session, coffee: Coffee) -> list[datetime]:
    """Three times in the coming two weeks at which all of them are free.

    None for people of whom one blocked another: that reads like two full calendars.
    """
    people = [seat.user_id for seat in taking_part(coffee)]
    if list_blocks(db, people):
        return []
    now = clock.now()
    shared = list_free(
        db, people, rules.other_times(coffee.alternatives, coffee.starts_at, now), coffee.minutes
    )
    free = set.intersection(
        *(set(list_free_times(db, who, now + SOONEST, now + FURTHEST, coffee.minutes)) for who in people)
    )
    good = sorted({*shared, *free.intersection(offer_times(now, coffee.circle.zone, count=LOOKED_AT))})
    return rules.spread(good if len(good) >= MOST_NEXT else sorted({*good, *free}), MOST_NEXT)
