"""The report of one livestream: counts of people and conversations, never an answer or a minute of anyone."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from events.circles.queries.circles import membership_of
from events.coffees.models import Coffee
from events.coffees.queries.month_later import Quoted, list_quotes
from events.coffees.rules import OUTCOMES
from events.core.auth.actor import Actor, authorize
from events.core.db.paging import Page, window
from events.insights import policy
from events.insights.queries.evening import Evening, evening_of
from events.insights.queries.totals import CoffeeCounts, Totals, coffee_counts, is_reported, totals_of
from events.insights.queries.trouble import trouble_of_livestream
from events.insights.queries.viewers import list_names, list_points
from events.insights.rules import figures
from events.insights.rules.drawing import Drawing, draw
from events.insights.rules.figures import Point, Step
from events.insights.rules.trouble import Pattern
from events.livestreams.models import Livestream


@dataclass(frozen=True)
class Numbers:
    """Which page of each list of a report is read."""

    coffees: int = 1
    names: int = 1
    quotes: int = 1


FIRST = Numbers()


@dataclass(frozen=True)
class Figures:
    """The counts of a report, for a page and a file. `said`: chat messages from each point on."""

    livestream: Livestream
    phase: str
    totals: Totals
    coffees: CoffeeCounts
    steps: list[Step]
    points: list[Point]
    said: list[int]
    evening: Evening
    came_of: list[tuple[str, int]]  # a month later
    trouble: list[Pattern]

    @property
    def drawing(self) -> Drawing | None:
        return draw(self.points, self.said, self.evening.marks)

    @property
    def counts_viewers(self) -> bool:
        """Whether it is known how many watched: not of an evening elsewhere, nor of one that was not on."""
        return self.phase in {"on", "over"}


@dataclass(frozen=True)
class Report:
    """One page about one livestream: its figures, and a page of each of its lists."""

    figures: Figures
    names: list[str]  # of who came
    coffees: Page[Coffee]
    quotes: Page[Quoted]


def report_of(db: Session, actor: Actor, livestream: Livestream, numbers: Numbers = FIRST) -> Report:
    """The report of one livestream, in a fixed number of queries that count in the database."""
    return Report(
        figures=figures_of(db, actor, livestream),
        names=list_names(db, livestream, numbers.names),
        coffees=Page.of(db.scalars(window(_coffees(livestream.id), numbers.coffees)), numbers.coffees),
        quotes=list_quotes(db, livestream.id, numbers.quotes),
    )


def figures_of(db: Session, actor: Actor, livestream: Livestream) -> Figures:
    authorize(policy.may_read_report, actor, livestream, membership_of(db, actor, livestream.circle_id))
    phase = figures.phase(livestream.state, held_elsewhere=livestream.held_elsewhere)
    moments = _moments(livestream) if phase == "over" else []
    totals = totals_of(db, livestream, moments)
    coffees = coffee_counts(db, livestream.id)
    evening = evening_of(db, livestream)
    counts = {
        "registered": totals.registered,
        "came": totals.came if phase in {"on", "over"} else None,
        "said_yes": totals.said_yes,
        "met": coffees.people,
        "worth_it": coffees.worth_it,
    }
    return Figures(
        livestream=livestream,
        phase=phase,
        totals=totals,
        coffees=coffees,
        steps=figures.funnel(counts),
        points=list_points(db, livestream, moments),
        said=figures.messages(totals.numbers, figures.spread(evening.changed, moments)),
        evening=evening,
        came_of=figures.came_of(totals.came_of, OUTCOMES),
        trouble=trouble_of_livestream(db, livestream.id),
    )


def _moments(livestream: Livestream) -> list[datetime]:
    start, end = livestream.went_live_at, livestream.ended_at
    return figures.moments(start, end) if start and end else []


def _coffees(livestream_id: str) -> Select[Coffee]:
    query = select(Coffee).where(Coffee.occasion_id == livestream_id, is_reported())
    return query.order_by(Coffee.starts_at, Coffee.id)
