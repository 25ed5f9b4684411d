"""Queries on who watched a livestream live: counted in the database, whatever the number of stays.

A viewer is neither the host nor one of the circle's team; the desk is no place to watch from.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from events.accounts.models import User
from events.circles.models import Membership
from events.core.db.session import UtcDateTime
from events.insights.rules import figures
from events.insights.rules.figures import Point
from events.livestreams.models import Livestream
from events.presence.models import Stay
from events.presence.rules import HEARTBEAT_TTL
from events.registrations.models import Registration

NAMES_A_PAGE = 200


def select_came_count(livestream: Livestream) -> Select[int]:
    return select(func.count(Stay.user_id.distinct())).where(*_watched(livestream))


def select_registered_count(livestream: Livestream) -> Select[int]:
    return select(func.count(Registration.id)).where(
        Registration.livestream_id == livestream.id,
        Registration.state == "coming",
        _outside_the_team(Registration.user_id, livestream),
    )


def list_names(db: Session, livestream: Livestream, number: int) -> list[str]:
    """A page of the names of who came; never with minutes."""
    came = select(Stay.user_id).where(*_watched(livestream))
    query = select(User.name).where(User.id.in_(came)).order_by(User.name, User.id)
    return list(db.scalars(query.offset((number - 1) * NAMES_A_PAGE).limit(NAMES_A_PAGE)))


def list_points(db: Session, livestream: Livestream, moments: list[datetime]) -> list[Point]:
    """How many watched at each of the moments. Somebody in two tabs is one viewer.

    The database counts the people by the first moment they saw and the first one they missed.
    """
    if not moments:
        return []
    left = _left_at(livestream)
    # A second tab counts from when the first one closed.
    before = func.max(left).over(
        partition_by=Stay.user_id, order_by=(Stay.entered_at, Stay.id), rows=(None, -1)
    )
    stays = select(Stay.entered_at, left.label("left_at"), before.label("before")).where(
        *_watched(livestream)
    )
    stay = stays.subquery().c
    overlaps = and_(stay.before.is_not(None), stay.before >= stay.entered_at)
    came = case(
        (
            overlaps,
            case(*((stay.before < moment, at) for at, moment in enumerate(moments)), else_=len(moments)),
        ),
        *((stay.entered_at <= moment, at) for at, moment in enumerate(moments)),
        else_=len(moments),
    )
    backwards = reversed(list(enumerate(moments, start=1)))
    gone = case(*((stay.left_at >= moment, at) for at, moment in backwards), else_=0)
    query = select(came.label("came"), gone.label("gone"), func.count().label("people"))
    query = query.group_by("came", "gone")
    return figures.curve([tuple(row) for row in db.execute(query)], moments)


def _watched(livestream: Livestream) -> tuple[ColumnElement[bool], ...]:
    """Conditions on a stay: of a viewer, and of some length before the end."""
    conditions = (
        Stay.livestream_id == livestream.id,
        Stay.desk.is_(False),
        _outside_the_team(Stay.user_id, livestream),
        _left_at(livestream) > Stay.entered_at,
    )
    if livestream.ended_at is None:
        return conditions
    return (*conditions, Stay.entered_at < livestream.ended_at)


def _left_at(livestream: Livestream) -> ColumnElement[datetime]:
    """The end of a stay, as `presence.rules.interval_of` has it."""
    end = livestream.ended_at
    if end is None:
        return func.coalesce(Stay.left_at, Stay.seen_at)
    return case(
        (Stay.left_at.is_not(None), Stay.left_at),
        (Stay.seen_at >= end - HEARTBEAT_TTL, literal(end, UtcDateTime())),
        else_=Stay.seen_at,
    )


def _outside_the_team(person: InstrumentedAttribute[str], livestream: Livestream) -> ColumnElement[bool]:
    team = select(Membership.user_id).where(
        Membership.circle_id == livestream.circle_id, Membership.role.in_(("owner", "organiser"))
    )
    return and_(person != livestream.host_id, person.not_in(team))
