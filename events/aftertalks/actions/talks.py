"""Actions that begin and end one talk of the after-talk."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from events.coffees import policy
from events.coffees.forms import Proposal
from events.coffees.models import Coffee
from events.coffees.queries.coffees import lock_coffee
from events.coffees.transitions import build_coffee
from events.core import clock
from events.core.auth.actor import Actor, authorize


def begin_talk(db: Session, actor: Actor, proposal: Proposal) -> Coffee:
    """Confirmed at once: no answers, mails or calendar entries."""
    authorize(policy.may_propose, actor, proposal.circle_id)
    talk = build_coffee(proposal)
    talk.kind, talk.state, talk.confirmed_at = "talk", "confirmed", talk.proposed_at
    for seat in talk.seats:
        seat.answer, seat.answered_at = "yes", talk.proposed_at
    db.add(talk)
    db.flush()
    return talk


def end_talk(db: Session, actor: Actor, talk: Coffee, spoke: Collection[str]) -> None:
    """End a talk: it took place between those who `spoke`, if they are at least two.

    Otherwise it is missed, without asking or blaming anyone. Idempotent.
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
            seat.answer = "no"  # a third person who was not heard did not take part
    db.flush()
