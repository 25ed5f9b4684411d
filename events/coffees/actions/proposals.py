"""A coffee begins: two or three people, a time and a form all of them chose, and reasons for each.

A talk of a nazit begins without being proposed, since its people are there; it ends by the clock.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from events.coffees import policy
from events.coffees.forms import Participant, Proposal
from events.coffees.models import FORMS, Coffee, Seat
from events.coffees.queries.coffees import lock_coffee
from events.coffees.signals import CoffeeProposed
from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.core.bus import announce
from events.core.errors import Invalid
from events.core.ids import new_id


def propose_coffee(db: Session, actor: Actor, proposal: Proposal) -> Coffee:
    """Put one coffee before its people."""
    authorize(policy.may_propose, actor, proposal.circle_id)
    coffee = _coffee(proposal)
    db.add(coffee)
    db.flush()
    announce(db, CoffeeProposed(coffee.id))
    return coffee


def begin_talk(db: Session, actor: Actor, proposal: Proposal) -> Coffee:
    """Bring people who are there together at once: nobody is asked, mailed or invited to a calendar."""
    authorize(policy.may_propose, actor, proposal.circle_id)
    talk = _coffee(proposal)
    talk.kind, talk.state, talk.confirmed_at = "talk", "confirmed", talk.proposed_at
    for seat in talk.seats:
        seat.answer, seat.answered_at = "yes", talk.proposed_at
    db.add(talk)
    db.flush()
    return talk


def end_talk(db: Session, actor: Actor, talk: Coffee, spoke: Collection[str]) -> None:
    """Its time is over. It took place between those who `spoke`; with fewer than two nothing did.

    That it did not is nobody's fault, and nobody is asked about it.
    """
    authorize(policy.may_expire, actor, talk)
    talk = lock_coffee(db, talk)
    if talk.state != "confirmed":
        return
    people = [seat for seat in talk.seats if seat.user_id in spoke]
    talk.state = "met" if len(people) > 1 else "missed"
    talk.version, talk.closed_at = talk.version + 1, clock.now()
    for seat in talk.seats:
        seat.took_place = talk.state == "met" and seat in people
        if talk.state == "met" and seat not in people:
            seat.answer = "no"  # of three, one whom nobody heard was not in it
    db.flush()


def _coffee(proposal: Proposal) -> Coffee:
    different = {place.user_id for place in proposal.people}
    if len(different) != len(proposal.people) or len(different) not in {2, 3}:
        raise Invalid("not_two_or_three")
    if proposal.form not in FORMS:
        raise Invalid("bad_choice")
    moment = clock.now()
    return Coffee(
        circle_id=proposal.circle_id,
        round_id=proposal.round_id,
        kind="coffee",
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
        invited_by_id=proposal.invited_by_id,
        asked=proposal.asked,
        asked_by_id=proposal.invited_by_id,
        seats=[_seat(position, place, moment) for position, place in enumerate(proposal.people)],
    )


def _seat(position: int, place: Participant, moment: datetime) -> Seat:
    said = place.proposes or place.accepts_replacement
    return Seat(
        user_id=place.user_id,
        position=position,
        answer="yes" if said else "waiting",
        answered_at=moment if said else None,
        accepts_replacement=place.accepts_replacement,
        reasons=[dict(reason) for reason in place.reasons],
        on_my_mind=place.on_my_mind,
        delivered=place.delivered,
        # Its own entry in this person's calendar, found back by nobody who does not have it.
        calendar_uid=f"{new_id()}{new_id()}",
        sequence=0,
        invited=False,
    )
