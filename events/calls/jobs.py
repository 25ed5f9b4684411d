"""Jobs of calls: the no-show check, twice after the start; evidence of a coffee; retention."""

from datetime import datetime, timedelta

from events.calls import actions
from events.coffees.queries.coffees import get_coffee
from events.core.auth.actor import SYSTEM
from events.core.db.session import unit_of_work
from events.core.errors import NotFound
from events.core.jobs.queue import job


@job()
def check_no_shows(coffee_id: str, due_at: str) -> None:
    """`due_at` is the planned time; a rescheduled coffee has checks of its own."""
    with unit_of_work() as db:
        try:
            coffee = get_coffee(db, coffee_id)
        except NotFound:
            return
        actions.check_no_shows(db, SYSTEM, coffee, datetime.fromisoformat(due_at))


@job()
def weigh_evidence(coffee_id: str, due_at: str) -> None:
    """`due_at` as in `check_no_shows`."""
    with unit_of_work() as db:
        try:
            coffee = get_coffee(db, coffee_id)
        except NotFound:
            return
        actions.weigh_evidence(db, SYSTEM, coffee, datetime.fromisoformat(due_at))


@job(every=timedelta(days=1))
def erase_technical_data() -> None:
    with unit_of_work() as db:
        actions.erase_technical_data(db, SYSTEM)
