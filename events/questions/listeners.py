"""Listener that broadcasts changed questions to a livestream's pages."""

from events.core.bus import after_commit
from events.core.db.session import unit_of_work
from events.core.realtime.batching import Batcher
from events.core.realtime.handlers import broadcast
from events.livestreams.queries.livestreams import get_livestream
from events.questions.models import Question
from events.questions.queries import question_data
from events.questions.signals import QuestionChanged


def broadcast_question(question_id: str, livestream_ids: list[str]) -> None:
    with unit_of_work() as db:
        slug = get_livestream(db, livestream_ids[0]).slug
        question = question_data(db.get_one(Question, question_id))
    broadcast(f"livestream:{slug}", "questions.changed", {"livestream": slug, "question": question})


_batcher = Batcher(broadcast_question)


@after_commit(QuestionChanged)
def batch_question(signal: QuestionChanged) -> None:
    """Many votes in a second become few frames, each with the latest state."""
    _batcher.add(signal.question_id, signal.livestream_id)
