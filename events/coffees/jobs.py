"""Jobs of coffees: expire proposals, apply delayed declines, close unreported coffees."""

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
    """No effect when it was answered or moved meanwhile."""
    with unit_of_work() as db:
        try:
            coffee = coffees.get_coffee(db, coffee_id)
        except NotFound:
            return
        responses.expire_coffee(db, SYSTEM, coffee)


@job()
def apply_decline(coffee_id: str, user_id: str) -> None:
    with unit_of_work() as db:
        try:
            coffee = coffees.get_coffee(db, coffee_id)
        except NotFound:
            return
        undoing.apply_decline(db, SYSTEM, coffee, user_id)


@job(every=timedelta(hours=6))
def close_unreported() -> None:
    """BATCH coffees a run."""
    with unit_of_work() as db:
        for coffee in coffees.list_unreported(db, BATCH):
            auto_close.close_unreported(db, SYSTEM, coffee)
