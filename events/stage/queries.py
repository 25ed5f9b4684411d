"""Queries of the livestream page: rooms that need a heartbeat, and people who can start besides the host."""

from datetime import timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from events.accounts.models import User
from events.circles.models import Circle
from events.circles.policy import organises
from events.circles.queries.circles import list_organisers, membership_of, visible_members
from events.core import clock
from events.core.auth.actor import Actor
from events.livestreams.models import Livestream
from events.livestreams.queries.livestreams import find_livestream, list_visible
from events.livestreams.rules.states import GATHERED, OVER, UPCOMING
from events.stage.rules import NamedMember

BEATS_AFTER_END = timedelta(hours=6)


def list_beating(db: Session) -> list[Livestream]:
    """The livestreams whose rooms are in use: going on, or ended a short while ago."""
    lately = clock.now() - BEATS_AFTER_END
    query = select(Livestream).where(
        or_(
            Livestream.state.in_(GATHERED),
            Livestream.state.in_(OVER) & (Livestream.ended_at > lately),
        )
    )
    return list(db.scalars(query))


def next_visible(db: Session, actor: Actor, livestream: Livestream) -> Livestream | None:
    """The circle's next livestream that this reader may open; a key to another one opens none."""
    found = list_visible(db, actor, circle_id=livestream.circle_id)
    ahead = [one for one in found if one.state in UPCOMING and one.id != livestream.id]
    return min(ahead, key=lambda one: one.starts_at, default=None)


def page_title(db: Session, livestream_id: str) -> str | None:
    livestream = find_livestream(db, livestream_id)
    return livestream.title if livestream is not None else None


def page_path(db: Session, livestream_id: str) -> str | None:
    """Where a personal key for a livestream leads; None once it is gone."""
    livestream = find_livestream(db, livestream_id)
    return f"/livestreams/{livestream.slug}" if livestream is not None else None


def list_named_members(db: Session, actor: Actor, circle: Circle) -> list[NamedMember]:
    """Members that this actor may see, with what they may be called by."""
    query = visible_members(db, actor, circle).with_only_columns(User.id, User.name, User.company, User.email)
    by_address = organises(membership_of(db, actor, circle.id))
    return [
        NamedMember(id_, name, f"{name} ({company})" if company else name, email if by_address else "")
        for id_, name, company, email in db.execute(query)
    ]


def list_starters(db: Session, livestream: Livestream) -> list[str]:
    """The first names of those who can start it when the host cannot."""
    team = list_organisers(db, livestream.circle_id)
    return [one.first_name for one in team if one.id != livestream.host_id]
