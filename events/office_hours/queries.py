"""Queries on office hours: what a member may take, and what one offers oneself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, aliased

from events.accounts.models import Block, User
from events.accounts.queries.people import get_user
from events.availability.models import Claim
from events.availability.queries.hours import list_free_times
from events.circles.models import Membership
from events.circles.policy import organises
from events.circles.queries.circles import find_membership
from events.coffees.models import Coffee
from events.coffees.rules import CLOSED_STATES, spread_over_days
from events.core import clock
from events.core.auth.actor import Actor
from events.livestreams.models import Livestream
from events.livestreams.rules.states import OVER
from events.office_hours import policy, rules
from events.office_hours.models import LivestreamSpeaker, OfficeHour
from events.rounds.queries.preferences import list_excluded_among

Role = Literal["host", "speaker", "team"]


@dataclass(frozen=True)
class Row:
    """One office hour with its person. `free`: neither that person nor the reader has a claim then."""

    hour: OfficeHour
    user: User
    taken: bool
    barred: bool
    free: bool

    @property
    def is_open(self) -> bool:
        """Whether it can be taken by somebody, whoever reads it."""
        now = clock.now()
        starts_in_time = self.hour.starts_at >= now + rules.TAKE_NOTICE
        return not self.taken and now < self.hour.closes_at and starts_in_time

    def is_for(self, reader_id: str) -> bool:
        """Whether the reader for whom it was read can take it."""
        return self.is_open and self.free and not self.barred and self.user.id != reader_id


@dataclass(frozen=True)
class Offer:
    """What one person offers the reader."""

    user: User
    role: Role
    hours: list[OfficeHour]


@dataclass(frozen=True)
class Panel:
    """`mine`: the office hour that the reader took. `own`: those that the reader offers."""

    speaker: User | None
    offers: list[Offer]
    mine: Row | None
    own: list[Row]
    may_offer: bool
    may_name_speaker: bool

    @property
    def own_taken(self) -> int:
        return sum(row.taken for row in self.own)


def room_of(livestream_id: str, user_id: str) -> str:
    """Room of pages that show the office hours of this person; nobody else's socket enters it."""
    return f"office_hours:{livestream_id}:{user_id}"


def find_speaker_id(db: Session, livestream_id: str) -> str | None:
    found = db.get(LivestreamSpeaker, livestream_id)
    return found.user_id if found is not None else None


def find_speaker(db: Session, livestream_id: str) -> User | None:
    speaker_id = find_speaker_id(db, livestream_id)
    return db.get(User, speaker_id) if speaker_id is not None else None


def may_be_asked(db: Session, livestream: Livestream, user_id: str) -> bool:
    """Whether this person may offer office hours after this livestream, and offered none yet."""
    membership = find_membership(db, user_id, livestream.circle_id)
    if membership is None or livestream.state not in OVER:
        return False
    runs = livestream.host_id == user_id or organises(membership)
    if not runs and find_speaker_id(db, livestream.id) != user_id:
        return False
    own = select(OfficeHour.id).where(
        OfficeHour.livestream_id == livestream.id, OfficeHour.user_id == user_id
    )
    return db.scalar(own.limit(1)) is None


def panel_of(
    db: Session, actor: Actor, livestream: Livestream, membership: Membership | None
) -> Panel | None:
    """For members, once the livestream is over. People who never meet the reader are left out."""
    if not policy.may_see(actor, livestream, membership):
        return None
    speaker, rows = _read(db, livestream, actor.id)
    mine = find_taken(rows, actor.id)
    return Panel(
        speaker=speaker,
        offers=_offers(rows, livestream, speaker, actor.id) if mine is None else [],
        mine=mine,
        own=[row for row in rows if row.hour.user_id == actor.id],
        may_offer=policy.may_offer(actor, livestream, membership, speaker.id if speaker else None),
        may_name_speaker=policy.may_name_speaker(actor, livestream, membership),
    )


def list_rows(db: Session, livestream: Livestream, reader_id: str) -> list[Row]:
    """All office hours after this livestream, as they are for this reader; read afresh."""
    return _read(db, livestream, reader_id)[1]


def find_taken(rows: Iterable[Row], user_id: str) -> Row | None:
    return next((row for row in rows if row.taken and row.hour.taken_by_id == user_id), None)


def list_visible_offerers(db: Session, livestream: Livestream, reader_id: str) -> set[str]:
    rows = list_rows(db, livestream, reader_id)
    return {row.user.id for row in rows if not row.barred and row.user.id != reader_id}


