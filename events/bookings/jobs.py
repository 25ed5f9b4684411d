"""Job of bookings: automatic confirmation."""

from events.bookings.actions import booking_page
from events.coffees.queries import coffees
from events.core.auth.actor import SYSTEM
from events.core.db.session import unit_of_work
from events.core.errors import NotFound
from events.core.jobs.queue import job


@job()
def auto_confirm_booking(coffee_id: str) -> None:
    with unit_of_work() as db:
        try:
            coffee = coffees.get_coffee(db, coffee_id)
        except NotFound:
            return
        booking_page.auto_confirm_booking(db, SYSTEM, coffee)
