"""Read model of a circle's page: its livestreams, recordings and team, as far as this reader may know."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, case, or_, select
from sqlalchemy.orm import Session, joinedload

from events.accounts.models import User
from events.circles.models import Circle, Membership
from events.circles.policy import organises
from events.core.auth.actor import Actor
from events.core.db.paging import Page, window
from events.livestreams.models import Livestream
from events.livestreams.policy import may_see
from events.livestreams.rules.states import GONE, ON_AIR, OPEN
from events.recordings.queries.shelf import ShelfItem, list_shelf

MAX_EVENINGS, MAX_RECORDINGS, MAX_TEAM = 4, 3, 12


@dataclass(frozen=True)
class Evening:
    """A livestream as a row. `opens`: whether this reader may open its page; else only title and date."""

    livestream: Livestream
    opens: bool


@dataclass(frozen=True)
class CirclePage:
    """`more`: whether there are livestreams beside `evenings`. `team` agreed to be named, or are known to a
    member anyway; `named` is the reader's own choice, None for who is not of the team."""

    evenings: list[Evening]
    more: bool
    shelf: list[ShelfItem]
    more_recordings: bool
    team: list[User]
    named: bool | None

    @property
    def first(self) -> Livestream | None:
        """The one on air, else the next one that this reader may open."""
        return next((evening.livestream for evening in self.evenings if evening.opens), None)


def circle_page_of(db: Session, actor: Actor, circle: Circle, own: Membership | None) -> CirclePage:
    """`own` is the membership of a reader who signed in."""
    shown = _shown_to(circle, own)
    coming = _with_relations(circle).where(Livestream.state.in_(OPEN), shown)
    order = case((Livestream.state.in_(ON_AIR), 0), else_=1), Livestream.starts_at, Livestream.id
    found = list(db.scalars(coming.order_by(*order).limit(MAX_EVENINGS + 1)))
    shelf = list_shelf(db, actor, circle, 1)
    over = shelf.more or bool(shelf.rows)
    return CirclePage(
        evenings=_rows(actor, own, found[:MAX_EVENINGS]),
        more=len(found) > MAX_EVENINGS or over,
        shelf=shelf.rows[:MAX_RECORDINGS],
        more_recordings=shelf.more or len(shelf.rows) > MAX_RECORDINGS,
        team=list_named_team(db, circle, own),
        named=own.named if own is not None and organises(own) else None,
    )


def list_evenings(
    db: Session, actor: Actor, circle: Circle, own: Membership | None, number: int
) -> Page[Evening]:
    """A page of a circle's published livestreams: on air, then to come, then past ones, latest first."""
    over = Livestream.state.in_(GONE)
    order = (
        case((Livestream.state.in_(ON_AIR), 0), (over, 2), else_=1),
        case((~over, Livestream.starts_at)),
        Livestream.starts_at.desc(),
        Livestream.id,
    )
    query = _with_relations(circle).where(Livestream.state != "draft", _shown_to(circle, own))
    found = Page.of(db.scalars(window(query.order_by(*order), number)), number)
    return Page(_rows(actor, own, found.rows), found.number, found.more)


def list_named_team(db: Session, circle: Circle, own: Membership | None) -> list[User]:
    """The team, longest first: to visitors who agreed, to members also who is in their list."""
    known = Membership.named if own is None else or_(Membership.named, Membership.listed)
    query = (
        select(User)
        .join(Membership)
        .where(Membership.circle_id == circle.id, Membership.role.in_(("owner", "organiser")), known)
    )
    return list(db.scalars(query.order_by(Membership.created_at, User.id).limit(MAX_TEAM)))


def _shown_to(circle: Circle, own: Membership | None) -> ColumnElement[bool]:
    """Published ones: all to members, to others public ones, and those to come where the circle says so."""
    published = Livestream.published_at.is_not(None)
    if own is not None:
        return published
    which = Livestream.audience == "public"
    if circle.shows_members_evenings:
        which = or_(which, Livestream.state.in_(OPEN))
    return and_(published, which)


def _with_relations(circle: Circle) -> Select[Livestream]:
    query = select(Livestream).where(Livestream.circle_id == circle.id)
    return query.options(joinedload(Livestream.circle), joinedload(Livestream.host))


def _rows(actor: Actor, own: Membership | None, found: list[Livestream]) -> list[Evening]:
    return [Evening(one, may_see(actor, one, own)) for one in found]
