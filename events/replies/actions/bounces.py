"""Bounces and complaints: stop mail to an address at once (hard) or after several (soft)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.accounts.actions.bounced_addresses import record_bounce
from events.accounts.models import User
from events.core.auth.actor import Actor, authorize
from events.core.mail.bounces import Report
from events.core.mail.outgoing_mail import OutgoingMail
from events.replies import policy
from events.replies.models import IncomingMail
from events.replies.rules import returns


def note_report(db: Session, actor: Actor, report: Report, row: IncomingMail) -> None:
    """Only a report that names the number of a mail of ours counts: nobody else knows that number."""
    authorize(policy.may_take_in, actor)
    query = select(OutgoingMail).where(OutgoingMail.message_id.in_(report.message_ids))
    mail = db.scalar(query.limit(1)) if report.message_ids else None
    person = db.get(User, mail.person_id) if mail is not None else None
    if mail is None or person is None:
        return
    row.person_id = person.id
    if report.kind == "complaint":
        row.outcome = "complaint"
        record_bounce(db, actor, person, "complaint")
        return
    failed = [one for one in report.returned if one.action == "failed"]
    if not failed:
        row.outcome = "noted"  # delayed, relayed or delivered
        return
    # Where a mailbox passed our mail on, it may be the next one that is gone.
    ours = [one for one in failed if one.address == person.email]
    worst = (ours or failed)[0]
    row.outcome, row.detail = "returned", worst.status
    mail.state, mail.error = "returned", worst.status
    record_bounce(db, actor, person, returns.kind_of(worst.status, worst.diagnostic) if ours else "full")


def note_refusal(db: Session, actor: Actor, mail: OutgoingMail, status: str) -> None:
    """The next server said so at once, while we handed the mail over."""
    authorize(policy.may_take_in, actor)
    person = db.get(User, mail.person_id)
    if person is not None:
        record_bounce(db, actor, person, returns.kind_of(status))
