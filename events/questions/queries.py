"""Queries about questions: one by id, a livestream's, and the panel of a page."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session, joinedload

from events.circles.models import Membership
from events.circles.queries.circles import membership_of
from events.core.auth.actor import Actor
from events.core.db.paging import Page, window
from events.core.errors import NotFound
from events.core.ids import new_id
from events.livestreams.models import Livestream
from events.livestreams.policy import may_see
from events.livestreams.queries.livestreams import get_livestream
from events.livestreams.rules.states import OVER
from events.questions import policy, rules
from events.questions.models import Question, QuestionVote

WAITING = ("live", "open")
MAX_LATE = 100
GROUPS = ("open", "answered", "hidden")


@dataclass(frozen=True)
class PanelLimits:
    """How many questions of each group a panel shows; the page of all questions has the rest."""

    open: int
    answered: int
    hidden: int


PANEL_LIMITS = PanelLimits(open=8, answered=4, hidden=0)  # beside a livestream
DESK_LIMITS = PanelLimits(open=12, answered=4, hidden=4)  # with director controls


@dataclass(frozen=True)
class QuestionRow:
    """A question for one reader. `author` is None for a nameless question."""

    id: str
    body: str
    author_name: str | None
    state: str
    votes: int
    answer: str
    asked_at: datetime
    voted: bool


@dataclass(frozen=True)
class Panel:
    """View data of `questions/_panel.html` and `questions/_queue.html`."""

    slug: str
    open: list[QuestionRow]
    answered: list[QuestionRow]
    hidden: list[QuestionRow]
    counts: dict[str, int]  # per group, including questions not shown
    may_ask: bool
    may_change: bool
    is_taking: bool
    reader_id: str | None

    @property
    def beyond(self) -> int:
        """Number of questions only on the page of all questions."""
        return sum(self.counts.values()) - len(self.open) - len(self.answered) - len(self.hidden)

    @property
    def answered_beyond(self) -> int:
        return self.counts["answered"] - len(self.answered)

    @property
    def fresh_id(self) -> str:
        """A client_id for a form without scripts, so that sending it twice asks once."""
        return new_id()


def get_question(
    db: Session, actor: Actor, question_id: str
) -> tuple[Question, Livestream, Membership | None]:
    """The question, its livestream and the actor's membership. Raises NotFound if not visible."""
    question = db.get(Question, question_id)
    if question is None:
        raise NotFound
    livestream = get_livestream(db, question.livestream_id)
    membership = membership_of(db, actor, livestream.circle_id)
    if not may_see(actor, livestream, membership):
        raise NotFound
    if question.state == "hidden" and not policy.may_change(actor, livestream, membership):
        raise NotFound
    return question, livestream, membership


def find_asked(db: Session, livestream_id: str, author_id: str, client_id: str) -> Question | None:
    """The question by this author under that client_id."""
    return db.scalar(
        select(Question).where(
            Question.livestream_id == livestream_id,
            Question.author_id == author_id,
            Question.client_id == client_id,
        )
    )


def find_question(db: Session, question_id: str) -> Question | None:
    """No permission check; for features above."""
    return db.get(Question, question_id)


def list_late_open(
    db: Session, circle_id: str, *, host_id: str | None, besides: str
) -> list[tuple[Question, Livestream]]:
    """Open questions asked after the end, newest first; with `host_id` those at that person's livestreams."""
    query = (
        select(Question, Livestream)
        .join(Livestream, Livestream.id == Question.livestream_id)
        .where(Livestream.circle_id == circle_id, Livestream.state.in_(OVER))
        .where(Question.state == "open", Question.asked_at > Livestream.ended_at)
        .where(Question.author_id != besides)
        .options(joinedload(Question.author))
        .order_by(Question.asked_at.desc(), Question.id)
    )
    if host_id is not None:
        query = query.where(Livestream.host_id == host_id)
    return [(question, livestream) for question, livestream in db.execute(query.limit(MAX_LATE))]


