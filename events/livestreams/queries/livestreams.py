"""Queries about livestreams, limited to what the actor may see, and their calendar entry."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import Session, joinedload

from events.circles.models import Membership
from events.circles.policy import organises
from events.circles.queries.circles import list_memberships, membership_of
from events.core.auth.actor import Actor
from events.core.calendar.itip import Entry, Mailbox
from events.core.db.paging import ROWS_PER_PAGE, Page, window
from events.core.errors import NotFound
from events.livestreams import policy
from events.livestreams.models import AgendaItem, Livestream, LivestreamSlug
from events.livestreams.rules.schedule import current_item, sort_livestreams
from events.livestreams.rules.sources import source_of
from events.livestreams.rules.states import GATHERED, GONE, ON_AIR, OPEN, UPCOMING

MAX_LISTED = 100
MAX_ELSEWHERE = 20
MAX_UPCOMING = 5  # in the welcome mail
_AGENDA = (
    select(AgendaItem)
    .where(AgendaItem.livestream_id == bindparam("livestream_id"))
    .order_by(AgendaItem.position)
)
_SLUG = select(Livestream.slug).where(Livestream.id == bindparam("livestream_id"))
_VERSION = select(Livestream.version).where(Livestream.id == bindparam("livestream_id"))


def get_visible(db: Session, actor: Actor, slug: str) -> Livestream:
    """By current or former slug. Raises NotFound if the actor may not see it."""
    livestream = find_by_slug(db, slug)
    if livestream is None:
        raise NotFound
    if not policy.may_see(actor, livestream, membership_of(db, actor, livestream.circle_id)):
        raise NotFound
    return livestream


def find_by_slug(db: Session, slug: str) -> Livestream | None:
    """No permission check, for endpoints that show public fields only. Eager-loads circle and
    host."""
    found = db.scalar(_with_relations().where(Livestream.slug == slug))
    if found is None:
        former = db.get(LivestreamSlug, slug)
        found = find_livestream(db, former.livestream_id) if former is not None else None
    return found


def slug_of(db: Session, livestream_id: str) -> str:
    """The current slug. No permission check."""
    return db.execute(_SLUG, {"livestream_id": livestream_id}).scalar_one()


def find_version(db: Session, livestream_id: str) -> int | None:
    """The current state version, bypassing rows that the session already holds."""
    return db.scalar(_VERSION, {"livestream_id": livestream_id})


def find_livestream(db: Session, livestream_id: str) -> Livestream | None:
    return db.scalar(_with_relations().where(Livestream.id == livestream_id))


def find_held(db: Session, circle_id: str, title: str, starts_at: datetime) -> Livestream | None:
    """The evening held elsewhere that was entered with this title and start."""
    query = _with_relations().where(
        Livestream.circle_id == circle_id,
        Livestream.title == title,
        Livestream.starts_at == starts_at,
        Livestream.held_elsewhere,
    )
    return db.scalar(query.limit(1))


def get_livestream(db: Session, livestream_id: str) -> Livestream:
    """No permission check; for jobs, listeners and features above."""
    found = find_livestream(db, livestream_id)
    if found is None:
        raise NotFound
    return found


def lock_livestream(db: Session, livestream: Livestream) -> Livestream:
    """Row lock (SELECT ... FOR UPDATE) with a fresh read: ends and takings back are serialized."""
    query = select(Livestream).where(Livestream.id == livestream.id).with_for_update(of=Livestream)
    return db.scalars(query.execution_options(populate_existing=True)).one()


def list_agenda(db: Session, livestream_id: str) -> list[AgendaItem]:
    return list(db.scalars(_AGENDA, {"livestream_id": livestream_id}))


def list_visible(db: Session, actor: Actor, *, circle_id: str | None = None) -> list[Livestream]:
    """Visible livestreams of a circle: live, then upcoming, then past; the nearest of both."""
    memberships = list_memberships(db, actor) if actor.is_signed_in() else []
    which = [_visible_to(actor, memberships)]
    if circle_id is not None:
        which.append(Livestream.circle_id == circle_id)
    return sort_livestreams(db.scalars(_nearest(*which)))


def list_own(db: Session, actor: Actor, memberships: list[Membership], number: int) -> Page[Livestream]:
    """A page of livestreams of the actor's circles and keys, or, without a circle, of all visible.

    On air first, then lobby, upcoming (soonest first) and past (latest first).
    """
    which = [_visible_to(actor, memberships)]
    if memberships:
        which.append(_own(actor, memberships))
    ahead, over = Livestream.state.in_(("draft", *OPEN)), Livestream.state.in_(GONE)
    count = db.scalar(select(func.count(Livestream.id)).where(ahead, *which)) or 0
    place = case((Livestream.state.in_(ON_AIR), 0), (Livestream.state.in_(GATHERED), 1), else_=2)
    coming = _with_relations().where(ahead, *which).order_by(place, Livestream.starts_at, Livestream.id)
    rows = list(db.scalars(window(coming, number)))
    # Past ones fill the rest of the page, read in index order.
    past = _with_relations().where(over, *which).order_by(Livestream.starts_at.desc(), Livestream.id)
    before = max(0, (number - 1) * ROWS_PER_PAGE - count)
    rows += db.scalars(past.offset(before).limit(ROWS_PER_PAGE + 1 - len(rows)))
    return Page.of(rows, number)


def list_elsewhere(db: Session, actor: Actor, memberships: list[Membership]) -> list[Livestream]:
    """Upcoming public livestreams of other circles, for members of some circle."""
    if not memberships:
        return []
    query = _with_relations().where(_is_public(), Livestream.state.in_(OPEN), ~_own(actor, memberships))
    return sort_livestreams(db.scalars(query.order_by(Livestream.starts_at).limit(MAX_ELSEWHERE)))


def list_public(db: Session, circle_id: str) -> list[Livestream]:
    """A circle's public calendar, cancelled livestreams included."""
    query = _nearest(Livestream.circle_id == circle_id, _is_public())
    return list(db.scalars(query.order_by(Livestream.starts_at.desc())))


