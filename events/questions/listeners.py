"""Everyone at a livestream sees a question change, as data."""

from events.core.bus import after
from events.core.db import unit_of_work
from events.core.realtime import broadcast
from events.livestreams.queries import get_livestream
from events.questions.models import Question
from events.questions.queries import question_data
from events.questions.signals import QuestionChanged


@after(QuestionChanged)
def send_question(signal: QuestionChanged) -> None:
    with unit_of_work() as db:
        slug = get_livestream(db, signal.livestream_id).slug
        question = question_data(db.get_one(Question, signal.question_id))
    broadcast(f"livestream:{slug}", "questions.changed", {"livestream": slug, "question": question})
