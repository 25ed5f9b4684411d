"""Pure rules of handing on a coffee: until when, and limits."""

from datetime import datetime

from events.coffees.models import Coffee
from events.coffees.rules import may_be_handed_on

MAX_PER_COFFEE = 3  # colleagues whom one person asks
MAX_WAITING = 3  # questions that wait for one colleague; more are kept from them
TIMES = 4  # offered when the time of the coffee does not suit


def may_still_hand_on(coffee: Coffee, now: datetime) -> bool:
    """Not after the last moment to answer one that is proposed."""
    answerable = coffee.state != "proposed" or coffee.answer_by > now
    return answerable and may_be_handed_on(
        coffee.kind, coffee.state, len(coffee.seats), coffee.starts_at, now
    )
