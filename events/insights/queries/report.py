"""The report of one livestream: counts of people and conversations, never an answer or a minute of anyone."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, case, func, join, select, true
from sqlalchemy.orm import Session

from events.accounts.models import User
from events.circles.queries.circles import membership_of
from events.coffees.models import Coffee, Seat
from events.coffees.queries.month_later import Quoted, list_quotes, select_came_of
from events.coffees.queries.took_place import known_by_call, took_place
from events.coffees.rules import OUTCOMES, PAST_OR_AGREED
from events.core.auth.actor import Actor, authorize
from events.core.db.paging import Page, window
from events.insights import policy
from events.insights.queries.trouble import trouble_of_livestream
from events.insights.rules import figures
from events.insights.rules.figures import Point, Step
from events.insights.rules.trouble import Pattern
from events.livestreams.models import Livestream
from events.presence.queries import list_attendance
from events.questions.models import Question
from events.recordings.queries.recording_page import select_rewatcher_count
from events.registrations.queries import select_coming_count
from events.rounds.models import OptIn, Round

WIDTH, HEIGHT = 400, 130
NAMES_A_PAGE = 200


@dataclass(frozen=True)
class Numbers:
    """Which page of each list of a report is read."""

    coffees: int = 1
    names: int = 1
    quotes: int = 1


FIRST = Numbers()


@dataclass(frozen=True)
class Report:
    """One page about one livestream. `worth_it` is None while the total would give somebody away."""

    livestream: Livestream
    came: int
    names: list[str]  # a page of who came
    rewatched: int
    coffees: Page[Coffee]
    agreed: int
    met: int
    by_call: int  # of those met: nobody told, the call is the evidence
    untold: int  # agreed, and nobody said whether they took place
    people_met: int
    worth_it: int | None
    said_yes: int
    left: int
    steps: list[Step]
    points: list[Point]
    peak: Point | None
    questions: int
    answered: int
    came_of: list[tuple[str, int]]  # a month later
    quotes: Page[Quoted]
    trouble: list[Pattern]

    @property
    def curve(self) -> str:
        return figures.path(self.points, WIDTH, HEIGHT)

    @property
    def peak_at(self) -> tuple[int, int]:
        """Where the peak stands on the curve, in units of the drawing."""
        if self.peak is None:
            return (0, HEIGHT)
        return (round(WIDTH * self.points.index(self.peak) / (len(self.points) - 1)), 0)


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
    """`left`: people who said yes and have had no coffee out of it."""

    registered: int
    rewatched: int
    said_yes: int
    left: int
    questions: int
    answered: int
    came_of: dict[str, int]


def report_of(db: Session, actor: Actor, livestream: Livestream, numbers: Numbers = FIRST) -> Report:
    """The report of one livestream, in a fixed number of queries that count in the database."""
    authorize(policy.may_read_report, actor, livestream, membership_of(db, actor, livestream.circle_id))
    attendance = list_attendance(db, livestream.id)
    attendance.pop(livestream.host_id, None)  # whoever presents is no viewer
    coffees = Page.of(db.scalars(window(_coffees(livestream.id), numbers.coffees)), numbers.coffees)
    counts = _coffee_counts(db, livestream.id)
    totals = _totals(db, livestream)
    start, end = livestream.went_live_at, livestream.ended_at
    points = figures.curve(list(attendance.values()), start, end) if start and end else []
    return Report(
        livestream=livestream,
        came=len(attendance),
        names=_names(db, attendance, numbers.names),
        rewatched=totals.rewatched,
        coffees=coffees,
        agreed=counts.agreed,
        met=counts.met,
        by_call=counts.by_call,
        untold=counts.untold,
        people_met=counts.people,
        worth_it=counts.worth_it,
        said_yes=totals.said_yes,
        left=totals.left,
        steps=figures.funnel(
            {
                "registered": totals.registered,
                "came": len(attendance),
                "said_yes": totals.said_yes,
                "met": counts.people,
                "worth_it": counts.worth_it,
            }
        ),
        points=points,
        peak=figures.peak(points),
        questions=totals.questions,
        answered=totals.answered,
        came_of=figures.came_of(totals.came_of, OUTCOMES),
        quotes=list_quotes(db, livestream.id, numbers.quotes),
        trouble=trouble_of_livestream(db, livestream.id),
    )


def _coffees(livestream_id: str) -> Select[Coffee]:
    """Those that were agreed: one that somebody declined is nobody's business.

    Of the talks of its nazit those that took place: that one failed is nobody's fault.
    """
    query = select(Coffee).where(Coffee.occasion_id == livestream_id, _is_reported())
    return query.order_by(Coffee.starts_at, Coffee.id)


def _is_reported() -> ColumnElement[bool]:
    return (Coffee.kind == "coffee") & Coffee.state.in_(PAST_OR_AGREED) | took_place()


def _coffee_counts(db: Session, livestream_id: str) -> CoffeeCounts:
    """What is counted of the coffees and of the people at them, in one query."""
    untold = (Coffee.state == "confirmed") & Coffee.closed_at.is_not(None)
    coffees = (
        select(
            func.count().label("agreed"),
            func.count(case((took_place(), 1))).label("met"),
            func.count(case((untold, 1))).label("untold"),
            func.count(case((known_by_call(), 1))).label("by_call"),
        )
        .where(Coffee.occasion_id == livestream_id, _is_reported())
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


def _names(db: Session, user_ids: Collection[str], number: int) -> list[str]:
    query = select(User.name).where(User.id.in_(user_ids)).order_by(User.name, User.id)
    return list(db.scalars(query.offset((number - 1) * NAMES_A_PAGE).limit(NAMES_A_PAGE)))


def _totals(db: Session, livestream: Livestream) -> Totals:
    """Numbers of one livestream that stand by themselves, in one query."""
    yes, asked = _yes_counts(livestream.id).subquery(), _question_counts(livestream.id).subquery()
    came_of = select_came_of(livestream.id).subquery()
    query = select(
        select_coming_count(livestream.id, but=livestream.host_id).scalar_subquery(),
        select_rewatcher_count(livestream.id).scalar_subquery(),
        *yes.c,
        *asked.c,
        *came_of.c,
    )
    joined = join(join(yes, asked, true()), came_of, true())
    found = [int(count) for count in db.execute(query.select_from(joined)).one()]
    registered, rewatched, said_yes, left, questions, answered, *answers = found
    came = dict(zip(OUTCOMES, answers, strict=True))
    return Totals(registered, rewatched, said_yes, left, questions, answered, came)


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
