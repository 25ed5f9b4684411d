"""Job that deletes old drafts and lists of recipients."""

from datetime import timedelta

from events.core.auth.actor import SYSTEM
from events.core.db.session import unit_of_work
from events.core.jobs.queue import job
from events.messages import actions


@job(every=timedelta(days=1))
def sweep_messages() -> None:
    with unit_of_work() as db:
        actions.sweep_messages(db, SYSTEM)
