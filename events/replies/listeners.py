"""Listener that counts an SMTP refusal like a bounce."""

from sqlalchemy.orm import Session

from events.core.auth.actor import SYSTEM
from events.core.bus import on
from events.core.mail.outgoing_mail import OutgoingMail
from events.core.mail.signals import MailRefused
from events.replies.actions import bounces


@on(MailRefused)
def note_refused(db: Session, signal: MailRefused) -> None:
    bounces.note_refusal(db, SYSTEM, db.get_one(OutgoingMail, signal.mail_id), signal.status)
