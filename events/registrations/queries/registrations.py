"""Queries about registrations: who comes, who came, and one person's own."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from events.accounts.models import PersonalKey, User
from events.circles.queries.circles import membership_of
from events.core.auth.actor import Actor, authorize
from events.core.db.paging import Page, matches, window
from events.livestreams.models import Livestream
from events.livestreams.rules.states import OPEN
from events.registrations import policy
from events.registrations.models import Registration
from events.registrations.rules import ON_LIST


def registration_of(db: Session, user_id: str, livestream_id: str) -> Registration | None:
    """The active registration of this person."""
    found = find_registration(db, user_id, livestream_id)
    return found if found is not None and found.state == "coming" else None


def find_registration(db: Session, user_id: str, livestream_id: str) -> Registration | None:
    """The registration of this person, also when withdrawn."""
    return db.scalar(
        select(Registration).where(
            Registration.livestream_id == livestream_id, Registration.user_id == user_id
        )
    )


def list_coming(db: Session, livestream_id: str) -> list[Registration]:
    """Active registrations in order of registering, with people loaded."""
    query = select(Registration).where(
        Registration.livestream_id == livestream_id, Registration.state == "coming"
    )
    return list(db.scalars(query.order_by(Registration.changed_at).options(joinedload(Registration.user))))


def list_guest_ids(db: Session, livestream_id: str) -> list[str]:
    """People with a place who were no members when they registered."""
    query = select(Registration.user_id).where(
        Registration.livestream_id == livestream_id, Registration.guest, Registration.state == "coming"
    )
    return list(db.scalars(query))


def count_coming(db: Session, livestream_id: str) -> int:
    return db.scalar(select_coming_count(livestream_id)) or 0


def select_coming_count(livestream_id: str, *, but: str = "") -> Select[int]:
    """How many people are registered, besides the person `but`."""
    return select(func.count(Registration.id)).where(
        Registration.livestream_id == livestream_id,
        Registration.state == "coming",
        Registration.user_id != but,
    )


def list_all(
    db: Session, actor: Actor, livestream: Livestream, search: str = "", number: int = 1
) -> Page[Registration]:
    """For directors: a page of registrations, active ones first; not the waiting list."""
    membership = membership_of(db, actor, livestream.circle_id)
    authorize(policy.may_see_list, actor, livestream, membership)
    order = Registration.state, Registration.changed_at, Registration.id
    shown = Registration.state.in_(("coming", "withdrawn"))
    found = select(Registration.id).where(Registration.livestream_id == livestream.id, shown)
    if search:
        found = found.join(Registration.user).where(*matches(search, User.name))
    query = select(Registration).where(Registration.id.in_(window(found.order_by(*order), number)))
    query = query.options(joinedload(Registration.user)).order_by(*order)
    return Page.of(db.scalars(query), number)


@dataclass(frozen=True)
class Attendance:
    """Who came, by evidence. Names only of those: of the others a number."""

    people: Page[User]
    came: int
    registered: int
    registered_and_came: int

    @property
    def did_not_come(self) -> int:
        return self.registered - self.registered_and_came


Attended = Callable[[Session, str], Collection[str]]
_attended: list[Attended] = []


def register_attended(read: Attended) -> None:
    """Register read(db, livestream id) -> ids of the people who were there while it was on air; by the
    feature that knows.
    """
    _attended[:] = [read]


def attendance_of(
    db: Session, actor: Actor, livestream: Livestream, search: str = "", number: int = 1
) -> Attendance:
    """For directors, afterwards. Whoever hosts is no viewer."""
    membership = membership_of(db, actor, livestream.circle_id)
    authorize(policy.may_see_list, actor, livestream, membership)
    there = set(_attended[0](db, livestream.id)) if _attended else set()
    there.discard(livestream.host_id)
    query = select(User).where(User.id.in_(there))
    if search:
        query = query.where(*matches(search, User.name))
    named = window(query.order_by(User.name, User.id), number)
    coming = select_coming_count(livestream.id, but=livestream.host_id)
    both = coming.where(Registration.user_id.in_(there))
    registered, registered_and_came = db.execute(
        select(coming.scalar_subquery(), both.scalar_subquery())
    ).one()
    return Attendance(Page.of(db.scalars(named), number), len(there), registered, registered_and_came)


def list_keys_to_members_only(db: Session, circle_id: str, user_id: str) -> list[str]:
    """Ids of the circle's members-only livestreams to which this person holds a key."""
    query = (
        select(Livestream.id)
        .join(PersonalKey, PersonalKey.subject_id == Livestream.id)
        .where(PersonalKey.purpose == "livestream", PersonalKey.user_id == user_id)
        .where(Livestream.circle_id == circle_id, Livestream.audience == "members")
    )
    return list(db.scalars(query.distinct()))


def list_to_members_only(db: Session, circle_id: str, user_id: str) -> list[Registration]:
    """This person's places and turns in line at members-only livestreams that are not over, in the
    order in which their livestreams are locked."""
    query = (
        select(Registration)
        .join(Livestream, Livestream.id == Registration.livestream_id)
        .where(Registration.user_id == user_id, Registration.state.in_(("coming", *ON_LIST)))
        .where(Livestream.circle_id == circle_id, Livestream.audience == "members")
        .where(Livestream.state.in_(OPEN))
        .order_by(Registration.livestream_id)
    )
    return list(db.scalars(query))
