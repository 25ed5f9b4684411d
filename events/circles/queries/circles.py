"""Queries about circles and memberships, limited to what the actor may see."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Select, func, inspect, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from events.accounts.models import User
from events.circles import policy
from events.circles.models import (
    Circle,
    CircleSlug,
    Interest,
    Invitation,
    JoinRequest,
    Membership,
    Topic,
)
from events.core.auth.actor import VISITOR, Actor, authorize
from events.core.db.paging import Page, matches, window
from events.core.db.read_batch import only_reads, read_once
from events.core.errors import NotFound


@dataclass(frozen=True)
class CurrentCircle:
    """The circle in a page's header. Not a row, so it survives a rollback."""

    id: str
    slug: str
    name: str
    colour: str | None = None
    logo: str | None = None

    @classmethod
    def of(cls, circle: Circle) -> "CurrentCircle":
        return cls(circle.id, circle.slug, circle.name, circle.colour, circle.logo)


@dataclass(frozen=True)
class MemberPage:
    """A page of members, with (asks, offers) by person."""

    members: Page[Membership]
    interests: dict[str, tuple[list[Topic], list[Topic]]]


def get_circle(db: Session, slug: str, actor: Actor = VISITOR) -> Circle:
    """By current or former slug; every circle has a public page. Raises NotFound.

    A page that reads all memberships of `actor` anyway finds their circle among these.
    """
    own = list_memberships(db, actor) if only_reads(db) else []
    circle = next((one.circle for one in own if one.circle.slug == slug), None)
    if circle is None:
        circle = db.scalar(select(Circle).where(Circle.slug == slug))
    if circle is None:
        former = db.get(CircleSlug, slug)
        circle = db.get(Circle, former.circle_id) if former is not None else None
    if circle is None:
        raise NotFound
    return circle


def lock_circle(db: Session, circle: Circle) -> None:
    """Lock the circle's row until commit, to serialise joining, leaving and role changes."""
    db.execute(select(Circle.id).where(Circle.id == circle.id).with_for_update())


def membership_of(db: Session, actor: Actor, circle_id: str) -> Membership | None:
    """The actor's membership; None for visitors and outsiders."""
    if actor.person_id is None:
        return None
    if only_reads(db):  # its menu lists all of them
        return next((one for one in list_memberships(db, actor) if one.circle_id == circle_id), None)
    return find_membership(db, actor.person_id, circle_id)


def find_membership(db: Session, user_id: str, circle_id: str) -> Membership | None:
    cache: dict[tuple[str, str], Membership] = db.info.setdefault("memberships", {})
    found = cache.get((user_id, circle_id))
    if found is None or not inspect(found).persistent:
        query = select(Membership).where(Membership.circle_id == circle_id, Membership.user_id == user_id)
        found = read_once(db, ("membership", user_id, circle_id), lambda: db.scalar(query))
        if found is not None:
            cache[(user_id, circle_id)] = found  # cached per session: every policy of a page asks for it
    return found


def find_memberships(db: Session, circle_id: str, user_ids: Collection[str]) -> dict[str, Membership]:
    """Memberships of these people by person; those who are no members are absent."""
    query = select(Membership).where(Membership.circle_id == circle_id, Membership.user_id.in_(user_ids))
    return {found.user_id: found for found in db.scalars(query)}


def list_memberships(db: Session, actor: Actor) -> list[Membership]:
    """The actor's memberships by circle name."""
    if actor.person_id is None:
        return []
    query = select(Membership).join(Circle).where(Membership.user_id == actor.person_id).order_by(Circle.name)
    query = query.options(joinedload(Membership.circle))
    return read_once(db, ("memberships", actor.person_id), lambda: list(db.scalars(query)))


def list_own_circles(db: Session, actor: Actor) -> list[CurrentCircle]:
    """The actor's circles by name, for the page header."""
    return [CurrentCircle.of(membership.circle) for membership in list_memberships(db, actor)]


def current_circle(circles: list[CurrentCircle], chosen_slug: str | None = None) -> CurrentCircle | None:
    """The chosen circle, else the first by name."""
    chosen = [circle for circle in circles if circle.slug == chosen_slug]
    return next(iter(chosen or circles), None)


def get_member(db: Session, actor: Actor, circle: Circle, user_id: str) -> Membership:
    """Raises NotFound for an unlisted member, except to organisers and to that member."""
    own = membership_of(db, actor, circle.id)
    authorize(policy.may_see_members, actor, own)
    found = find_membership(db, user_id, circle.id)
    if found is None or not (found.listed or found.user_id == actor.person_id or policy.organises(own)):
        raise NotFound
    return found


