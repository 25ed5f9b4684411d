"""Times offered to a person who wants to meet others, from a small set that cannot be widened by asking.

The set is drawn from the others' free times first: few, the same for everyone who asks, all week, keyed
by a secret of the installation. The asker's own times are applied after that. Changing one's own hours
again and again reveals parts of one set, never the other person's week.
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
    """Offered starts, sorted. `longest` (minutes) keeps the set the same for each length.

    Without `by_hours` the asker's usual hours are ignored, but not their claims.
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
    """Times for people who choose together: the intersection of what is drawn for each."""
    now = clock.now()
    seed = _seed(user_ids, now)
    free = free_times_of(db, dict.fromkeys(user_ids, minutes), now + notice, now + ahead)
    drawn = [_draw(times, seed, MAX_OFFERED, MAX_OFFERED_PER_DAY) for times in free.values()]
    return sorted(set.intersection(*drawn)) if drawn else []


def list_common_times(
    db: Session, user_ids: Sequence[str], minutes: int, zone: str, *, count: int
) -> list[datetime]:
    """Common times spread over days; for SYSTEM, since it reveals free times."""
    now = clock.now()
    free = list_shared_times(db, user_ids, now + rules.MIN_NOTICE, now + rules.OFFERED_AHEAD, minutes)
    return rules.spread_over_days(free, zone, count)


def _draw(free: Iterable[datetime], seed: str, count: int, a_day: int) -> set[datetime]:
    """First starts in a keyed pseudo-random order, so that a gap does not reveal a busy time."""
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
