"""Rows of exports in batches, each in a unit of work of its own: a download may outlast a request.

Called after the permission check of `actions.py`. What a row has stands on the page of that list too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from events.accounts.models import User
from events.circles.models import Membership
from events.circles.queries.circles import list_interests
from events.circles.queries.pending import list_every_invitation
from events.core.db.session import unit_of_work
from events.livestreams.models import Livestream
from events.presence.queries import list_attendance
from events.registrations.models import Registration
from events.registrations.rules import ON_LIST

BATCH = 500


@dataclass(frozen=True)
class MemberRow:
    name: str
    headline: str
    company: str
    role: str
    listed: bool
    asks: list[str]
    offers: list[str]


@dataclass(frozen=True)
class InvitationLine:
    """`status` as in `circles.queries.pending.InvitationRow`."""

    name: str
    address: str
    status: str
    at: datetime


@dataclass(frozen=True)
class RegistrationRow:
    """`state` and `since` are empty for somebody who came without a registration."""

    name: str
    guest: bool
    state: str
    since: datetime | None
    came: bool


def read_members(circle_id: str, locale: str) -> Iterator[list[MemberRow]]:
    after = ""
    while True:
        with unit_of_work(read_only=True) as db:
            query = select(Membership).join(User).where(Membership.circle_id == circle_id)
            query = query.where(Membership.id > after).order_by(Membership.id).limit(BATCH)
            found = list(db.scalars(query.options(contains_eager(Membership.user))))
            topics = list_interests(db, circle_id, [one.user_id for one in found])
            rows = []
            for one in found:
                asks, offers = (
                    [topic.name_in(locale) for topic in side] for side in topics.get(one.user_id, ([], []))
                )
                rows.append(
                    MemberRow(
                        one.user.name, one.user.headline, one.user.company, one.role, one.listed, asks, offers
                    )
                )
        if not found:
            return
        yield rows
        after = found[-1].id


def read_invitations(circle_id: str) -> Iterator[list[InvitationLine]]:
    after = ""
    while True:
        with unit_of_work(read_only=True) as db:
            found = list_every_invitation(db, circle_id, after=after, most=BATCH)
            rows = [
                InvitationLine(row.invitation.name, row.invitation.user.email, row.status, row.at)
                for row in found
            ]
        if not found:
            return
        yield rows
        after = found[-1].invitation.id


def read_registrations(livestream_id: str) -> Iterator[list[RegistrationRow]]:
    """Registrations and the waiting list, then who came without either; not who presents it."""
    with unit_of_work(read_only=True) as db:
        came = set(list_attendance(db, livestream_id)) - {db.get_one(Livestream, livestream_id).host_id}
    after, registered = "", set[str]()
    while True:
        with unit_of_work(read_only=True) as db:
            query = select(Registration).where(Registration.livestream_id == livestream_id)
            query = query.where(Registration.state.in_(("coming", "withdrawn", *ON_LIST)))
            query = query.where(Registration.id > after).order_by(Registration.id).limit(BATCH)
            found = list(db.scalars(query.options(joinedload(Registration.user))))
            rows = [
                RegistrationRow(one.user.name, one.guest, one.state, one.changed_at, one.user_id in came)
                for one in found
            ]
        if not found:
            break
        yield rows
        registered |= {one.user_id for one in found}
        after = found[-1].id
    others = sorted(came - registered)
    for start in range(0, len(others), BATCH):
        with unit_of_work(read_only=True) as db:
            names = db.scalars(select(User.name).where(User.id.in_(others[start : start + BATCH])))
            rows = [RegistrationRow(name, guest=False, state="", since=None, came=True) for name in names]
        yield rows
