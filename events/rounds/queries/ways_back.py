"""Ways back into a round for people whose coffee is off: declined, unanswered, left or cancelled by them."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.availability.queries.claims import list_free
from events.circles.queries.circles import membership_of
from events.coffees.models import Coffee, Seat
from events.coffees.queries.coffees import seat_of
from events.coffees.queries.round_offers import RoundOffer
from events.core import clock
from events.core.auth.actor import Actor
from events.rounds import policy
from events.rounds.models import OptIn, Round
from events.rounds.queries.rounds import coffee_in, find_round, opt_in_of, was_present
from events.rounds.rules.timeline import is_open_late, late_news_by, parse_time, times_left


def find_offer(db: Session, actor: Actor, coffee: Coffee) -> RoundOffer | None:
    """Once for each coffee: on the person's latest one of the round, while late opt-ins are accepted."""
    round_ = find_round(db, coffee.round_id) if coffee.round_id is not None else None
    opt_in = opt_in_of(db, round_.id, actor.id) if round_ is not None else None
    if round_ is None or opt_in is None or not is_latest(db, coffee, actor.id):
        return None
    came_back = opt_in.state == "waiting" and opt_in.opted_in_at >= coffee.proposed_at
    if came_back and opt_in.notify_by is not None:
        return RoundOffer(opt_in.notify_by, [], accepted=True)
    now = clock.now()
    offered = is_open_late(round_, now) and is_free(db, round_, opt_in, coffee)
    if not offered or not policy.may_rejoin(actor, coffee, belongs_there(db, actor, coffee)):
        return None
    times = list_free_times(db, round_, opt_in, now)
    chosen = frozenset(map(parse_time, opt_in.times)) & frozenset(times)
    return RoundOffer(late_news_by(now, round_.circle.zone), times, chosen) if times else None


def belongs_there(db: Session, actor: Actor, coffee: Coffee) -> bool:
    """Members of the circle, and guests of the livestream."""
    if membership_of(db, actor, coffee.circle_id) is not None:
        return True
    return coffee.occasion_id is not None and was_present(db, actor.id, coffee.occasion_id)


def is_latest(db: Session, coffee: Coffee, user_id: str) -> bool:
    query = select(Coffee.id).join(Seat).where(Coffee.round_id == coffee.round_id, Seat.user_id == user_id)
    return db.scalar(query.order_by(Coffee.proposed_at.desc(), Coffee.id.desc()).limit(1)) == coffee.id


def is_free(db: Session, round_: Round, opt_in: OptIn, coffee: Coffee) -> bool:
    """Whether this person has no coffee in the round any more; a delayed decline counts at once."""
    if opt_in.state != "matched":
        return False
    if seat_of(coffee, opt_in.user_id).leaves_at is not None and coffee.state == "proposed":
        return True
    return coffee_in(db, round_.id, opt_in.user_id) is None


def list_free_times(db: Session, round_: Round, opt_in: OptIn, now: datetime) -> list[datetime]:
    minutes = max([*opt_in.lengths, round_.minutes])
    return list_free(db, [opt_in.user_id], times_left(round_, now), minutes)
