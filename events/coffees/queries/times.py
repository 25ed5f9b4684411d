"""Times that suit all: only ever the common ones, so that nobody's own week shows through."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from events.availability.queries import habits_of, list_shared_times, overlaps
from events.availability.rules import is_usual
from events.coffees import rules
from events.coffees.models import Coffee, Seat
from events.coffees.queries.finding import taking_part
from events.core import clock


def people_of(coffee: Coffee) -> list[str]:
    return [seat.user_id for seat in taking_part(coffee)]


def suits_all(db: Session, coffee: Coffee, asking: Seat, starts_at: datetime) -> bool:
    """Whether nobody is busy then, and it falls in the usual hours of all but the one who asks for it."""
    people = people_of(coffee)
    if overlaps(db, people, starts_at, coffee.minutes, besides=coffee.id):
        return False
    habits = habits_of(db, [one for one in people if one != asking.user_id])
    return all(is_usual(one, starts_at, coffee.minutes) for one in habits.values())


def all_common_times(
    db: Session, user_ids: Sequence[str], minutes: int, *, notice: timedelta = rules.NOTICE
) -> set[datetime]:
    """Every start in the coming weeks at which all of these people are free, by what each of them told."""
    now = clock.now()
    first, last = now + notice, now + rules.OFFERED_AHEAD
    return set(list_shared_times(db, user_ids, first, last, minutes))


def common_times(
    db: Session,
    user_ids: Sequence[str],
    minutes: int,
    zone: str,
    *,
    count: int,
    notice: timedelta = rules.NOTICE,
) -> list[datetime]:
    """A few of them, spread over the days of the reader."""
    return rules.a_few(all_common_times(db, user_ids, minutes, notice=notice), zone, count)
