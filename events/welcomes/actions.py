"""Actions on welcome coffees: agree to welcome newcomers, and say yes to being welcomed."""

from sqlalchemy.orm import Session

from events.availability.queries.hours import list_shared_times
from events.circles.models import Circle
from events.circles.queries.circles import lock_circle, membership_of
from events.coffees.actions.proposals import propose_coffee
from events.coffees.forms import Participant, Proposal
from events.coffees.models import Coffee
from events.coffees.queries.deadlines import answer_deadline
from events.coffees.queries.shared_topics import reasons_between
from events.coffees.rules import INVITATION_DAYS, spread_over_days
from events.core import clock
from events.core.auth.actor import SYSTEM, Actor, authorize
from events.core.errors import Conflict
from events.welcomes import policy, queries, rules
from events.welcomes.forms import WelcomeNewcomers
from events.welcomes.models import Welcome, Welcomer


def choose_to_welcome(db: Session, actor: Actor, circle: Circle, data: WelcomeNewcomers) -> bool:
    """Idempotent. Coffees that were proposed already go on."""
    authorize(policy.may_choose_to_welcome, actor, membership_of(db, actor, circle.id))
    lock_circle(db, circle)
    known = queries.find_welcomer(db, circle.id, actor.id)
    if data.welcomes and known is None:
        db.add(Welcomer(circle_id=circle.id, user_id=actor.id, since=clock.now()))
    elif not data.welcomes and known is not None:
        db.delete(known)
    db.flush()
    return data.welcomes


def accept_welcome(db: Session, actor: Actor, circle: Circle) -> Coffee:
    """Propose a coffee of this newcomer with a welcomer, who is asked to answer; the same one when repeated.

    The lock on the circle keeps a welcomer from being asked more often than MAX_PER_MONTH.
    Conflict("welcome_over") after NEWCOMER_FOR; Conflict("no_welcome_now") for whatever reason nobody fits.
    """
    own = membership_of(db, actor, circle.id)
    authorize(policy.may_be_welcomed, actor, circle.id, own)
    assert own is not None  # noqa: S101 - may_be_welcomed asks for one
    lock_circle(db, circle)
    known = queries.find_welcome(db, circle.id, own.user_id)
    if known is not None:
        return known
    now = clock.now()
    if not rules.is_newcomer(own.created_at, now):
        raise Conflict("welcome_over")
    for welcomer_id in queries.list_candidates(db, circle, own):
        people = [own.user_id, welcomer_id]
        free = list_shared_times(db, people, now + rules.NOTICE, now + rules.AHEAD, rules.MINUTES)
        times = spread_over_days(free, circle.zone, rules.TIMES)
        if not times:
            continue
        mine, theirs = reasons_between(db, circle, *people)
        coffee = propose_coffee(
            db,
            SYSTEM,
            Proposal(
                circle_id=circle.id,
                starts_at=times[0],
                alternatives=times[1:],
                answer_by=answer_deadline(db, circle, times[0], days=INVITATION_DAYS),
                minutes=rules.MINUTES,
                invited_by_id=own.user_id,
                asked="invited",
                people=[
                    Participant(own.user_id, [*mine, {"code": "welcomed"}], proposes=True),
                    Participant(welcomer_id, [*theirs, {"code": "welcomes"}]),
                ],
            ),
        )
        db.add(
            Welcome(
                coffee_id=coffee.id,
                circle_id=circle.id,
                newcomer_id=own.user_id,
                welcomer_id=welcomer_id,
                created_at=now,
            )
        )
        db.flush()
        return coffee
    raise Conflict("no_welcome_now")
