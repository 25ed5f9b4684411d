"""Actions on stranded people: record one, and bring two of them together."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from sqlalchemy.orm import Session

from events.accounts.queries.people import list_blocks, list_users
from events.availability.actions.claims import release_claims
from events.coffees.actions.proposals import propose_coffee
from events.coffees.actions.responses import confirm_agreed
from events.coffees.forms import Participant, Proposal
from events.coffees.models import Coffee
from events.core import clock
from events.core.auth.actor import SYSTEM, Actor, authorize
from events.core.bus import announce, savepoint
from events.core.errors import Conflict
from events.rescue import policy, queries, rules
from events.rescue.models import Stranded
from events.rescue.signals import OtherFound
from events.rounds.actions.fairness import add_priority, remove_priority


def record_stranded(db: Session, actor: Actor, coffee: Coffee, user_id: str) -> Stranded:
    """Record a person who waits in vain; they get priority in the next round. Idempotent."""
    authorize(policy.may_note, actor)
    known = queries.find_stranded(db, coffee.id, user_id)
    if known is not None:
        return known
    stranded = Stranded(coffee_id=coffee.id, user_id=user_id, circle_id=coffee.circle_id, since=clock.now())
    db.add(stranded)
    db.flush()
    add_priority(db, SYSTEM, coffee.circle_id, user_id)
    return stranded


def request_replacement(db: Session, actor: Actor, coffee: Coffee) -> Coffee | None:
    """Find another stranded person; None while there is none, and then others find this person.

    The page repeats this while it is open; LOOKING_TIMEOUT after the last request it is not found any
    more. Conflict("rescue_over") after MAX_WAIT. Rows are locked in id order, so two concurrent requests
    find each other once.
    """
    own = queries.get_stranded(db, actor, coffee)
    authorize(policy.may_request_replacement, actor, coffee, own)
    if own.found_id is not None:
        return db.get_one(Coffee, own.found_id)
    if not own.since > clock.now() - rules.MAX_WAIT:
        raise Conflict("rescue_over")
    own.looking_at = clock.now()
    db.flush()
    looking = [one for one in queries.lock_looking(db, own) if one.user_id != own.user_id]
    users = list_users(db, [own.user_id, *(one.user_id for one in looking)])
    waiting = {one.user_id: queries.waiting_of(users[one.user_id], one) for one in looking}
    blocked = list_blocks(db, list(users))
    found = rules.longest_waiting_for(
        queries.waiting_of(users[own.user_id], own), list(waiting.values()), blocked
    )
    if found is None:
        return None
    return _introduce(db, own, next(one for one in looking if one.user_id == found.user_id))


def begin_now(
    db: Session,
    actor: Actor,
    circle_id: str,
    user_ids: Sequence[str],
    *,
    why: str,
    minutes: int,
    replaces: Mapping[str, str] = MappingProxyType({}),
) -> Coffee | None:
    """Confirm a coffee of these two that begins now; None when one of them has another claim.

    `replaces`: the coffee of each person that did not begin, whose claim is released.
    """
    authorize(policy.may_note, actor)
    now = clock.now()
    try:
        with savepoint(db):
            for user_id, coffee_id in replaces.items():
                release_claims(db, SYSTEM, coffee_id, user_id=user_id)
            people = [Participant(user_id, [{"code": why}], proposes=True) for user_id in user_ids]
            proposal = Proposal(
                circle_id=circle_id, starts_at=now, answer_by=now, people=people, minutes=minutes
            )
            found = propose_coffee(db, SYSTEM, proposal)
            confirm_agreed(db, SYSTEM, found)
    except Conflict:
        return None
    return found


def _introduce(db: Session, own: Stranded, other: Stranded) -> Coffee | None:
    both = (own, other)
    found = begin_now(
        db,
        SYSTEM,
        own.circle_id,
        [one.user_id for one in both],
        why="waited",
        minutes=rules.TALK_MINUTES,
        replaces={one.user_id: one.coffee_id for one in both},
    )
    if found is None:
        return None
    for one in both:
        one.found_id = found.id
        remove_priority(db, SYSTEM, one.circle_id, one.user_id)
    db.flush()
    for one in both:
        announce(db, OtherFound(one.coffee_id, one.user_id, found.id))
    return found
