"""Listeners that queue the mails of organisers' messages."""

from sqlalchemy.orm import Session

from events.core.bus import on
from events.core.mail.mailings import enter_mailing
from events.core.mail.outbox import queue_mail
from events.messages.models import Message
from events.messages.signals import MessageSent, MessageTested
from events.notifications.jobs import enqueue_announcement
from events.notifications.queries.messages import TEST


@on(MessageSent)
def mail_message(db: Session, signal: MessageSent) -> None:
    """It counts for the circle's ceiling like an announcement."""
    enter_mailing(db, db.get_one(Message, signal.message_id).circle_id, signal.message_id)
    enqueue_announcement(db, "circle_message", signal.message_id)


@on(MessageTested)
def mail_test(db: Session, signal: MessageTested) -> None:
    queue_mail(db, TEST, signal.user_id, signal.message_id, sequence=signal.number)
