"""The panel with a livestream's register button, and public facts of one whose guest form is open."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, join, or_, select
from sqlalchemy.orm import Session, joinedload

from events.accounts.models import User
from events.accounts.queries.people import Announcement
from events.circles.queries.circles import membership_of
from events.core import clock
from events.core.auth.actor import VISITOR, Actor
from events.livestreams.models import Livestream
from events.livestreams.policy import may_be_shared
from events.livestreams.queries.livestreams import find_by_slug, next_livestream
from events.registrations import policy
from events.registrations.models import Registration
from events.registrations.rules import HOLDING, ON_LIST, google_link, has_room, last_call_at, outlook_link

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
    as_guest: bool  # no member, at a livestream for members
    full: bool  # for this reader: who waits longer goes first
    hosts: bool  # the reader is the host
    coming: int
    in_line: Registration | None  # the reader's place on the waiting list, also one that lapsed
    free: int | None  # places nobody holds; None without a limit
    last_call_at: datetime  # until when places are offered in order
    people: tuple[User, ...]  # visible others; empty for visitors
    named: int  # how many of `people` the sentence names

    @property
    def calling(self) -> bool:
        return clock.now() >= self.last_call_at

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
    """What a livestream's link shows anyone, for readers who are not signed in.

    None otherwise, so that a hidden URL reads like an unknown one.
    """
    found = _LIVESTREAM.fullmatch(path)
    livestream = find_by_slug(db, found[1]) if found else None
    if livestream is None or not may_be_shared(livestream):
        return None
    welcome = policy.may_request_guest_link(VISITOR, livestream)
    return Announcement(
        title=livestream.title,
        circle=livestream.circle.name,
        starts_at=livestream.starts_at,
        ends_at=livestream.ends_at,
        guest_path=f"/livestreams/{livestream.slug}/guest" if welcome else "",
    )


def next_panel(db: Session, actor: Actor, circle_id: str) -> Panel | None:
    """The circle's next livestream, for members and invitees; with a button for members."""
    livestream = next_livestream(db, circle_id)
    return panel_of(db, actor, livestream) if livestream is not None else None


def panel_of(db: Session, actor: Actor, livestream: Livestream) -> Panel:
    """Runs two queries, however many people come."""
    reader = Registration.user_id == (actor.person_id or "")
    here = Registration.livestream_id == livestream.id
    order = case((reader, 0), else_=1), Registration.visible.desc(), Registration.created_at
    states = Registration.state
    counts = (
        select(
            func.count().filter(states == "coming").label("coming"),
            func.count().filter(states.in_(HOLDING)).label("held"),
            func.count().filter(states == "waiting").label("waiting"),
        )
        .where(here)
        .subquery()
    )
    # Sorts ids only and counts by an index-only scan: there may be thousands.
    shown = select(Registration.id).where(here, or_(states == "coming", reader))
    first = shown.order_by(*order).limit(MAX_NAMED + 1)
    query = (
        select(Registration, counts.c.coming, counts.c.held, counts.c.waiting)
        .select_from(join(counts, Registration, Registration.id.in_(first), isouter=True))
        .order_by(*order)
        .options(joinedload(Registration.user))
    )
    rows = db.execute(query).all()
    _first, coming, held, waiting = rows[0]
    found = [registration for registration, *_counts in rows if registration is not None]
    mine = next((row for row in found if row.user_id == actor.person_id), None)
    own = mine if mine is not None and mine.state == "coming" else None
    last_call = last_call_at(livestream.starts_at, livestream.zone)
    calling = clock.now() >= last_call
    membership = membership_of(db, actor, livestream.circle_id)
    may_register = policy.may_register(actor, livestream, membership)
    # Names are shown to participants only; visitors see a number.
    people = tuple(
        registration.user
        for registration in found
        if may_register and registration.visible and registration is not mine
    )[:MAX_NAMED]
    return Panel(
        livestream=livestream,
        registration=own,
        may_register=may_register,
        may_request_guest_link=actor.person_id is None and policy.may_request_guest_link(actor, livestream),
        may_see_list=policy.may_see_list(actor, livestream, membership),
        as_guest=membership is None and livestream.audience == "members",
        hosts=livestream.host_id == actor.person_id,
        full=not has_room(livestream.capacity, held, waiting, calling=calling),
        in_line=mine if mine is not None and mine.state in (*ON_LIST, "lapsed") else None,
        free=None if livestream.capacity is None else max(0, livestream.capacity - held),
        last_call_at=last_call,
        coming=coming,
        people=people,
        named=min(len(people), 2),
    )
