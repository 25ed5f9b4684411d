"""Action that proposes the next coffee of the same people, or accepts the one proposed."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from events.accounts.queries.people import list_blocks
from events.coffees import policy, rules
from events.coffees.actions.proposals import propose_coffee
from events.coffees.actions.responses import accept_coffee
from events.coffees.forms import Participant, Proposal
from events.coffees.models import Coffee, Seat
from events.coffees.queries.coffees import lock_coffee, seat_of, taking_part
from events.coffees.queries.deadlines import answer_deadline
from events.coffees.queries.next_coffee import find_following, is_next_time
from events.core import clock
from events.core.auth.actor import SYSTEM, Actor, authorize
from events.core.errors import Conflict


def propose_next_coffee(db: Session, actor: Actor, coffee: Coffee, starts_at: datetime) -> Coffee:
    """Propose the next time, or accept the one that another proposed.

    Locks the coffee before: of two concurrent proposals the second accepts the first if the time is the
    same, else Conflict("coffee_planned"). Access to the coffee before gives access to the one after.
    """
    authorize(policy.may_take_part, actor, coffee)
    coffee = lock_coffee(db, coffee)
    if coffee.state not in rules.PAST_OR_AGREED:
        raise Conflict("coffee_closed")
    if clock.now() < rules.call_window(coffee.starts_at, coffee.ends_at)[0]:
        raise Conflict("coffee_not_yet")
    following = find_following(db, coffee, actor.id)
    if following is not None:
        if following.starts_at != starts_at:
            raise Conflict("coffee_planned")
        return accept_coffee(db, _with_access(actor, following), following)
    if not is_next_time(db, coffee, starts_at):
        raise Conflict("time_taken")
    people = [seat.user_id for seat in taking_part(coffee)]
    kept_away = bool(list_blocks(db, people))
    return propose_coffee(db, SYSTEM, _proposal(db, actor, coffee, starts_at, kept_away=kept_away))


def _proposal(db: Session, actor: Actor, coffee: Coffee, starts_at: datetime, *, kept_away: bool) -> Proposal:
    """After a block it is delivered to no one else, and stays unanswered."""
    people = taking_part(coffee)
    met = any(seat.took_place for seat in people)
    return Proposal(
        circle_id=coffee.circle_id,
        starts_at=starts_at,
        answer_by=answer_deadline(db, coffee.circle, starts_at),
        people=[
            Participant(
                seat.user_id,
                _reasons(seat, met=met),
                proposes=seat.user_id == actor.person_id,
                delivered=seat.user_id == actor.person_id or not kept_away,
            )
            for seat in people
        ],
        minutes=coffee.minutes,
        form=coffee.form,
        place=coffee.place,
        follows_id=coffee.id,
    )


def _reasons(seat: Seat, *, met: bool) -> list[dict[str, object]]:
    """Earlier reasons stay; those about a first meeting are replaced by `followed`."""
    kept = [reason for reason in seat.reasons if reason.get("code") not in rules.FIRST_MEETING_CODES]
    return [*kept, {"code": "followed"}] if met else kept


def _with_access(actor: Actor, coffee: Coffee) -> Actor:
    """The same person with access to the next coffee: a key is bound to one coffee."""
    seat_of(coffee, actor.id)
    return replace(actor, keys=actor.keys | {("coffee", coffee.id)})
