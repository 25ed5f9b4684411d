"""A coffee begins: two or three people, a time and a form all of them chose, and reasons for each."""

from datetime import datetime

from sqlalchemy.orm import Session

from events.coffees import policy
from events.coffees.forms import Place, Proposal
from events.coffees.models import FORMS, Coffee, Seat
from events.coffees.signals import CoffeeProposed
from events.core import clock
from events.core.access import Actor, authorize
from events.core.bus import announce
from events.core.errors import Invalid
from events.core.ids import new_id


def propose_coffee(db: Session, actor: Actor, proposal: Proposal) -> Coffee:
    """Put one coffee before its people."""
    authorize(policy.may_propose, actor, proposal.circle_id)
    different = {place.user_id for place in proposal.people}
    if len(different) != len(proposal.people) or len(different) not in {2, 3}:
        raise Invalid("not_two_or_three")
    if proposal.form not in FORMS:
        raise Invalid("bad_choice")
    moment = clock.now()
    coffee = Coffee(
        circle_id=proposal.circle_id,
        round_id=proposal.round_id,
        occasion_id=proposal.occasion_id,
        state="proposed",
        starts_at=proposal.starts_at,
        minutes=proposal.minutes,
        form=proposal.form,
        place=proposal.place,
        alternatives=[time.isoformat() for time in sorted(proposal.alternatives)],
        widened=list(proposal.widened),
        version=1,
        answer_by=proposal.answer_by,
        proposed_at=moment,
        follows_id=proposal.follows_id,
        seats=[_seat(position, place, moment) for position, place in enumerate(proposal.people)],
    )
    db.add(coffee)
    db.flush()
    announce(db, CoffeeProposed(coffee.id))
    return coffee


def _seat(position: int, place: Place, moment: datetime) -> Seat:
    return Seat(
        user_id=place.user_id,
        position=position,
        answer="yes" if place.proposes else "waiting",
        answered_at=moment if place.proposes else None,
        reasons=[dict(reason) for reason in place.reasons],
        occupies=place.occupies,
        # Its own entry in this person's calendar, found back by nobody who does not have it.
        calendar_uid=f"{new_id()}{new_id()}",
        sequence=0,
        invited=False,
    )
