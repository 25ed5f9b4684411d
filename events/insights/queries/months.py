"""The report of a circle: who met whom, month by month."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from events.circles.models import Circle, Membership
from events.circles.queries.circles import membership_of
from events.coffees.models import Coffee
from events.coffees.queries.took_place import took_place
from events.core.auth.actor import Actor, authorize
from events.core.db.paging import Page, window
from events.insights import policy
from events.insights.queries.trouble import trouble_of_circle
from events.insights.rules import figures
from events.insights.rules.trouble import Pattern
from events.rounds.models import FairnessScore


@dataclass(frozen=True)
class Month:
    """A page of who met whom in one month, how many coffees it had, and days of the months around it."""

    first_day: datetime
    count: int
    coffees: Page[Coffee]
    earlier: date | None
    later: date | None
    trouble: list[Pattern]  # of the last three months, whichever month is read


def month_of(db: Session, actor: Actor, circle: Circle, chosen: date | None, number: int = 1) -> Month | None:
    """Who met whom in one month of the circle's calendar: the chosen one, else the latest that has a coffee.

    None while nobody met. Each query reads a part of the index, however many months there are.
    """
    authorize(policy.may_read_circle_report, actor, membership_of(db, actor, circle.id))
    met = Coffee.circle_id == circle.id, took_place()
    zone = ZoneInfo(circle.zone)
    if chosen is None:
        latest = db.scalar(select(func.max(Coffee.starts_at)).where(*met))
        if latest is None:
            return None
        chosen = latest.astimezone(zone).date()
    first, after = figures.month_around(chosen, zone)
    within = *met, Coffee.starts_at >= first, Coffee.starts_at < after
    query = select(
        select(func.count(Coffee.id)).where(*within).scalar_subquery(),
        select(func.max(Coffee.starts_at)).where(*met, Coffee.starts_at < first).scalar_subquery(),
        select(func.min(Coffee.starts_at)).where(*met, Coffee.starts_at >= after).scalar_subquery(),
    )
    count, before, next_ = db.execute(query).one()
    ordered = select(Coffee).where(*within).order_by(Coffee.starts_at.desc(), Coffee.id)
    return Month(
        first_day=first,
        count=int(count),
        coffees=Page.of(db.scalars(window(ordered, number)), number),
        earlier=before.astimezone(zone).date() if before is not None else None,
        later=next_.astimezone(zone).date() if next_ is not None else None,
        trouble=trouble_of_circle(db, circle.id),
    )


def count_unlucky(db: Session, actor: Actor, circle: Circle) -> int:
    """How many members said yes the last time and had no coffee; never who."""
    authorize(policy.may_read_circle_report, actor, membership_of(db, actor, circle.id))
    query = (
        select(func.count(FairnessScore.id))
        .join(
            Membership,
            (Membership.circle_id == FairnessScore.circle_id) & (Membership.user_id == FairnessScore.user_id),
        )
        .where(FairnessScore.circle_id == circle.id, FairnessScore.missed > 0)
    )
    return db.scalar(query) or 0
