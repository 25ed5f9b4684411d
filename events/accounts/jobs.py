"""Jobs of accounts: mail requested links and delete expired sign-ups."""

from datetime import timedelta

from events.accounts.actions import links
from events.core.auth.actor import SYSTEM
from events.core.db.session import unit_of_work
from events.core.jobs.queue import job


@job()
def send_sign_in_link(email: str, browser: str, subject_id: str = "") -> None:
    with unit_of_work() as db:
        links.send_sign_in_link(db, SYSTEM, email, browser, subject_id)


@job()
def send_sign_up_link(pending_id: str) -> None:
    with unit_of_work() as db:
        links.send_sign_up_link(db, SYSTEM, pending_id)


@job(every=timedelta(hours=6))
def delete_expired_sign_ups() -> None:
    with unit_of_work() as db:
        links.delete_expired_sign_ups(db, SYSTEM)
