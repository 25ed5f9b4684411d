"""The reports: counts of people and conversations, never an answer or a minute of anyone."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from events.accounts.models import User
from events.accounts.queries import list_users
from events.circles.models import Circle, Membership
from events.circles.queries import membership_of
from events.coffees.models import Coffee, Seat
from events.coffees.queries import Quoted, list_came_of
from events.coffees.rules import CAME, KEPT
from events.core.access import Actor, authorize
from events.insights import policy, rules
from events.insights.rules import Point, Step
from events.livestreams.models import Livestream
from events.matching.models import Luck, Round, Yes
from events.presence.queries import list_attendance
from events.questions.models import Question
from events.recordings.queries import count_rewatchers
from events.registrations.queries import count_coming

WIDTH, HEIGHT = 400, 130
COFFEES_A_PAGE = 50
MOST_NAMES = 500


@dataclass(frozen=True)
class Report:
    """One page about one livestream. `worth_it` is None while the total would give somebody away."""

    livestream: Livestream
    came: list[User]
    rewatched: int
    coffees: list[Coffee]
    met: int
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
    quotes: list[Quoted]

    @property
    def curve(self) -> str:
        return rules.path(self.points, WIDTH, HEIGHT)

    @property
    def peak_at(self) -> tuple[int, int]:
        """Where the peak stands on the curve, in units of the drawing."""
        if self.peak is None:
            return (0, HEIGHT)
        return (round(WIDTH * self.points.index(self.peak) / (len(self.points) - 1)), 0)


@dataclass(frozen=True)
class Month:
    """Who met whom in one month."""

    first_day: datetime
    coffees: list[Coffee]


def report_of(db: Session, actor: Actor, livestream: Livestream) -> Report:
    """The report of one livestream, in a fixed number of queries."""
    authorize(policy.may_read_report, actor, livestream, membership_of(db, actor, livestream.circle_id))
    attendance = list_attendance(db, livestream.id)
    attendance.pop(livestream.host_id, None)  # whoever presents is no viewer
    came = sorted(list_users(db, list(attendance)).values(), key=lambda user: user.name)
    coffees = _coffees(db, livestream.id)
    met = [coffee for coffee in coffees if coffee.state == "met"]
    people_met = {seat.user_id for coffee in met for seat in coffee.seats}
    answers = [seat.worth_it for coffee in met for seat in coffee.seats if seat.worth_it is not None]
    worth_it = rules.worth_it(answers)
    said_yes, left = _yes_counts(db, livestream.id)
    start, end = livestream.went_live_at, livestream.ended_at
    points = rules.curve(list(attendance.values()), start, end) if start and end else []
    questions, answered = _question_counts(db, livestream.id)
    later, quotes = list_came_of(db, livestream.id)
    return Report(
        livestream=livestream,
        came=came,
        rewatched=count_rewatchers(db, livestream.id),
        coffees=coffees,
        met=len(met),
        untold=sum(coffee.is_untold for coffee in coffees),
        people_met=len(people_met),
        worth_it=worth_it,
        said_yes=said_yes,
        left=left,
        steps=rules.funnel(
            {
                "registered": count_coming(db, livestream.id, but=livestream.host_id),
                "came": len(came),
                "said_yes": said_yes,
                "met": len(people_met),
                "worth_it": worth_it,
            }
        ),
        points=points,
        peak=rules.peak(points),
        questions=questions,
        answered=answered,
        came_of=rules.came_of(later, CAME),
        quotes=quotes,
    )


def months_of(db: Session, actor: Actor, circle: Circle, number: int = 1) -> tuple[list[Month], bool]:
    """One page of who met whom in a circle, the latest month first, and whether there are earlier ones."""
    authorize(policy.may_read_circle_report, actor, membership_of(db, actor, circle.id))
    query = (
        select(Coffee)
        .where(Coffee.circle_id == circle.id, Coffee.state == "met")
        .order_by(Coffee.starts_at.desc(), Coffee.id)
        .offset((number - 1) * COFFEES_A_PAGE)
        .limit(COFFEES_A_PAGE + 1)
    )
    coffees = list(db.scalars(query))
    found: dict[datetime, list[Coffee]] = defaultdict(list)
    for coffee in coffees[:COFFEES_A_PAGE]:
        first_day = coffee.starts_at.replace(day=1, hour=12, minute=0, second=0, microsecond=0)
        found[first_day].append(coffee)
    months = [Month(first_day, one) for first_day, one in sorted(found.items(), reverse=True)]
    return months, len(coffees) > COFFEES_A_PAGE


def count_unlucky(db: Session, actor: Actor, circle: Circle) -> int:
    """How many members said yes the last time and had no coffee; never who."""
    authorize(policy.may_read_circle_report, actor, membership_of(db, actor, circle.id))
    query = (
        select(func.count(Luck.id))
        .join(Membership, (Membership.circle_id == Luck.circle_id) & (Membership.user_id == Luck.user_id))
        .where(Luck.circle_id == circle.id, Luck.missed > 0)
    )
    return db.scalar(query) or 0


def _coffees(db: Session, livestream_id: str) -> list[Coffee]:
    """Those that were agreed: one that somebody declined is nobody's business.

    Of the talks of its nazit those that took place: that one failed is nobody's fault.
    """
    agreed = (Coffee.kind == "coffee") & Coffee.state.in_(KEPT)
    query = select(Coffee).where(Coffee.occasion_id == livestream_id, agreed | (Coffee.state == "met"))
    return list(db.scalars(query.order_by(Coffee.starts_at)))


def _yes_counts(db: Session, livestream_id: str) -> tuple[int, int]:
    """How many said yes, and how many of them have had no coffee out of it."""
    query = (
        select(Yes.user_id)
        .join(Round, Round.id == Yes.round_id)
        .where(Round.livestream_id == livestream_id, Yes.state != "withdrawn")
    )
    said = set(db.scalars(query))
    seated = set(
        db.scalars(
            select(Seat.user_id)
            .join(Coffee, Coffee.id == Seat.coffee_id)
            .where(Coffee.occasion_id == livestream_id, Coffee.state.in_((*KEPT, "proposed")))
            .where(Coffee.kind == "coffee")
        )
    )
    return len(said), len(said - seated)


def _question_counts(db: Session, livestream_id: str) -> tuple[int, int]:
    query = (
        select(Question.state, func.count())
        .where(Question.livestream_id == livestream_id, Question.state != "hidden")
        .group_by(Question.state)
    )
    counts: dict[str, int] = {}
    for state, count in db.execute(query):
        counts[state] = count
    return sum(counts.values()), counts.get("answered", 0)