def next_livestream(db: Session, circle_id: str) -> Livestream | None:
    """The first one announced or in the lobby."""
    query = _with_relations().where(Livestream.circle_id == circle_id, Livestream.state.in_(UPCOMING))
    return db.scalar(query.order_by(Livestream.starts_at).limit(1))


def list_upcoming(db: Session, circle_id: str) -> list[Livestream]:
    """Announced or in the lobby, soonest first."""
    query = _with_relations().where(Livestream.circle_id == circle_id, Livestream.state.in_(UPCOMING))
    return list(db.scalars(query.order_by(Livestream.starts_at).limit(MAX_UPCOMING)))


def list_recent_hosts(db: Session, circle_id: str) -> set[str]:
    """Ids of people who hosted the circle's latest livestreams."""
    query = select(Livestream.host_id).where(Livestream.circle_id == circle_id)
    return set(db.scalars(query.order_by(Livestream.starts_at.desc()).limit(MAX_ELSEWHERE)))


def state_frame(livestream: Livestream, agenda: Iterable[AgendaItem]) -> dict[str, object]:
    """State as data for open pages. The source is included only when it may be played."""
    frame: dict[str, object] = {
        "livestream": livestream.slug,
        "state": livestream.state,
        "version": livestream.version,
        "starts_at": livestream.starts_at.isoformat(),
        "nazit": livestream.aftertalk,
    }
    source = source_of(livestream)
    if source and livestream.state in ON_AIR:
        frame["source"] = source
    item = current_item(agenda)
    if item is not None:
        frame["item"] = {"id": item.id, "title": item.title}
    note = livestream.cancel_note if livestream.state == "cancelled" else livestream.viewer_note
    if note:
        frame["note"] = note
    return frame


def calendar_entry(
    livestream: Livestream,
    url: str,
    *,
    sequence: int = 0,
    attendee: Mailbox | None = None,
    accepted: bool = False,
) -> Entry:
    """The calendar entry, with one UID everywhere.

    `url` is the page or a personal link. `sequence` is the recipient's registration's; added to the
    livestream's own it only rises.
    """
    return Entry(
        uid=livestream.calendar_uid,
        sequence=livestream.sequence + sequence,
        starts_at=livestream.starts_at,
        ends_at=livestream.ends_at,
        summary=livestream.title,
        description="\n\n".join(part for part in (livestream.lead, url) if part),
        location=url,
        url=url,
        cancelled=livestream.state == "cancelled",
        attendee=attendee,
        accepted=accepted,
    )


def _with_relations() -> Select[Livestream]:
    return select(Livestream).options(joinedload(Livestream.circle), joinedload(Livestream.host))


def _nearest(*which: ColumnElement[bool]) -> Select[Livestream]:
    """Bounded numbers of upcoming and of past ones, so that a long plan hides neither."""
    over = Livestream.state.in_(GONE)
    coming = select(Livestream.id).where(~over, *which).order_by(Livestream.starts_at)
    past = select(Livestream.id).where(over, *which).order_by(Livestream.starts_at.desc())
    half = MAX_LISTED // 2
    return _with_relations().where(
        or_(Livestream.id.in_(coming.limit(half)), Livestream.id.in_(past.limit(half)))
    )


def _is_public() -> ColumnElement[bool]:
    return and_(Livestream.published_at.is_not(None), Livestream.audience == "public")


def _own(actor: Actor, memberships: list[Membership]) -> ColumnElement[bool]:
    by_key = [subject for purpose, subject in actor.keys if purpose == "livestream"]
    circles = [membership.circle_id for membership in memberships]
    return or_(Livestream.circle_id.in_(circles), Livestream.id.in_(by_key))


def _visible_to(actor: Actor, memberships: list[Membership]) -> ColumnElement[bool]:
    published = Livestream.published_at.is_not(None)
    own = [membership.circle_id for membership in memberships]
    organised = [membership.circle_id for membership in memberships if organises(membership)]
    by_key = [subject for purpose, subject in actor.keys if purpose == "livestream"]
    hosted = and_(Livestream.host_id == actor.person_id, Livestream.circle_id.in_(own))
    return or_(
        _is_public(),
        and_(published, Livestream.id.in_(by_key)),
        and_(published, Livestream.circle_id.in_(own)),
        Livestream.circle_id.in_(organised),
        hosted,
    )
