"""Listeners that queue mails about questions after the end, at most one digest a day for each circle."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.circles.models import Circle
from events.core import clock
from events.core.bus import on
from events.core.mail.outbox import queue_mail
from events.core.mail.outgoing_mail import OutgoingMail
from events.livestreams.queries.endings import list_director_ids
from events.livestreams.queries.livestreams import get_livestream
from events.notifications.rules import digest_due
from events.questions.models import Question
from events.questions.signals import QuestionAnswered, QuestionAskedLate

ANSWER_AFTER = timedelta(minutes=10)  # an answer that is corrected meanwhile leaves as corrected


@on(QuestionAskedLate)
def mail_directors(db: Session, signal: QuestionAskedLate) -> None:
    livestream = get_livestream(db, signal.livestream_id)
    author_id = db.get_one(Question, signal.question_id).author_id
    for user_id in list_director_ids(db, livestream):
        if user_id != author_id:
            _queue_digest(db, user_id, livestream.circle)


@on(QuestionAnswered)
def mail_asker(db: Session, signal: QuestionAnswered) -> None:
    """Once a question: an answer that is changed later is on the page."""
    question = db.get_one(Question, signal.question_id)
    if question.author_id != signal.by_id:
        at = clock.now() + ANSWER_AFTER
        queue_mail(db, "question_answered", question.author_id, question.id, at=at)


def _queue_digest(db: Session, user_id: str, circle: Circle) -> None:
    """Nothing while one waits, since it says everything that is open when it leaves."""
    query = select(OutgoingMail.sequence, OutgoingMail.state).where(
        OutgoingMail.kind == "question_asked",
        OutgoingMail.person_id == user_id,
        OutgoingMail.subject_id == circle.id,
    )
    newest = db.execute(query.order_by(OutgoingMail.sequence.desc()).limit(1)).first()
    if newest is not None and newest.state == "waiting":
        return
    day, at = digest_due(clock.now(), circle.zone, newest.sequence if newest is not None else None)
    queue_mail(db, "question_asked", user_id, circle.id, sequence=day, at=at)
