"""Actions on questions: ask, vote, and put on stage, answer or hide."""

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from events.circles.queries.circles import membership_of
from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.core.bus import announce
from events.core.db.session import get_or_create, insert_row
from events.core.errors import Conflict
from events.livestreams.queries.livestreams import get_visible
from events.livestreams.rules.states import OVER
from events.questions import forms, policy, rules
from events.questions.models import Question, QuestionVote
from events.questions.queries import find_asked, get_question, has_voted, list_live
from events.questions.signals import QuestionAnswered, QuestionAskedLate, QuestionChanged


def ask_question(db: Session, actor: Actor, data: forms.Ask) -> Question:
    """Ask, with the author's own vote. Idempotent by client_id.

    Raises Conflict if the same client_id has another body.
    """
    livestream = get_visible(db, actor, data.livestream)
    membership = membership_of(db, actor, livestream.circle_id)
    authorize(policy.may_ask, actor, livestream, membership)

    def make() -> Question:
        if livestream.state not in rules.ASKING_STATES:
            raise Conflict("not_asking")
        return Question(
            livestream_id=livestream.id,
            author_id=actor.id,
            client_id=data.client_id,
            body=data.body,
            nameless=data.nameless,
            at_second=data.second if livestream.state == "replay" else None,
            asked_at=clock.now(),
            votes=1,
        )

    question, created = get_or_create(
        db, lambda: find_asked(db, livestream.id, actor.id, data.client_id), make
    )
    if created:
        db.add(QuestionVote(question_id=question.id, user_id=actor.id))
        db.flush()
        announce(db, QuestionChanged(livestream.id, question.id))
        if livestream.state in OVER:
            announce(db, QuestionAskedLate(livestream.id, question.id))
    elif question.body != data.body:
        raise Conflict("client_id_reused")
    return question


def vote_for_question(db: Session, actor: Actor, question_id: str, up: bool) -> Question:
    """Add or take back the actor's vote. The count changes only with a real change."""
    question, livestream, membership = get_question(db, actor, question_id)
    authorize(policy.may_vote, actor, livestream, membership)
    if livestream.state not in rules.ASKING_STATES or question.state in {"answered", "hidden"}:
        raise Conflict("question_closed")
    step = _add_vote(db, question.id, actor.id) if up else -_remove_vote(db, question.id, actor.id)
    if step:
        db.execute(
            update(Question)
            .where(Question.id == question.id)
            .values(votes=Question.votes + step)
            .execution_options(synchronize_session=False)
        )
        db.refresh(question, ["votes"])
        announce(db, QuestionChanged(livestream.id, question.id))
    return question


def change_question(db: Session, actor: Actor, data: forms.Change) -> Question:
    """Put on stage, mark answered (with an optional written answer) or hide.

    One question is on stage at a time: the previous one becomes answered.
    """
    question, livestream, membership = get_question(db, actor, data.question)
    authorize(policy.may_change, actor, livestream, membership)
    if data.answer and data.state != "answered":
        raise Conflict("answer_needs_answered")
    answer = question.answer if data.answer is None else data.answer
    if (data.state, answer) == (question.state, question.answer):
        return question
    if data.state == "live":
        for former in list_live(db, livestream.id):
            _mark_answered(former)
            announce(db, QuestionChanged(livestream.id, former.id))
    if data.state == "answered":
        _mark_answered(question)
    answered = data.state == "answered" and answer and answer != question.answer
    question.state, question.answer = data.state, answer
    db.flush()
    if answered and livestream.state in OVER:
        announce(db, QuestionAnswered(livestream.id, question.id, actor.person_id))
    announce(db, QuestionChanged(livestream.id, question.id))
    return question


def _mark_answered(question: Question) -> None:
    question.state = "answered"
    question.answered_at = question.answered_at or clock.now()


def _add_vote(db: Session, question_id: str, user_id: str) -> int:
    if has_voted(db, question_id, user_id):
        return 0
    try:
        insert_row(db, QuestionVote(question_id=question_id, user_id=user_id))
    except IntegrityError:
        return 0
    return 1


def _remove_vote(db: Session, question_id: str, user_id: str) -> int:
    """Returns 1 or 0, also when two tabs remove the same vote concurrently."""
    deleted = db.execute(
        delete(QuestionVote)
        .where(QuestionVote.question_id == question_id, QuestionVote.user_id == user_id)
        .returning(QuestionVote.id)
    )
    return len(deleted.all())
