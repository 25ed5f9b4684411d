"""Questions for tests."""

from sqlalchemy.orm import Session

from events.accounts.models import User
from events.core import clock
from events.core.ids import new_id
from events.livestreams.models import Livestream
from events.questions.models import Question, QuestionVote


def make_question(
    db: Session,
    livestream: Livestream,
    author: User,
    body: str = "Noem je een prijs op dat ene blad?",
    *,
    state: str = "open",
    nameless: bool = False,
    voters: tuple[User, ...] = (),
) -> Question:
    question = Question(
        livestream_id=livestream.id,
        author_id=author.id,
        client_id=new_id(),
        body=body,
        nameless=nameless,
        state=state,
        votes=len(voters),
        asked_at=clock.now(),
    )
    db.add(question)
    db.flush()
    db.add_all(QuestionVote(question_id=question.id, user_id=voter.id) for voter in voters)
    db.flush()
    return question
