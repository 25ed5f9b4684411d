"""What happens to a coffee by itself: nobody answers and it expires, nobody tells and it is closed."""

from datetime import timedelta

from events.coffees.actions import auto_close, responses, undoing
from events.coffees.queries import coffees
from events.core.auth.actor import SYSTEM
from events.core.db.session import unit_of_work
from events.core.errors import NotFound
from events.core.jobs.queue import job

BATCH = 100


@job()
def expire(coffee_id: str) -> None:
    """Let a proposal expire; one that was answered, or got another time meanwhile, stays as it is."""
    with unit_of_work() as db:
        try:
            coffee = coffees.get_coffee(db, coffee_id)
        except NotFound:
            return
        responses.expire_coffee(db, SYSTEM, coffee)


@job()
def apply_decline(coffee_id: str, user_id: str) -> None:
    """Announce a decline at the end of its hold, unless it was undone."""
    with unit_of_work() as db:
        try:
            coffee = coffees.get_coffee(db, coffee_id)
        except NotFound:
            return
        undoing.apply_decline(db, SYSTEM, coffee, user_id)


@job(every=timedelta(hours=6))
def close_unreported() -> None:
    """Close what nobody told about within a week, a hundred at a time; the next run takes the rest."""
    with unit_of_work() as db:
        for coffee in coffees.list_unreported(db, BATCH):
            auto_close.close_unreported(db, SYSTEM, coffee)
