"""Person lookup by typed text: a name, a name with company, or an e-mail address."""

from collections.abc import Iterable

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, load_only

from events.accounts.models import User
from events.circles.models import Circle, Membership
from events.circles.queries.circles import visible_members
from events.circles.rules import label_of
from events.core.auth.actor import Actor
from events.core.db.paging import matches
from events.core.errors import Invalid

MAX_CANDIDATES = 12
MAX_SUGGESTED = 40


def list_candidates(db: Session, among: Select[str], typed: str, *, by_address: bool = True) -> list[User]:
    """People that the text may mean, best match first. `among` selects the allowed ids.

    An exact address, label or full name excludes weaker matches. `by_address` is for the team only:
    it would confirm addresses to other members.
    """
    wanted = " ".join(typed.split()).lower()
    words = matches(wanted.replace("(", " ").replace(")", " "), User.name, User.company)
    if not words:
        return []
    address = User.email == (wanted if by_address else "")
    nearness = case((address, 0), (func.lower(User.name) == wanted, 1), else_=2)
    query = (
        select(User)
        .where(User.id.in_(among), or_(address, and_(*words)))
        .options(load_only(User.name, User.company, User.email, User.headline))
        .order_by(nearness, func.lower(User.name), User.id)
    )
    found = list(db.scalars(query.limit(MAX_CANDIDATES)))
    for exact in (_has_address, _has_label, _has_name) if by_address else (_has_label, _has_name):
        nearest = [user for user in found if exact(user, wanted)]
        if nearest:
            return nearest
    return found


def resolve_person(
    db: Session,
    among: Select[str],
    field: str,
    typed: str,
    chosen_id: str | None,
    *,
    by_address: bool = True,
) -> str:
    """The id of the person that a form field means.

    `chosen_id` decides while the text still matches that person. Raises Invalid with
    `no_such_person` or `several_people`.
    """
    found = list_candidates(db, among, typed, by_address=by_address)
    if chosen_id is not None and chosen_id in {user.id for user in found}:
        return chosen_id
    if len(found) == 1:
        return found[0].id
    raise Invalid(fields=[(field, "several_people" if found else "no_such_person")])


def visible_ids(db: Session, actor: Actor, circle: Circle) -> Select[str]:
    """Ids of the members visible to the actor."""
    return visible_members(db, actor, circle).with_only_columns(Membership.user_id)


def list_suggested(db: Session, actor: Actor, circle: Circle, recent: Iterable[str]) -> list[User]:
    """The team, and those of `recent` visible to the actor, by name."""
    query = (
        visible_members(db, actor, circle)
        .with_only_columns(User)
        .where(or_(Membership.role.in_(("owner", "organiser")), Membership.user_id.in_(list(recent))))
    )
    return list(db.scalars(query.order_by(User.name, User.id).limit(MAX_SUGGESTED)))


def _has_address(user: User, wanted: str) -> bool:
    return user.email == wanted


def _has_label(user: User, wanted: str) -> bool:
    return label_of(user).lower() == wanted


def _has_name(user: User, wanted: str) -> bool:
    return user.name.lower() == wanted