def find_members(db: Session, actor: Actor, circle: Circle, search: str, number: int) -> MemberPage:
    """A page of members. `search` matches name, company, headline, asks and offers."""
    query = visible_members(db, actor, circle)
    for word in search.split()[:5]:
        topics = (
            select(Interest.membership_id)
            .join(Topic)
            .where(
                Topic.circle_id == circle.id,
                or_(
                    Topic.name_nl.icontains(word, autoescape=True),
                    Topic.name_en.icontains(word, autoescape=True),
                ),
            )
        )
        columns = (User.name, User.company, User.headline)
        query = query.where(
            or_(*(column.icontains(word, autoescape=True) for column in columns), Membership.id.in_(topics))
        )
    members = Page.of(db.scalars(_by_name(query, number)), number)
    interests = list_interests(db, circle.id, [member.user_id for member in members.rows])
    return MemberPage(members, interests)


def find_invitation(db: Session, user_id: str, circle_id: str) -> Invitation | None:
    """The invitation that this person can accept, also after saying no to it."""
    return db.scalar(open_invitations(circle_id).where(Invitation.user_id == user_id))


def find_request(db: Session, user_id: str, circle_id: str) -> JoinRequest | None:
    query = select(JoinRequest).where(JoinRequest.circle_id == circle_id, JoinRequest.user_id == user_id)
    return db.scalar(query)


def list_choices(db: Session, actor: Actor, circle: Circle, search: str) -> Page[Membership]:
    """The first page of a member search, to choose a person from."""
    query = visible_members(db, actor, circle).where(*matches(search, User.name, User.company))
    return Page.of(db.scalars(_by_name(query, 1)), 1)


def list_member_ids(db: Session, circle_id: str) -> list[str]:
    return list(db.scalars(select(Membership.user_id).where(Membership.circle_id == circle_id)))


def list_organiser_ids(db: Session, circle_id: str) -> list[str]:
    """Ids of the team, which receives mail as a whole."""
    query = select(Membership.user_id).where(
        Membership.circle_id == circle_id, Membership.role.in_(("owner", "organiser"))
    )
    return list(db.scalars(query.order_by(Membership.created_at)))


def list_organisers(db: Session, circle_id: str) -> list[User]:
    """The people of the team, longest first."""
    team = Membership.circle_id == circle_id, Membership.role.in_(("owner", "organiser"))
    return list(db.scalars(select(User).join(Membership).where(*team).order_by(Membership.created_at)))


def count_members(db: Session, circle_id: str) -> int:
    return db.scalar(select(func.count(Membership.id)).where(Membership.circle_id == circle_id)) or 0


def list_topics(db: Session, circle_id: str) -> list[Topic]:
    return list(db.scalars(select(Topic).where(Topic.circle_id == circle_id).order_by(Topic.name_nl)))


def list_interests(
    db: Session, circle_id: str, user_ids: list[str]
) -> dict[str, tuple[list[Topic], list[Topic]]]:
    """(asks, offers) of each of these people, in two queries."""
    query = (
        select(Membership.user_id, Interest)
        .join(Interest, Interest.membership_id == Membership.id)
        .where(Membership.circle_id == circle_id, Membership.user_id.in_(user_ids))
        .options(joinedload(Interest.topic))
    )
    found: dict[str, tuple[list[Topic], list[Topic]]] = defaultdict(lambda: ([], []))
    for user_id, interest in db.execute(query):
        found[user_id][0 if interest.side == "asks" else 1].append(interest.topic)
    return found


def visible_members(db: Session, actor: Actor, circle: Circle) -> Select[Membership]:
    """Listed members and the actor; every member for organisers. Joined with User."""
    own = membership_of(db, actor, circle.id)
    authorize(policy.may_see_members, actor, own)
    query = select(Membership).join(User).where(Membership.circle_id == circle.id)
    if not policy.organises(own):
        query = query.where(or_(Membership.listed, Membership.user_id == actor.person_id))
    return query


def _by_name(members: Select[Membership], number: int) -> Select[Membership]:
    """A page of members with their people. Sorts ids only, which is faster than whole rows."""
    order = func.lower(User.name), User.id
    ids = window(members.with_only_columns(Membership.id).order_by(*order), number)
    query = select(Membership).join(User).where(Membership.id.in_(ids)).order_by(*order)
    return query.options(contains_eager(Membership.user))


def open_invitations(circle_id: str) -> Select[Invitation]:
    return select(Invitation).where(
        Invitation.circle_id == circle_id,
        Invitation.accepted_at.is_(None),
        Invitation.withdrawn_at.is_(None),
    )
