"""A mail that was refused at once counts like one that came back."""

from sqlalchemy.orm import Session

from events.core.access import SYSTEM
from events.core.bus import on
from events.core.mail import OutgoingMail
from events.core.signals import MailRefused
from events.replies import actions


@on(MailRefused)
def note_refused(db: Session, signal: MailRefused) -> None:
    actions.note_refusal(db, SYSTEM, db.get_one(OutgoingMail, signal.mail_id), signal.status)
