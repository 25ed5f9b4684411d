"""Read model of a venue as one participant may know it: place, link, caller and phone numbers."""

from dataclasses import dataclass

from events.accounts.models import User
from events.coffees.models import Coffee, Seat
from events.coffees.queries.coffees import others_of, seat_of, taking_part
from events.coffees.rules import FORMS_WITH_PLACE, OPEN, PAST_OR_AGREED, caller_index


@dataclass(frozen=True)
class Reach:
    """Venue as one participant may know it; links and numbers once the coffee is confirmed.

    `own_number` is what the others see of this person. `caller` is None before agreement.
    """

    place: str
    caller: User | None
    i_call: bool
    numbers: dict[str, str]  # by user id, E.164
    own_number: str
    may_place: bool
    may_share: bool

    @property
    def calls_me(self) -> User | None:
        return None if self.i_call else self.caller


def reach_of(coffee: Coffee, user_id: str, *, may_change: bool) -> Reach:
    own, people = seat_of(coffee, user_id), taking_part(coffee)
    phoned = coffee.form == "phone" and own.answer != "no"
    agreed = phoned and coffee.state == "confirmed" and len(people) > 1
    caller = people[caller_index([shared_number(seat) for seat in people])].user if agreed else None
    others = others_of(coffee, user_id) if agreed else []
    told = coffee.form != "own_link" or (coffee.state in PAST_OR_AGREED and own.answer != "no")
    return Reach(
        place=coffee.place if told else "",
        caller=caller,
        i_call=caller is not None and caller.id == user_id,
        numbers={seat.user_id: shared_number(seat) for seat in others if shared_number(seat)},
        own_number=shared_number(own) if phoned else "",
        may_place=may_change and coffee.form in FORMS_WITH_PLACE,
        may_share=phoned and coffee.state in OPEN,
    )


def shared_number(seat: Seat) -> str:
    """Number for this coffee, or the one shared for every coffee by phone."""
    return seat.phone or (seat.user.phone if seat.user.shares_phone else "")
