"""What happens to a coffee by itself: a proposal that nobody answered in time expires."""

from events.coffees import actions, queries
from events.core.access import SYSTEM
from events.core.db import unit_of_work
from events.core.errors import NotFound
from events.core.queue import job


@job()
def expire(coffee_id: str) -> None:
    """Let a proposal expire; one that was answered, or got another time meanwhile, stays as it is."""
    with unit_of_work() as db:
        try:
            coffee = queries.get_coffee(db, coffee_id)
        except NotFound:
            return
        actions.expire_coffee(db, SYSTEM, coffee)
