"""Queries about registrations, and the panel with a livestream's register button."""

import re
from dataclasses import dataclass

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session, joinedload

from events.accounts.models import PersonalKey, User
from events.accounts.queries.people import Announcement
from events.circles.queries.circles import membership_of
from events.core.auth.actor import VISITOR, Actor, authorize
from events.core.db.paging import Page, matches, window
from events.livestreams.models import Livestream
from events.livestreams.queries.livestreams import find_by_slug, next_livestream
from events.livestreams.rules.states import OPEN
from events.registrations import policy
from events.registrations.models import Registration
from events.registrations.rules import google_link, outlook_link

MAX_NAMED = 3
_LIVESTREAM = re.compile(r"/livestreams/([a-z0-9-]{1,100})(?:[/?#].*)?")


@dataclass(frozen=True)
class Panel:
    """View data of `registrations/_button.html` for one livestream and reader."""

    livestream: Livestream
    registration: Registration | None  # the reader's active registration
    may_register: bool
    may_request_guest_link: bool
    may_see_list: bool
    full: bool
    hosts: bool  # the reader is the host
    coming: int
    people: tuple[User, ...]  # visible others; empty for visitors
    named: int  # how many of `people` the sentence names

    @property
    def others(self) -> int:
        """Number of people who come besides those named."""
        return self.coming - self.named

    @property
    def names(self) -> list[str]:
        return [person.first_name for person in self.people[: self.named]]

    def google(self, url: str) -> str:
        livestream = self.livestream
        return google_link(livestream.title, livestream.starts_at, livestream.ends_at, url)

    def outlook(self, url: str) -> str:
        livestream = self.livestream
        return outlook_link(livestream.title, livestream.starts_at, livestream.ends_at, url)


def announcement_of(db: Session, path: str) -> Announcement | None:
    """Public facts of a livestream whose guest form is open, for readers who are not signed in.

    None otherwise, so a members-only URL reads like an unknown one.
    """
    found = _LIVESTREAM.fullmatch(path)
    livestream = find_by_slug(db, found[1]) if found else None
    if livestream is None or not policy.may_request_guest_link(VISITOR, livestream):
        return None
    return Announcement(
        title=livestream.title,
        circle=livestream.circle.name,
        starts_at=livestream.starts_at,
        ends_at=livestream.ends_at,
        guest_path=f"/livestreams/{livestream.slug}/guest",
    )


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
    """For directors: a page of registrations, active ones first."""
    membership = membership_of(db, actor, livestream.circle_id)
    authorize(policy.may_see_list, actor, livestream, membership)
    order = Registration.state, Registration.changed_at, Registration.id
    found = select(Registration.id).where(Registration.livestream_id == livestream.id)
    if search:
        found = found.join(Registration.user).where(*matches(search, User.name))
    query = select(Registration).where(Registration.id.in_(window(found.order_by(*order), number)))
    query = query.options(joinedload(Registration.user)).order_by(*order)
    return Page.of(db.scalars(query), number)


def list_keys_to_members_only(db: Session, circle_id: str, user_id: str) -> list[str]:
    """Ids of the circle's members-only livestreams to which this person holds a key."""
    query = (
        select(Livestream.id)
        .join(PersonalKey, PersonalKey.subject_id == Livestream.id)
        .where(PersonalKey.purpose == "livestream", PersonalKey.user_id == user_id)
        .where(Livestream.circle_id == circle_id, Livestream.audience == "members")
    )
    return list(db.scalars(query.distinct()))


def list_coming_to_members_only(db: Session, circle_id: str, user_id: str) -> list[Registration]:
    """This person's active registrations for members-only livestreams that are not over."""
    query = (
        select(Registration)
        .join(Livestream, Livestream.id == Registration.livestream_id)
        .where(Registration.user_id == user_id, Registration.state == "coming")
        .where(Livestream.circle_id == circle_id, Livestream.audience == "members")
        .where(Livestream.state.in_(OPEN))
    )
    return list(db.scalars(query))


def next_panel(db: Session, actor: Actor, circle_id: str) -> Panel | None:
    """The circle's next livestream, for members and invitees; with a button for members."""
    livestream = next_livestream(db, circle_id)
    return panel_of(db, actor, livestream) if livestream is not None else None


def panel_of(db: Session, actor: Actor, livestream: Livestream) -> Panel:
    """Runs two queries, however many people come."""
    mine = case((Registration.user_id == (actor.person_id or ""), 0), else_=1)
    comes = Registration.livestream_id == livestream.id, Registration.state == "coming"
    order = mine, Registration.visible.desc(), Registration.created_at
    count = select(func.count()).select_from(Registration).where(*comes).scalar_subquery()
    # Sorts ids only and counts by an index-only scan: there may be thousands.
    first = select(Registration.id).where(*comes).order_by(*order).limit(MAX_NAMED + 1)
    query = (
        select(Registration, count)
        .where(Registration.id.in_(first))
        .order_by(*order)
        .options(joinedload(Registration.user))
    )
    found = [(registration, int(count)) for registration, count in db.execute(query)]
    coming = found[0][1] if found else 0
    own = next(
        (registration for registration, _count in found if registration.user_id == actor.person_id), None
    )
    membership = membership_of(db, actor, livestream.circle_id)
    may_register = policy.may_register(actor, livestream, membership)
    # Names are shown to participants only; visitors see a number.
    people = tuple(
        registration.user
        for registration, _count in found
        if may_register and registration.visible and registration is not own
    )[:MAX_NAMED]
    return Panel(
        livestream=livestream,
        registration=own,
        may_register=may_register,
        may_request_guest_link=actor.person_id is None and policy.may_request_guest_link(actor, livestream),
        may_see_list=policy.may_see_list(actor, livestream, membership),
        hosts=livestream.host_id == actor.person_id,
        full=livestream.capacity is not None and coming >= livestream.capacity,
        coming=coming,
        people=people,
        named=min(len(people), 2),
    )