def list_open(db: Session, livestream: Livestream, reader_id: str) -> dict[str, list[str]]:
    """Ids of the office hours offered to this reader, by person, as `panel_of` shows them; read afresh."""
    rows = list_rows(db, livestream, reader_id)
    found: dict[str, list[str]] = {}
    for row in rows if find_taken(rows, reader_id) is None else ():
        if row.is_for(reader_id):
            found.setdefault(row.user.id, []).append(row.hour.id)
    return found


def list_times(db: Session, user_id: str, zone: str) -> list[datetime]:
    """Free times of this person to offer, spread over days; for themselves only."""
    return spread_over_days(list_all_times(db, user_id), zone, rules.MAX_TIMES)


def list_all_times(db: Session, user_id: str) -> list[datetime]:
    now = clock.now()
    return list_free_times(db, user_id, now + rules.OFFER_NOTICE, now + rules.AHEAD, 30)


def _read(db: Session, livestream: Livestream, reader_id: str) -> tuple[User | None, list[Row]]:
    """Speaker and office hours in one statement, and exclusions when there is something to exclude."""
    speaker, offerer = aliased(User), aliased(User)
    blocked, claimed, belongs = _conditions(livestream.circle_id, reader_id)
    query = (
        select(speaker, OfficeHour, offerer, Coffee.state, blocked, claimed)
        .select_from(Livestream)
        .outerjoin(LivestreamSpeaker, LivestreamSpeaker.livestream_id == Livestream.id)
        .outerjoin(speaker, speaker.id == LivestreamSpeaker.user_id)
        .outerjoin(OfficeHour, and_(OfficeHour.livestream_id == Livestream.id, belongs))
        .outerjoin(offerer, offerer.id == OfficeHour.user_id)
        .outerjoin(Coffee, Coffee.id == OfficeHour.coffee_id)
        .where(Livestream.id == livestream.id)
        .order_by(OfficeHour.starts_at, OfficeHour.id)
        .execution_options(populate_existing=True)
    )
    found = db.execute(query).all()
    users = {user.id: user for _speaker, _hour, user, *_flags in found if user is not None}
    apart = set()
    if users.keys() - {reader_id}:
        companies = {id_: user.company for id_, user in users.items()}
        apart = list_excluded_among(db, companies | {reader_id: get_user(db, reader_id).company})
    rows = [
        Row(
            hour,
            user,
            taken=state is not None and state not in CLOSED_STATES,
            barred=bool(is_blocked) or frozenset((reader_id, user.id)) in apart,
            free=not is_claimed,
        )
        for _speaker, hour, user, state, is_blocked, is_claimed in found
        if hour is not None
    ]
    return found[0][0] if found else None, rows


def _conditions(
    circle_id: str, reader_id: str
) -> tuple[ColumnElement[bool], ColumnElement[bool], ColumnElement[bool]]:
    """Of an office hour: a block between its person and the reader, a claim of either at its time, and
    whether its person is a member.
    """
    blocked = or_(
        and_(Block.blocker_id == reader_id, Block.blocked_id == OfficeHour.user_id),
        and_(Block.blocker_id == OfficeHour.user_id, Block.blocked_id == reader_id),
    )
    claimed = (
        select(Claim.user_id)
        .where(Claim.user_id.in_((OfficeHour.user_id, reader_id)))
        .where(Claim.quarter >= OfficeHour.starts_at, Claim.quarter < OfficeHour.ends_at)
    )
    member = select(Membership.id).where(
        Membership.circle_id == circle_id, Membership.user_id == OfficeHour.user_id
    )
    return select(Block.id).where(blocked).exists(), claimed.exists(), member.exists()


def _offers(rows: list[Row], livestream: Livestream, speaker: User | None, reader_id: str) -> list[Offer]:
    """By person: host, then speaker, then team."""
    hours: dict[str, list[OfficeHour]] = {}
    people: dict[str, User] = {}
    for row in rows:
        if row.is_for(reader_id):
            hours.setdefault(row.user.id, []).append(row.hour)
            people[row.user.id] = row.user
    roles: dict[str, Role] = {}
    for id_ in people:
        is_speaker = speaker is not None and speaker.id == id_
        roles[id_] = "host" if id_ == livestream.host_id else "speaker" if is_speaker else "team"
    first = ("host", "speaker", "team")
    ordered = sorted(people.values(), key=lambda user: (first.index(roles[user.id]), user.name, user.id))
    return [Offer(user, roles[user.id], hours[user.id]) for user in ordered]
