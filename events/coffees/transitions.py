"""State transitions of a coffee, shared by actions: checks, versioned updates, and release of claimed
times.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from events.availability.actions.claims import claim_times, release_claims
from events.availability.queries.claims import overlaps
from events.coffees import rules
from events.coffees.forms import Participant, Proposal
from events.coffees.models import FORMS, Coffee, Seat
from events.coffees.queries.coffees import taking_part
from events.coffees.signals import CoffeeConfirmed, CoffeeDeclined, CoffeeLeft, CoffeeMoved, CoffeePlaceSet
from events.core import clock
from events.core.auth.actor import SYSTEM
from events.core.bus import announce
from events.core.errors import Conflict, Invalid
from events.core.ids import new_id


def build_coffee(proposal: Proposal) -> Coffee:
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
        seats=[_build_seat(position, place, moment) for position, place in enumerate(proposal.people)],
    )


def _build_seat(position: int, place: Participant, moment: datetime) -> Seat:
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
        # Random UID per participant, so that one participant cannot guess another's.
        calendar_uid=f"{new_id()}{new_id()}",
        sequence=0,
        invited=False,
    )


def check_changeable(coffee: Coffee, seat: Seat, version: int | None) -> None:
    if coffee.state != "confirmed" or seat.answer == "no":
        check_open(coffee, seat, version)
    else:
        check_ahead(coffee, version)


def check_open(coffee: Coffee, seat: Seat, version: int | None) -> None:
    if coffee.state != "proposed" or seat.answer == "no":
        raise Conflict("coffee_closed")
    check_ahead(coffee, version)


def check_ahead(coffee: Coffee, version: int | None) -> None:
    if version is not None and version != coffee.version:
        raise Conflict("coffee_changed")
    if coffee.starts_at <= clock.now():
        raise Conflict("coffee_begun")


def check_agreed(coffee: Coffee) -> None:
    if coffee.state not in rules.PAST_OR_AGREED:
        raise Conflict("coffee_closed")


def check_proposed_time(starts_at: datetime) -> None:
    """On the quarter of an hour, MIN_NOTICE to MAX_AHEAD from now; Invalid otherwise."""
    now = clock.now()
    if starts_at.minute % 15 or starts_at.second or starts_at.microsecond:
        raise Invalid(fields=[("hour", "not_on_the_quarter")])
    if not now + rules.MIN_NOTICE <= starts_at <= now + rules.MAX_AHEAD:
        raise Invalid(fields=[("day", "too_soon_or_far")])


def reset_answers(coffee: Coffee, seat: Seat) -> None:
    """Reset all answers but `seat`'s; calendar sequence numbers rise."""
    for one in taking_part(coffee):
        one.answer, one.answered_at = "waiting", None
        one.sequence += one.invited
    record_answer(seat, "yes")


def record_answer(seat: Seat, answer: str) -> None:
    """Record an answer; it ends a delayed decline."""
    seat.answer, seat.answered_at, seat.leaves_at = answer, clock.now(), None


def update_version(db: Session, coffee: Coffee, **values: object) -> None:
    """Compare-and-swap on `version`. Conflict("coffee_changed") if another change came first."""
    db.flush()
    written = db.scalar(
        update(Coffee)
        .where(Coffee.id == coffee.id, Coffee.version == coffee.version)
        .values(version=coffee.version + 1, **values)
        .returning(Coffee.id)
        .execution_options(synchronize_session="fetch")
    )
    if written is None:
        raise Conflict("coffee_changed")


def apply_no(db: Session, coffee: Coffee, seat: Seat) -> None:
    """Apply a no. Of three people the other two continue if they can; pending delayed declines count
    too.
    """
    if len(taking_part(coffee)) > 2:
        if continue_without(db, coffee, seat):
            return
    else:
        leave(seat)
    for one in taking_part(coffee):
        if one.leaves_at is not None:
            leave(one)
    left = tuple(one.user_id for one in taking_part(coffee))
    close_coffee(db, coffee, "declined")
    announce(db, CoffeeDeclined(coffee.id, left))


def all_agree(seats: Iterable[Seat]) -> bool:
    return all(seat.answer == "yes" and seat.leaves_at is None for seat in seats)


def leave(seat: Seat) -> None:
    """A no; the person's calendar entry is updated under a higher sequence number."""
    record_answer(seat, "no")
    seat.sequence += seat.invited


def confirm_coffee(db: Session, coffee: Coffee) -> None:
    """Claim the time for all participants in this transaction; Conflict("time_taken") if it is gone."""
    people = taking_part(coffee)
    db.flush()
    # SYSTEM claims for all participants. Release first: after a venue-only change they still hold the time.
    release_claims(db, SYSTEM, coffee.id)
    claim_times(db, SYSTEM, [seat.user_id for seat in people], coffee.starts_at, coffee.minutes, coffee.id)
    moved, placed = any(seat.invited for seat in people), coffee.confirmed_at is not None
    for seat in people:
        seat.invited = True
    links = (seat.user.meeting_link for seat in people if seat.user.meeting_link)
    place = coffee.place or (next(links, "") if coffee.form == "own_link" else "")
    update_version(db, coffee, state="confirmed", place=place, confirmed_at=clock.now())
    if placed:
        announce(db, CoffeePlaceSet(coffee.id))
    else:
        announce(db, CoffeeMoved(coffee.id) if moved else CoffeeConfirmed(coffee.id))


def continue_without(db: Session, coffee: Coffee, seat: Seat) -> bool:
    """Remove one of three people; confirm when the other two accepted already.

    False when the other two's time was taken meanwhile.
    """
    leave(seat)
    release_claims(db, SYSTEM, coffee.id, user_id=seat.user_id)
    update_version(db, coffee)
    rest = taking_part(coffee)
    agreed = coffee.state == "proposed" and all_agree(rest)
    people = [one.user_id for one in rest]
    if agreed and overlaps(db, people, coffee.starts_at, coffee.minutes, besides=coffee.id):
        return False
    announce(db, CoffeeLeft(coffee.id, seat.user_id))
    if agreed:
        confirm_coffee(db, coffee)
    return True


def close_coffee(db: Session, coffee: Coffee, state: str) -> None:
    """Release the claimed time; calendar sequence numbers rise."""
    release_claims(db, SYSTEM, coffee.id)
    for seat in taking_part(coffee):
        seat.sequence += seat.invited
    update_version(db, coffee, state=state, closed_at=clock.now())
