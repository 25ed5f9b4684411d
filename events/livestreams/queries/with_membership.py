"""Queries for frames: a livestream and the actor's membership in one statement, or for many actors
in two."""

from collections.abc import Iterable
from typing import Any, TypeAlias

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from events.circles.models import Membership
from events.circles.queries.circles import membership_of
from events.core.auth.actor import Actor
from events.core.db.session import Base
from events.core.errors import NotFound
from events.livestreams import policy
from events.livestreams.models import Livestream
from events.livestreams.queries.livestreams import find_version, get_visible, list_agenda, state_frame
from events.livestreams.rules.states import ON_AIR

Cache: TypeAlias = dict[tuple[str, str | None], tuple[Livestream, Membership | None]]
_CACHE = "livestreams with membership"
_WITH_MEMBERSHIP = (  # compiled once: compiling costs more than running it
    select(Livestream, Membership)
    .outerjoin(
        Membership,
        and_(Membership.circle_id == Livestream.circle_id, Membership.user_id == bindparam("person_id")),
    )
    .where(Livestream.slug == bindparam("slug"))
)
_livestreams, _memberships = Base.metadata.tables["livestream"], Base.metadata.tables["membership"]
_READ_BY_POLICIES = [
    _livestreams.c[name]
    for name in (
        "id", "circle_id", "host_id", "slug", "audience", "state", "version", "published_at", "ended_at",
    )
]  # fmt: skip
_FOR_RIGHTS = (  # without objects: runs for every message
    select(*_READ_BY_POLICIES, _memberships.c.role)
    .outerjoin(
        _memberships,
        and_(
            _memberships.c.circle_id == _livestreams.c.circle_id,
            _memberships.c.user_id == bindparam("person_id"),
        ),
    )
    .where(_livestreams.c.slug == bindparam("slug"))
)


def get_for_rights(db: Session, actor: Actor, slug: str) -> tuple[Any, Any]:
    """`get_with_membership` as rows with only the columns that policies read, in half the time."""
    if (slug, actor.person_id) in db.info.get(_CACHE, {}):
        return get_with_membership(db, actor, slug)
    row: Any = db.execute(_FOR_RIGHTS, {"slug": slug, "person_id": actor.person_id}).first()
    if row is None:  # a former slug
        return get_with_membership(db, actor, slug)
    membership = row if row.role is not None else None
    if not policy.may_see(actor, row, membership):
        raise NotFound
    return row, membership


def get_with_membership(db: Session, actor: Actor, slug: str) -> tuple[Livestream, Membership | None]:
    """A visible livestream by current or former slug, and the actor's membership in its circle.

    Circle and host are not loaded.
    """
    prefetched: Cache = db.info.get(_CACHE, {})
    found = prefetched.get((slug, actor.person_id))
    if found is None:
        found = db.execute(_WITH_MEMBERSHIP, {"slug": slug, "person_id": actor.person_id}).first()
    if found is None:
        livestream = get_visible(db, actor, slug)
        return livestream, membership_of(db, actor, livestream.circle_id)
    if not policy.may_see(actor, *found):
        raise NotFound
    return found[0], found[1]


def prefetch_with_membership(db: Session, asked: Iterable[tuple[Actor, str]]) -> None:
    """Load `get_with_membership` for many (actor, slug) pairs in two queries."""
    missing = {(slug, actor.person_id) for actor, slug in asked}
    cache: Cache = db.info.setdefault(_CACHE, {})
    missing -= cache.keys()
    if not missing:
        return
    livestreams = db.scalars(select(Livestream).where(Livestream.slug.in_({slug for slug, _ in missing})))
    by_slug = {livestream.slug: livestream for livestream in livestreams}
    people = {person for _slug, person in missing if person is not None}
    circles = {livestream.circle_id for livestream in by_slug.values()}
    rows = db.scalars(
        select(Membership).where(Membership.circle_id.in_(circles), Membership.user_id.in_(people))
    )
    memberships = {(row.circle_id, row.user_id): row for row in rows}
    for slug, person in missing:
        livestream = by_slug.get(slug)
        if livestream is not None:
            membership = memberships.get((livestream.circle_id, person)) if person is not None else None
            cache[slug, person] = livestream, membership


def current_frame(db: Session, livestream: Livestream) -> dict[str, object]:
    """`state_frame` with current values, bypassing rows that the session already holds."""
    if find_version(db, livestream.id) != livestream.version:
        db.refresh(livestream)
    agenda = list_agenda(db, livestream.id) if livestream.state in ON_AIR else []
    return state_frame(livestream, agenda)
