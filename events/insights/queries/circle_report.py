"""The report of a circle: its conversations by month and against its goal, who met whom, and who is new."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session

from events.accounts.models import User
from events.circles.models import Circle, Membership
from events.circles.queries.circles import membership_of
from events.coffees.models import Coffee, Seat
from events.coffees.queries.took_place import took_place
from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.core.db.paging import Page, window
from events.insights import policy
from events.insights.models import CircleGoal
from events.insights.queries.trouble import trouble_of_circle
from events.insights.rules import figures, quarters
from events.insights.rules.quarters import Progress
from events.insights.rules.trouble import Pattern
from events.rounds.models import FairnessScore

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class MonthCount:
    """A month and its conversations; `share` is a whole percentage of the month with most."""

    first_day: datetime
    count: int
    share: int


@dataclass(frozen=True)
class Month:
    """Who met whom in one month, and days of the months around it that had a coffee.

    `share`: percent of the members who spoke to somebody.
    """

    first_day: datetime
    count: int
    people: int
    share: int | None
    coffees: Page[Coffee]
    earlier: date | None
    later: date | None


@dataclass(frozen=True)
class Newcomer:
    name: str
    user_id: str
    joined_at: datetime
    has_met: bool


@dataclass(frozen=True)
class CircleReport:
    """`month` is None while nobody met; the quarter is that of the chosen month, else this one.

    `unlucky`: how many members said yes the last time and had no coffee; never who.
    """

    quarter: Span
    is_this_quarter: bool
    progress: Progress
    months: list[MonthCount]
    month: Month | None
    joined: int
    joined_and_met: int
    newcomers: Page[Newcomer]
    unlucky: int
    trouble: list[Pattern]  # of the last three months, whichever month is read


def report_of(
    db: Session, actor: Actor, circle: Circle, chosen: date | None, number: int = 1, newcomers: int = 1
) -> CircleReport:
    """Months and quarters by the circle's calendar: the chosen month, else the latest that has a coffee."""
    authorize(policy.may_read_circle_report, actor, membership_of(db, actor, circle.id))
    zone, now = ZoneInfo(circle.zone), clock.now()
    today = now.astimezone(zone).date()
    met = and_(Coffee.circle_id == circle.id, took_place())
    earliest, latest = db.execute(select(_first(met), _last(met))).one()
    day = latest.astimezone(zone).date() if chosen is None and latest is not None else chosen
    quarter = quarters.quarter_around(today if chosen is None else chosen, zone)
    month = quarters.month_around(today if day is None else day, zone)
    spans = quarters.months_until(today, zone)
    joined, has_met = _joined(circle, quarter), _has_met(met, quarter)
    query = select(
        _count(met, month),
        _people_at(met, month),
        _last(met, Coffee.starts_at < month[0]),
        _first(met, Coffee.starts_at >= month[1]),
        _members(circle),
        _unlucky(circle),
        _count(met, quarter),
        _goal(circle, quarter),
        select(func.count(Membership.id)).where(*joined).scalar_subquery(),
        select(func.count(Membership.id)).where(*joined, has_met).scalar_subquery(),
        *(_count(met, span) for span in spans),
    )
    count, people, before, after, members, unlucky, done, goal, new, new_met, *by_month = db.execute(
        query
    ).one()
    return CircleReport(
        quarter=quarter,
        is_this_quarter=quarter[0] <= now < quarter[1],
        progress=quarters.progress(done, goal, *quarter, now),
        months=_months(spans, by_month, earliest),
        month=None if day is None or latest is None else Month(
            first_day=month[0],
            count=count,
            people=people,
            share=figures.share_of(people, members),
            coffees=_coffees(db, met, month, number),
            earlier=before.astimezone(zone).date() if before is not None else None,
            later=after.astimezone(zone).date() if after is not None else None,
        ),
        joined=new,
        joined_and_met=new_met,
        newcomers=_newcomers(db, joined, has_met, newcomers),
        unlucky=unlucky,
        trouble=trouble_of_circle(db, circle.id),
    )  # fmt: skip


def _months(spans: list[Span], counts: list[int], earliest: datetime | None) -> list[MonthCount]:
    """From the first month with a coffee on; latest first."""
    most = max(counts, default=0) or 1
    return [
        MonthCount(first, count, round(100 * count / most))
        for (first, after), count in zip(spans, counts, strict=True)
        if earliest is not None and after > earliest
    ]


def _coffees(db: Session, met: ColumnElement[bool], month: Span, number: int) -> Page[Coffee]:
    query = select(Coffee).where(met, *_within(month)).order_by(Coffee.starts_at.desc(), Coffee.id)
    return Page.of(db.scalars(window(query, number)), number)


def _newcomers(
    db: Session, joined: tuple[ColumnElement[bool], ...], has_met: ColumnElement[bool], number: int
) -> Page[Newcomer]:
    order = Membership.created_at.desc(), Membership.id
    ids = window(select(Membership.id).where(*joined).order_by(*order), number)  # names of one page only
    query = (
        select(User.name, User.id, Membership.created_at, has_met).join(User).where(Membership.id.in_(ids))
    )
    found = db.execute(query.order_by(*order))
    return Page.of((Newcomer(*row) for row in found), number)


def _joined(circle: Circle, quarter: Span) -> tuple[ColumnElement[bool], ...]:
    return (
        Membership.circle_id == circle.id,
        Membership.role == "member",
        Membership.created_at >= quarter[0],
        Membership.created_at < quarter[1],
    )


def _has_met(met: ColumnElement[bool], quarter: Span) -> ColumnElement[bool]:
    """Of who joined in the quarter. Reads once who met since then, not each member apart."""
    seats = select(Seat.user_id).join(Coffee, Coffee.id == Seat.coffee_id)
    return Membership.user_id.in_(seats.where(met, Coffee.starts_at >= quarter[0]))


def _within(span: Span) -> tuple[ColumnElement[bool], ...]:
    return Coffee.starts_at >= span[0], Coffee.starts_at < span[1]


def _count(met: ColumnElement[bool], span: Span) -> ColumnElement[int]:
    return select(func.count()).where(met, *_within(span)).scalar_subquery()


def _people_at(met: ColumnElement[bool], span: Span) -> ColumnElement[int]:
    query = select(func.count(Seat.user_id.distinct())).join(Coffee, Coffee.id == Seat.coffee_id)
    return query.where(met, *_within(span)).scalar_subquery()


def _first(*conditions: ColumnElement[bool]) -> ColumnElement[datetime]:
    return select(func.min(Coffee.starts_at)).where(*conditions).scalar_subquery()


def _last(*conditions: ColumnElement[bool]) -> ColumnElement[datetime]:
    return select(func.max(Coffee.starts_at)).where(*conditions).scalar_subquery()


def _members(circle: Circle) -> ColumnElement[int]:
    return select(func.count(Membership.id)).where(Membership.circle_id == circle.id).scalar_subquery()


def _unlucky(circle: Circle) -> ColumnElement[int]:
    member = and_(
        Membership.circle_id == FairnessScore.circle_id, Membership.user_id == FairnessScore.user_id
    )
    query: Select[int] = select(func.count(FairnessScore.id)).join(Membership, member)
    return query.where(FairnessScore.circle_id == circle.id, FairnessScore.missed > 0).scalar_subquery()


def _goal(circle: Circle, quarter: Span) -> ColumnElement[int | None]:
    query = select(CircleGoal.conversations).where(
        CircleGoal.circle_id == circle.id, CircleGoal.since <= quarter[0].date()
    )
    return query.order_by(CircleGoal.since.desc()).limit(1).scalar_subquery()