def has_voted(db: Session, question_id: str, user_id: str) -> bool:
    query = select(QuestionVote.id).where(
        QuestionVote.question_id == question_id, QuestionVote.user_id == user_id
    )
    return db.scalar(query) is not None


def list_live(db: Session, livestream_id: str) -> list[Question]:
    query = select(Question).where(Question.livestream_id == livestream_id, Question.state == "live")
    return list(db.scalars(query))


def question_data(question: Question) -> dict[str, object]:
    """A question as sent in frames, the same for every reader; of a hidden one only its id."""
    hidden = question.state == "hidden"
    named = not hidden and not question.nameless
    return {
        "id": question.id,
        "body": "" if hidden else question.body,
        "author": {"id": question.author_id, "name": question.author.name} if named else None,
        "state": question.state,
        "votes": question.votes,
        "answer": "" if hidden else question.answer,
    }


def panel_of(db: Session, actor: Actor, livestream: Livestream, shown: PanelLimits = PANEL_LIMITS) -> Panel:
    """The first questions of each group, and the size of each group."""
    membership = membership_of(db, actor, livestream.circle_id)
    may_change = policy.may_change(actor, livestream, membership)
    group = case((Question.state.in_(WAITING), "open"), else_=Question.state)
    order = (Question.state != "live", Question.votes.desc(), Question.asked_at, Question.id)
    ranked = (
        select(
            Question.id,
            group.label("group"),
            func.row_number().over(partition_by=group, order_by=order).label("place"),
            func.count().over(partition_by=group).label("count"),
        )
        .where(Question.livestream_id == livestream.id)
        .subquery()
    )
    most = case(
        (ranked.c.group == "open", shown.open),
        (ranked.c.group == "answered", shown.answered),
        else_=shown.hidden,
    )
    own = and_(QuestionVote.question_id == Question.id, QuestionVote.user_id == actor.person_id)
    query = (
        select(Question, QuestionVote.id, ranked.c.group, ranked.c.count)
        .join(ranked, ranked.c.id == Question.id)
        .outerjoin(QuestionVote, own)
        .where(ranked.c.place <= most)
        .order_by(ranked.c.place)
        .options(joinedload(Question.author))
    )
    rows: dict[str, list[QuestionRow]] = {name: [] for name in GROUPS}
    counts = dict.fromkeys(GROUPS, 0)
    for question, vote, name, count in db.execute(query):
        if name != "hidden" or may_change:
            rows[name].append(_row(question, vote is not None))
            counts[name] = int(count)
    return Panel(
        slug=livestream.slug,
        **rows,
        counts=counts,
        may_ask=policy.may_ask(actor, livestream, membership),
        may_change=may_change,
        is_taking=livestream.state in rules.ASKING_STATES,
        reader_id=actor.person_id,
    )


def list_questions(db: Session, actor: Actor, livestream: Livestream, number: int) -> Page[QuestionRow]:
    """A page of all questions: waiting, then answered, then hidden."""
    membership = membership_of(db, actor, livestream.circle_id)
    own = and_(QuestionVote.question_id == Question.id, QuestionVote.user_id == actor.person_id)
    query = (
        select(Question, QuestionVote.id)
        .outerjoin(QuestionVote, own)
        .where(Question.livestream_id == livestream.id)
        .options(joinedload(Question.author))
    )
    if not policy.may_change(actor, livestream, membership):
        query = query.where(Question.state != "hidden")
    place = case(
        (Question.state == "live", 0),
        (Question.state == "open", 1),
        (Question.state == "answered", 2),
        else_=3,
    )
    ordered = query.order_by(place, Question.votes.desc(), Question.asked_at, Question.id)
    rows = (_row(question, vote is not None) for question, vote in db.execute(window(ordered, number)))
    return Page.of(rows, number)


def _row(question: Question, voted: bool) -> QuestionRow:
    return QuestionRow(
        id=question.id,
        body=question.body,
        author_name=None if question.nameless else question.author.name,
        state=question.state,
        votes=question.votes,
        answer=question.answer,
        asked_at=question.asked_at,
        voted=voted,
    )
