"""Query on members of whom a circle saw no sign for a long time: a list for a personal word."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CompoundSelect, select, union
from sqlalchemy.orm import Session

from events.accounts.models import User
from events.circles.models import Circle, Membership
from events.circles.queries.circles import membership_of
from events.coffees.models import Coffee, Seat
from events.coffees.rules import PAST_OR_AGREED
from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.core.db.paging import Page, window
from events.insights import policy
from events.insights.rules.quarters import LONG
from events.livestreams.models import Livestream
from events.presence.models import Stay
from events.registrations.models import Registration
from events.rounds.models import OptIn, Round


@dataclass(frozen=True)
class NotSeen:
    name: str
    user_id: str
    joined_at: datetime


def list_not_seen(db: Session, actor: Actor, circle: Circle, number: int) -> Page[NotSeen]:
    """By name; never since when, as that would tell when somebody last looked.

    The period is the same for every reader: two lists of different periods would bracket that day.
    """
    authorize(policy.may_read_circle_report, actor, membership_of(db, actor, circle.id))
    since = clock.now() - LONG
    query = (
        select(User.name, User.id, Membership.created_at)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.circle_id == circle.id, Membership.role == "member")
        .where(Membership.created_at < since, Membership.user_id.not_in(_seen(circle.id, since)))
        .order_by(User.name, User.id)
    )
    return Page.of((NotSeen(*row) for row in db.execute(window(query, number))), number)


def _seen(circle_id: str, since: datetime) -> CompoundSelect[str]:
    """Who came, registered, said yes to a coffee or had one. Watching a recording is private."""
    came = select(Stay.user_id).join(Livestream, Livestream.id == Stay.livestream_id)
    registered = select(Registration.user_id).join(Livestream, Livestream.id == Registration.livestream_id)
    said_yes = select(OptIn.user_id).join(Round, Round.id == OptIn.round_id)
    sat = select(Seat.user_id).join(Coffee, Coffee.id == Seat.coffee_id)
    return union(
        came.where(Livestream.circle_id == circle_id, Stay.entered_at >= since),
        registered.where(Livestream.circle_id == circle_id, Registration.changed_at >= since),
        said_yes.where(Round.circle_id == circle_id, OptIn.opted_in_at >= since),
        sat.where(Coffee.circle_id == circle_id, Coffee.state.in_(PAST_OR_AGREED), Coffee.starts_at >= since),
    )
