"""Sows the calls of coffees that were drunk: who entered when, and what went wrong at first."""

from datetime import datetime, timedelta

from events.calls.actions import enter_call, leave_call, record_connected, record_trouble
from events.coffees.models import Coffee
from events.core.db.session import unit_of_work
from events.seed.livestreams import at
from events.seed.people import acting

BROWSERS = (("Safari", 18), ("Chrome", 142), ("Safari", 18), ("Firefox", 145), ("Edge", 142))
MINUTES_LATE = (4, 7, 3, 6)


def sow_call(coffee_id: str, starts_at: datetime, number: int) -> None:
    """One call. In the first four one had to give permission, and sound came late to the other."""
    late = timedelta(minutes=MINUTES_LATE[number]) if number < len(MINUTES_LATE) else timedelta()
    with unit_of_work() as db:
        places = range(len(db.get_one(Coffee, coffee_id).seats))
    for place in places:
        with at(starts_at), unit_of_work() as db:
            coffee, tab = db.get_one(Coffee, coffee_id), f"seed-{coffee_id[-12:]}-{place}"
            person = acting(coffee.seats[place].user)
            browser = BROWSERS[0] if late and not place else BROWSERS[(number + place) % len(BROWSERS)]
            enter_call(db, person, coffee, tab=tab, relay_required=False, browser=browser)
            if late:
                record_trouble(db, person, coffee, "no_connection" if place else "denied", tab=tab)
        with at(starts_at + late + timedelta(seconds=10)), unit_of_work() as db:
            coffee = db.get_one(Coffee, coffee_id)
            record_connected(db, acting(coffee.seats[place].user), coffee, tab=tab, network="direct")
    for place in places:
        with at(starts_at + timedelta(minutes=29)), unit_of_work() as db:
            coffee = db.get_one(Coffee, coffee_id)
            tab = f"seed-{coffee_id[-12:]}-{place}"
            leave_call(db, acting(coffee.seats[place].user), coffee, tab=tab)
