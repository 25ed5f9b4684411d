"""Action that records a private wish to meet again; two mutual wishes propose a coffee."""

from sqlalchemy.orm import Session

from events.accounts.queries.people import has_blocked
from events.aftertalks import policy
from events.aftertalks.models import Aftertalk
from events.aftertalks.queries.attendance import list_follow_up_coffees
from events.aftertalks.signals import AftertalkChanged
from events.coffees.actions.outcomes import record_outcome
from events.coffees.actions.proposals import propose_coffee
from events.coffees.forms import Outcome, Participant, Proposal
from events.coffees.models import Coffee, Seat
from events.coffees.queries.coffees import taking_part
from events.coffees.queries.common_times import list_common_times
from events.coffees.queries.deadlines import answer_deadline
from events.coffees.rules import mutual_pairs
from events.core.auth.actor import SYSTEM, Actor, authorize
from events.core.bus import announce
from events.core.errors import Conflict

MINUTES = 30
MAX_TIMES = 6


def record_meet_again(db: Session, actor: Actor, aftertalk: Aftertalk, talk: Coffee, *, again: bool) -> None:
    """Record the wish, private unless it is mutual.

    A mutual wish proposes a coffee of half an hour at a common time, which each may still decline.
    """
    authorize(policy.may_meet_again, actor, talk)
    if talk.state != "met":
        raise Conflict("coffee_closed")
    talk = record_outcome(db, actor, talk, Outcome(took_place="yes", again="yes" if again else "no"))
    seats = {seat.user_id: seat for seat in taking_part(talk)}
    wanted = [
        pair for pair in mutual_pairs({one.user_id: one.again for one in seats.values()}) if actor.id in pair
    ]
    agreed: set[str] = set()
    for pair in wanted:
        agreed |= pair
        if not list_follow_up_coffees(db, pair, aftertalk):
            _propose(db, aftertalk, talk, [seats[user_id] for user_id in sorted(pair)])
    if agreed:
        announce(db, AftertalkChanged(aftertalk.id, tuple(sorted(agreed - {actor.id}))))


def _propose(db: Session, aftertalk: Aftertalk, talk: Coffee, people: list[Seat]) -> None:
    times = list_common_times(
        db, [seat.user_id for seat in people], MINUTES, talk.circle.zone, count=MAX_TIMES
    )
    if not times:
        return
    proposal = Proposal(
        circle_id=talk.circle_id,
        occasion_id=talk.occasion_id,
        starts_at=times[0],
        alternatives=times[1:],
        answer_by=answer_deadline(db, talk.circle, times[0]),
        minutes=MINUTES,
        follows_id=talk.id,
        people=[
            Participant(
                seat.user_id,
                [{"code": "again", "with": other.user_id}],
                # After a block since the talk it is not delivered and stays unanswered.
                delivered=not has_blocked(db, Actor("person", seat.user_id), other.user_id),
            )
            for seat, other in zip(people, reversed(people), strict=True)
        ],
    )
    propose_coffee(db, SYSTEM, proposal)
