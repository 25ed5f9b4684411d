"""The next coffee of the same people: one proposes a time, and the others need one tap."""

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
from events.coffees.queries.next_coffee import find_following, is_next_time
from events.core import clock
from events.core.auth.actor import SYSTEM, Actor, authorize
from events.core.errors import Conflict


def propose_next_coffee(db: Session, actor: Actor, coffee: Coffee, starts_at: datetime) -> Coffee:
    """Propose the next time, or accept the one that another proposed.

    The coffee before is held: of two who propose at once the second finds the first one's time, and
    agrees to it when it is the same. Who may take part in the one before may answer the one after.
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
    return propose_coffee(db, SYSTEM, _proposal(actor, coffee, starts_at, kept_away=kept_away))


def _proposal(actor: Actor, coffee: Coffee, starts_at: datetime, *, kept_away: bool) -> Proposal:
    """Where one blocked another it is delivered to nobody, and reads like one that is not answered."""
    people = taking_part(coffee)
    met = any(seat.took_place for seat in people)
    return Proposal(
        circle_id=coffee.circle_id,
        starts_at=starts_at,
        answer_by=rules.answer_until(clock.now(), starts_at, coffee.circle.zone),
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
    """Why they were to meet is why they meet; that they have met is said beside it."""
    kept = [reason for reason in seat.reasons if reason.get("code") not in rules.FIRST_MEETING_CODES]
    return [*kept, {"code": "followed"}] if met else kept


def _with_access(actor: Actor, coffee: Coffee) -> Actor:
    """The same person, let in by the coffee before: a key of that one says nothing about this one."""
    seat_of(coffee, actor.id)
    return replace(actor, keys=actor.keys | {("coffee", coffee.id)})
