"""What happens at a call by itself: twice after its start we look who has not come."""

from datetime import datetime

from events.calls import actions
from events.coffees.queries.coffees import get_coffee
from events.core.auth.actor import SYSTEM
from events.core.db.session import unit_of_work
from events.core.errors import NotFound
from events.core.jobs.queue import job


@job()
def check_no_shows(coffee_id: str, due_at: str) -> None:
    """`due_at` is the moment it was planned for; a coffee that was moved is looked at at its own."""
    with unit_of_work() as db:
        try:
            coffee = get_coffee(db, coffee_id)
        except NotFound:
            return
        actions.check_no_shows(db, SYSTEM, coffee, datetime.fromisoformat(due_at))
