"""Listeners that queue a job for each requested sign-in or sign-up link."""

from sqlalchemy.orm import Session

from events.accounts.jobs import send_sign_in_link, send_sign_up_link
from events.accounts.signals import SignInLinkRequested, SignUpRequested
from events.core.bus import on
from events.core.jobs.queue import enqueue


@on(SignInLinkRequested)
def queue_sign_in_link(db: Session, signal: SignInLinkRequested) -> None:
    enqueue(db, send_sign_in_link, signal.email, signal.browser, signal.subject_id)


@on(SignUpRequested)
def queue_sign_up_link(db: Session, signal: SignUpRequested) -> None:
    enqueue(db, send_sign_up_link, signal.pending_id)
