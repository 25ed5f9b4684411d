"""Queries on coffees that are handed on, each limited to what its reader may know."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from events.accounts.models import User
from events.accounts.queries.people import list_blocks
from events.availability.queries.claims import busy_quarters, list_free
from events.availability.rules.slots import quarters
from events.circles.models import Membership
from events.circles.queries.companies import colleagues_of
from events.coffees.models import Coffee
from events.coffees.queries.common_times import list_offered_times
from events.coffees.rules import INVITATION_NOTICE, MIN_NOTICE, other_times, spread_over_days
from events.companies import policy
from events.companies.models import Handover
from events.companies.rules import MAX_WAITING, TIMES, may_still_hand_on
from events.core import clock
from events.core.auth.actor import Actor
from events.core.db.paging import Page, matches, window
from events.core.errors import NotFound
from events.core.ids import ID_LENGTH
from events.rounds.queries.preferences import current_preference, list_excluded_pairs


def get_handover(db: Session, actor: Actor, handover_id: str) -> Handover:
    """NotFound unless the actor is the colleague who is asked."""
    known = len(handover_id) == ID_LENGTH and handover_id.isalnum()
    found = db.get(Handover, handover_id) if known else None
    if found is None or not policy.may_answer(actor, found):
        raise NotFound
    return found


def list_own(db: Session, user_id: str, coffee_id: str) -> list[Handover]:
    """Whom this person asked about a coffee, the latest last."""
    query = select(Handover).where(Handover.coffee_id == coffee_id, Handover.from_id == user_id)
    return list(db.scalars(query.order_by(Handover.created_at, Handover.id)))


def list_colleagues(db: Session, own: Membership, besides: Collection[str], search: str = "") -> Page[User]:
    """Listed members of one's own company, without those at the coffee or asked before."""
    query = select(User).join(Membership, Membership.user_id == User.id).where(*colleagues_of(own))
    query = query.where(User.id.not_in(besides), *matches(search, User.name))
    return Page.of(db.scalars(window(query.order_by(func.lower(User.name), User.id), 1)), 1)


def is_over(handover: Handover, coffee: Coffee) -> bool:
    """Whether it can no longer be answered: too late, or the coffee ended without it."""
    here = any(seat.user_id == handover.from_id and seat.answer != "no" for seat in coffee.seats)
    return not here or handover.answer_by <= clock.now() or not may_still_hand_on(coffee, clock.now())


def handovers_to_answer(user_id: str) -> Select[str]:
    """Ids of those that this person is asked about and that are not too late."""
    mine = Handover.to_id == user_id, Handover.answer == "waiting", ~Handover.held
    return select(Handover.id).where(*mine, Handover.answer_by > clock.now())


def list_asked(db: Session, user_id: str, ids: Collection[str]) -> list[tuple[Handover, Coffee]]:
    """Of these the ones that this person can still answer, each with its coffee."""
    if not ids:
        return []
    query = select(Handover, Coffee).join(Coffee, Coffee.id == Handover.coffee_id).where(Handover.id.in_(ids))
    rows = db.execute(query.where(Handover.to_id == user_id).order_by(Handover.answer_by)).all()
    return [(handover, coffee) for handover, coffee in rows if not is_over(handover, coffee)]


def list_times(db: Session, handover: Handover, coffee: Coffee) -> list[datetime]:
    """Times at which both are really free: those of the coffee, else a few others."""
    now = clock.now()
    wanted = sorted({coffee.starts_at, *other_times(coffee.alternatives, coffee.starts_at, now)})
    wanted = [time for time in wanted if time >= now + MIN_NOTICE]
    people = [handover.to_id, handover.for_id]
    free = list_free(db, people, wanted, coffee.minutes, besides=coffee.id)
    if free:
        last = free[-1] + timedelta(minutes=coffee.minutes)
        busy = busy_quarters(db, [handover.to_id], free[0], last)[handover.to_id]
        free = [time for time in free if busy.isdisjoint(quarters(time, coffee.minutes))]
    if free:
        return free
    offered = list_offered_times(
        db, handover.to_id, [handover.for_id], coffee.minutes, notice=INVITATION_NOTICE
    )
    return spread_over_days(offered, handover.circle.zone, TIMES)


def is_withheld(db: Session, coffee: Coffee, from_id: str, colleague: User, for_id: str) -> bool:
    """Whether the colleague must not be asked: a block or exclusion, a pause, or enough questions already."""
    barred = list_blocks(db, [from_id, colleague.id, for_id]) - {frozenset((from_id, for_id))}
    waiting = select(func.count(Handover.id)).where(
        Handover.to_id == colleague.id, Handover.answer == "waiting", Handover.answer_by > clock.now()
    )
    return bool(
        barred
        or colleague.welcomes == "nobody"
        or list_excluded_pairs(db, [colleague.id, for_id])
        or current_preference(db, coffee.circle_id, colleague.id).paused
        or (db.scalar(waiting) or 0) >= MAX_WAITING
    )


def is_kept_apart(db: Session, one_id: str, other_id: str) -> bool:
    return bool(list_blocks(db, [one_id, other_id]) or list_excluded_pairs(db, [one_id, other_id]))


def handover_path(db: Session, handover_id: str) -> str | None:
    """Target of the key in its mail."""
    return f"/handed-on/{handover_id}" if db.get(Handover, handover_id) is not None else None
