"""Queries about the companies of a circle, with those of their people whom the actor may see."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, contains_eager

from events.accounts.models import User
from events.circles import policy
from events.circles.models import Circle, Company, Membership
from events.circles.queries.circles import MemberPage, list_interests, membership_of, visible_members
from events.core.auth.actor import Actor, authorize
from events.core.db.paging import Page, matches, window
from events.core.errors import NotFound
from events.core.ids import ID_LENGTH

MAX_SHOWN = 5  # people of one company in the list of companies
MAX_SUGGESTED = 100


@dataclass(frozen=True)
class Group:
    """A company in the list, with its first people by name and how many there are."""

    company: Company
    people: list[Membership]
    count: int


def find_company(db: Session, circle_id: str, key: str) -> Company | None:
    return db.scalar(select(Company).where(Company.circle_id == circle_id, Company.key == key))


def get_company(db: Session, actor: Actor, circle: Circle, company_id: str) -> Company:
    """NotFound unless one of its people is visible to the actor."""
    visible = _visible(db, actor, circle).where(Company.id == company_id)
    found = db.scalar(visible.limit(1)) if len(company_id) == ID_LENGTH else None
    if found is None:
        raise NotFound
    return found


def list_companies(db: Session, actor: Actor, circle: Circle, search: str, number: int) -> Page[Group]:
    """A page of companies by name; those of whose people nobody is visible are left out."""
    query = _visible(db, actor, circle).where(*matches(search, Company.name)).distinct()
    found = Page.of(db.scalars(window(query.order_by(Company.key, Company.id), number)), number)
    ids = [company.id for company in found.rows]
    place = func.row_number().over(
        partition_by=Membership.company_id, order_by=(func.lower(User.name), User.id)
    )
    count = func.count().over(partition_by=Membership.company_id)
    ranked = (
        visible_members(db, actor, circle)
        .where(Membership.company_id.in_(ids))
        .with_only_columns(Membership.id, place.label("place"), count.label("count"))
        .subquery()
    )
    rows = (
        select(Membership, ranked.c.count)
        .join(ranked, ranked.c.id == Membership.id)
        .join(User, User.id == Membership.user_id)
        .where(ranked.c.place <= MAX_SHOWN)
        .order_by(ranked.c.place)
        .options(contains_eager(Membership.user))
    )
    people: dict[str, list[Membership]] = {id_: [] for id_ in ids}
    counts: dict[str, int] = {}
    for membership, many in db.execute(rows):
        people[membership.company_id].append(membership)
        counts[membership.company_id] = many
    groups = [Group(company, people[company.id], counts[company.id]) for company in found.rows]
    return Page(groups, found.number, found.more)


def list_people(db: Session, actor: Actor, circle: Circle, company: Company, number: int) -> MemberPage:
    """A page of the company's people by name, with what they ask and offer."""
    query = visible_members(db, actor, circle).where(Membership.company_id == company.id)
    query = query.order_by(func.lower(User.name), User.id).options(contains_eager(Membership.user))
    members = Page.of(db.scalars(window(query, number)), number)
    interests = list_interests(db, circle.id, [member.user_id for member in members.rows])
    return MemberPage(members, interests)


def suggest_companies(db: Session, actor: Actor, circle: Circle) -> list[str]:
    """Names of companies with listed people, those with most first, for a field to choose from."""
    authorize(policy.may_see_members, actor, membership_of(db, actor, circle.id))
    query = (
        select(Company.name)
        .join(Membership, Membership.company_id == Company.id)
        .where(Company.circle_id == circle.id, Membership.listed)
        .group_by(Company.id, Company.name)
        .order_by(func.count().desc(), Company.name)
    )
    return list(db.scalars(query.limit(MAX_SUGGESTED)))


def colleagues_of(own: Membership) -> tuple[ColumnElement[bool], ...]:
    """Conditions for the listed members of the same company, without this person."""
    same = Membership.circle_id == own.circle_id, Membership.company_id == own.company_id
    return *same, Membership.user_id != own.user_id, Membership.listed.is_(True)


def has_colleagues(db: Session, actor: Actor, circle_id: str, besides: Collection[str]) -> bool:
    own = membership_of(db, actor, circle_id)
    if own is None or own.company_id is None:
        return False
    return (
        db.scalar(
            select(Membership.id).where(*colleagues_of(own), Membership.user_id.not_in(besides)).limit(1)
        )
        is not None
    )


def find_colleague(db: Session, own: Membership, user_id: str) -> User | None:
    query = select(User).join(Membership, Membership.user_id == User.id).where(*colleagues_of(own))
    return db.scalar(query.where(User.id == user_id))


def _visible(db: Session, actor: Actor, circle: Circle) -> Select[Company]:
    """Companies by the people whom the actor may see; several rows of one with several."""
    members = visible_members(db, actor, circle)
    return members.with_only_columns(Company).join(Company, Company.id == Membership.company_id)
