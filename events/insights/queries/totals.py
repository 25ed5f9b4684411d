"""Counts of one livestream: people, coffees, questions and chat; each statement counts in the database."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, case, func, join, select, true
from sqlalchemy.orm import Session

from events.chat.models import Entry, Room
from events.coffees.models import Coffee, Seat
from events.coffees.queries.month_later import select_came_of
from events.coffees.queries.took_place import known_by_call, took_place
from events.coffees.rules import OUTCOMES, PAST_OR_AGREED
from events.insights.queries.viewers import select_came_count, select_registered_count
from events.insights.rules import figures
from events.livestreams.models import Livestream
from events.polls.models import Poll
from events.questions.models import Question
from events.recordings.queries.recording_page import select_rewatcher_count
from events.rounds.models import OptIn, Round


@dataclass(frozen=True)
class CoffeeCounts:
    """The coffees of an evening in numbers; `people` met somebody. `worth_it` as in `Report`."""

    agreed: int
    met: int
    by_call: int
    untold: int
    people: int
    worth_it: int | None


@dataclass(frozen=True)
class Totals:
    """`left`: people who said yes and have had no coffee out of it. `numbers`: of the last chat entry at
    each moment.
    """

    registered: int
    came: int
    rewatched: int
    polls: int
    said_yes: int
    left: int
    questions: int
    answered: int
    came_of: dict[str, int]
    numbers: list[int]


def is_reported() -> ColumnElement[bool]:
    """Condition of coffees that were agreed: one that somebody declined is nobody's business.

    Of the talks of its after-talk those that took place: that one failed is nobody's fault.
    """
    return (Coffee.kind == "coffee") & Coffee.state.in_(PAST_OR_AGREED) | took_place()


def coffee_counts(db: Session, livestream_id: str) -> CoffeeCounts:
    """Count the coffees and the people at them, in one query."""
    untold = (Coffee.state == "confirmed") & Coffee.closed_at.is_not(None)
    coffees = (
        select(
            func.count().label("agreed"),
            func.count(case((took_place(), 1))).label("met"),
            func.count(case((untold, 1))).label("untold"),
            func.count(case((known_by_call(), 1))).label("by_call"),
        )
        .where(Coffee.occasion_id == livestream_id, is_reported())
        .subquery()
    )
    people = (
        select(
            func.count(Seat.user_id.distinct()).label("people"),
            func.count(Seat.worth_it).label("answers"),
            func.count(case((Seat.worth_it.is_(True), 1))).label("worth_it"),
        )
        .join(Coffee, Coffee.id == Seat.coffee_id)
        .where(Coffee.occasion_id == livestream_id, took_place())
        .subquery()
    )
    found = db.execute(select(coffees, people).join_from(coffees, people, true())).one()
    return CoffeeCounts(
        agreed=int(found.agreed),
        met=int(found.met),
        by_call=int(found.by_call),
        untold=int(found.untold),
        people=int(found.people),
        worth_it=figures.worth_it(int(found.answers), int(found.worth_it)),
    )


def totals_of(db: Session, livestream: Livestream, moments: list[datetime]) -> Totals:
    """Numbers of one livestream that stand by themselves, in one query."""
    yes, asked = _yes_counts(livestream.id).subquery(), _question_counts(livestream.id).subquery()
    came_of = select_came_of(livestream.id).subquery()
    published = select(func.count(Poll.id)).where(Poll.livestream_id == livestream.id, Poll.state != "draft")
    query = select(
        select_registered_count(livestream).scalar_subquery(),
        select_came_count(livestream).scalar_subquery(),
        select_rewatcher_count(livestream.id).scalar_subquery(),
        published.scalar_subquery(),
        *yes.c,
        *asked.c,
        *came_of.c,
        *(_last_number(livestream.id, moment).scalar_subquery() for moment in moments),
    )
    joined = join(join(yes, asked, true()), came_of, true())
    found = [int(count or 0) for count in db.execute(query.select_from(joined)).one()]
    registered, came, rewatched, polls, said_yes, left, questions, answered, *rest = found
    return Totals(
        registered=registered,
        came=came,
        rewatched=rewatched,
        polls=polls,
        said_yes=said_yes,
        left=left,
        questions=questions,
        answered=answered,
        came_of=dict(zip(OUTCOMES, rest, strict=False)),
        numbers=rest[len(OUTCOMES) :],
    )


def _last_number(livestream_id: str, moment: datetime) -> Select[int]:
    """The number of the last chat entry at a moment: a step in an index, however long the chat is."""
    room = select(Room.id).where(Room.subject_id == livestream_id).scalar_subquery()
    query = select(Entry.seq).where(Entry.room_id == room, Entry.sent_at <= moment)
    return query.order_by(Entry.sent_at.desc(), Entry.seq.desc()).limit(1)


def _yes_counts(livestream_id: str) -> Select[int, int]:
    """How many said yes, and how many of them have had no coffee out of it."""
    seated = (
        select(Seat.user_id)
        .join(Coffee, Coffee.id == Seat.coffee_id)
        .where(Coffee.occasion_id == livestream_id, Coffee.state.in_((*PAST_OR_AGREED, "proposed")))
        .where(Coffee.kind == "coffee")
    )
    return (
        select(func.count(), func.count(case((OptIn.user_id.not_in(seated), 1))))
        .select_from(OptIn)
        .join(Round, Round.id == OptIn.round_id)
        .where(Round.livestream_id == livestream_id, OptIn.state != "withdrawn")
    )


def _question_counts(livestream_id: str) -> Select[int, int]:
    """How many were asked, and how many of them answered."""
    answered = func.count(case((Question.state == "answered", 1)))
    return select(func.count(), answered).where(
        Question.livestream_id == livestream_id, Question.state != "hidden"
    )
