"""Times offered to a person who wants to meet others, from a small set that their questions cannot widen.

The set is drawn from the others' free times first: at most a few, the same for everybody who asks, all week
long, under a key of the installation. Only then the asker's own times are looked at. So whoever changes
their own hours again and again sees parts of one set, and never the week of somebody else.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from events.availability.queries.claims import list_free
from events.availability.queries.hours import free_times_of, list_shared_times
from events.coffees import rules
from events.coffees.models import LENGTHS, Coffee
from events.coffees.queries.coffees import taking_part
from events.core import clock
from events.core.auth.crypto import derive

MAX_OFFERED = 12
MAX_OFFERED_PER_DAY = 2


def participant_ids(coffee: Coffee) -> list[str]:
    return [seat.user_id for seat in taking_part(coffee)]


def list_offered_times(
    db: Session,
    asker_id: str,
    other_ids: Sequence[str],
    minutes: int,
    *,
    notice: timedelta = rules.MIN_NOTICE,
    ahead: timedelta = rules.OFFERED_AHEAD,
    longest: int = max(LENGTHS),
    count: int = MAX_OFFERED,
    a_day: int = MAX_OFFERED_PER_DAY,
    by_hours: bool = True,
) -> list[datetime]:
    """The starts that are offered to the asker, in order. `longest` keeps the set the same for each length.

    Without `by_hours` the asker's usual hours play no part, only what keeps them busy.
    """
    now = clock.now()
    first, last = now + notice, now + ahead
    others = [one for one in other_ids if one != asker_id]
    lengths = dict.fromkeys(others, max(minutes, longest)) | {asker_id: minutes}
    free = free_times_of(db, lengths, first, last)
    theirs = set.intersection(*(free[one] for one in others)) if others else set()
    drawn = _draw(theirs, _seed(others, now), count, a_day)
    if not by_hours:
        return list_free(db, [asker_id], sorted(drawn), minutes)
    return sorted(drawn & free[asker_id])


def list_jointly_offered_times(
    db: Session, user_ids: Sequence[str], minutes: int, *, notice: timedelta, ahead: timedelta
) -> list[datetime]:
    """Times for people who choose together, so that all see the same: what is drawn for every one of them."""
    now = clock.now()
    seed = _seed(user_ids, now)
    free = free_times_of(db, dict.fromkeys(user_ids, minutes), now + notice, now + ahead)
    drawn = [_draw(times, seed, MAX_OFFERED, MAX_OFFERED_PER_DAY) for times in free.values()]
    return sorted(set.intersection(*drawn)) if drawn else []


def list_common_times(
    db: Session, user_ids: Sequence[str], minutes: int, zone: str, *, count: int
) -> list[datetime]:
    """A few times that suit all, spread over the days; for us alone, once, where nobody asks for them."""
    now = clock.now()
    free = list_shared_times(db, user_ids, now + rules.MIN_NOTICE, now + rules.OFFERED_AHEAD, minutes)
    return rules.spread_over_days(free, zone, count)


def _draw(free: Iterable[datetime], seed: str, count: int, a_day: int) -> set[datetime]:
    """The first ones in an order that nobody can compute, so that a gap does not tell what is busy."""
    drawn: set[datetime] = set()
    days: Counter[object] = Counter()
    for start in sorted(free, key=lambda start: _rank(seed, start)):
        if len(drawn) == count:
            break
        if days[start.date()] < a_day:
            days[start.date()] += 1
            drawn.add(start)
    return drawn


def _seed(user_ids: Sequence[str], now: datetime) -> str:
    year, week, _day = now.isocalendar()
    return derive("offered times", ",".join(sorted(user_ids)), f"{year}-{week}")


def _rank(seed: str, start: datetime) -> bytes:
    return hashlib.sha256(f"{seed} {start.isoformat()}".encode()).digest()
