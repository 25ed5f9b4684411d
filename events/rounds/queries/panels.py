"""Status of one person in a round: the panel under a livestream, and lists of open rounds."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, joinedload

from events.circles.models import Membership
from events.circles.queries.circles import membership_of
from events.core import clock
from events.core.auth.actor import Actor
from events.livestreams.models import Livestream
from events.livestreams.policy import may_take_part
from events.livestreams.queries.livestreams import next_livestream
from events.livestreams.rules.states import OVER
from events.rounds import policy
from events.rounds.models import OptIn, Round, RoundPreference
from events.rounds.queries.one_more_time import asked_time_of
from events.rounds.queries.preferences import preference_and_closed_days
from events.rounds.queries.rounds import (
    coffee_in,
    list_rounds_with_coffee,
    opt_in_of,
    round_and_opt_in,
    was_present,
)
from events.rounds.rules.timeline import closes_after, is_open, is_open_late, published_after
from events.rounds.status import Fact, PanelRow, PanelStatus, row_for

MAX_ROWS = 12


@dataclass(frozen=True)
class Panel:
    """One person's state in a round; `slug` is None without a livestream. `circle_name` needs a round."""

    status: PanelStatus
    slug: str | None
    title: str
    circle_name: str = ""  # once there is a round
    closes_at: datetime | None = None
    publish_at: datetime | None = None
    notify_by: datetime | None = None
    asked_time: datetime | None = None  # the one more time, while it can be answered
    coffee_id: str | None = None
    round_id: str | None = None
    said_yes: bool = False  # and it stands
    open_late: bool = False
    directs: bool = False
    may_opt_in: bool = False
    is_member: bool = False
    next_livestream: Livestream | None = None

    @property
    def accepts_opt_in(self) -> bool:
        late = {PanelStatus.LATE, PanelStatus.AGAIN, PanelStatus.WAITING, PanelStatus.UNMATCHED}
        before = {PanelStatus.OPEN, PanelStatus.OPTED_IN}
        return self.status in before or (self.open_late and self.status in late)

    @property
    def may_choose_times(self) -> bool:
        return self.open_late and self.status in {PanelStatus.WAITING, PanelStatus.UNMATCHED}

    @property
    def row(self) -> PanelRow:
        held = {
            Fact.SAID_YES: self.said_yes,
            Fact.ASKED_TIME: self.asked_time is not None,
            Fact.NEXT_KNOWN: self.next_livestream is not None,
            Fact.AFTER_LIVESTREAM: self.slug is not None,
        }
        return row_for(self.status, Fact(sum(fact.value for fact, holds in held.items() if holds)))


@dataclass(frozen=True)
class Row:
    round: Round
    livestream: Livestream | None
    status: PanelStatus

    @property
    def asks(self) -> bool:
        """Whether it waits for this person's yes."""
        return self.status is PanelStatus.OPEN


def panel_of(db: Session, actor: Actor, livestream: Livestream) -> Panel | None:
    """Panel for this reader; None without access."""
    membership = membership_of(db, actor, livestream.circle_id)
    directs = policy.may_direct(actor, membership)
    may_opt_in = policy.may_opt_in(actor, livestream, membership, membership is not None)
    if not may_opt_in and actor.person_id is not None:
        there = was_present(db, actor.id, livestream.id)
        may_opt_in = policy.may_opt_in(actor, livestream, membership, there)
    if not may_opt_in and not directs:
        return None
    found = round_and_opt_in(db, livestream.id, actor.person_id)
    if found is None:
        over = livestream.state in (*OVER, "cancelled")
        return Panel(
            PanelStatus.OVER if over else PanelStatus.BEFORE,
            livestream.slug,
            livestream.title,
            directs=directs,
            may_opt_in=may_opt_in,
            is_member=membership is not None,
        )
    return _panel(
        db,
        actor,
        *found,
        membership,
        livestream.slug,
        livestream.title,
        directs=directs,
        may_opt_in=may_opt_in,
    )


def upcoming_panel_of(db: Session, actor: Actor, livestream: Livestream) -> Panel | None:
    """Panel as it will be once the livestream has ended."""
    membership = membership_of(db, actor, livestream.circle_id)
    if not may_take_part(actor, livestream, membership):
        return None
    circle = livestream.circle
    closes_at = closes_after(max(clock.now(), livestream.ends_at), circle.zone)
    own, closed = preference_and_closed_days(db, circle, actor.id, closes_at)
    opted_in = membership is not None and own.always and not own.paused
    return Panel(
        PanelStatus.OPTED_IN if opted_in else PanelStatus.OPEN,
        livestream.slug,
        livestream.title,
        closes_at=closes_at,
        publish_at=published_after(closes_at, circle.zone, circle.country, closed),
        directs=policy.may_direct(actor, membership),
        may_opt_in=True,
        is_member=membership is not None,
    )


def round_panel_of(db: Session, actor: Actor, round_: Round) -> Panel:
    membership = membership_of(db, actor, round_.circle_id)
    directs = policy.may_direct(actor, membership)
    opt_in = opt_in_of(db, round_.id, actor.id) if actor.person_id is not None else None
    return _panel(db, actor, round_, opt_in, membership, None, round_.title, directs=directs, may_opt_in=True)


def list_rows(db: Session, actor: Actor, circle_id: str) -> list[Row]:
    """Rounds of a circle that are not over, newest first."""
    query = (
        select(Round, Livestream, OptIn)
        .outerjoin(Livestream, Livestream.id == Round.livestream_id)
        .outerjoin(OptIn, (OptIn.round_id == Round.id) & (OptIn.user_id == actor.id))
        .where(Round.circle_id == circle_id, Round.state.not_in(("on_hold", "closed")))
        .order_by(Round.opened_at.desc())
        .limit(MAX_ROWS)
    )
    now = clock.now()
    found = db.execute(query).all()
    having = list_rounds_with_coffee(db, [round_.id for round_, _livestream, _opt_in in found], actor.id)
    return [
        Row(round_, livestream, PanelStatus.COFFEE if round_.id in having else _status(round_, opt_in, now))
        for round_, livestream, opt_in in found
    ]


def list_actionable(db: Session, actor: Actor, most: int) -> list[Row]:
    """Rounds that this person can opt in to, and drafts of circles they organise."""
    now = clock.now()
    paused = (
        RoundPreference.paused_why != "",
        RoundPreference.paused_until.is_(None) | (RoundPreference.paused_until > now),
    )
    on_a_break = select(RoundPreference.circle_id).where(RoundPreference.user_id == actor.id, *paused)
    said = select(OptIn.round_id).where(OptIn.user_id == actor.id)
    asks = and_(
        Round.state == "open",
        Round.closes_at > now,
        Round.id.not_in(said),
        Round.circle_id.not_in(on_a_break),
    )
    drafted = and_(Round.state == "draft", Membership.role.in_(("owner", "organiser")))
    query = (
        select(Round, Livestream)
        .join(Membership, (Membership.circle_id == Round.circle_id) & (Membership.user_id == actor.id))
        .outerjoin(Livestream, Livestream.id == Round.livestream_id)
        .where(or_(asks, drafted))
        .options(joinedload(Round.circle))
        .order_by(Round.closes_at)
        .limit(most)
    )
    return [
        Row(round_, livestream, PanelStatus.OPEN if round_.state == "open" else PanelStatus.PENDING)
        for round_, livestream in db.execute(query)
    ]


def _panel(
    db: Session,
    actor: Actor,
    round_: Round,
    opt_in: OptIn | None,
    membership: Membership | None,
    slug: str | None,
    title: str,
    *,
    directs: bool,
    may_opt_in: bool,
) -> Panel:
    now = clock.now()
    coffee = coffee_in(db, round_.id, actor.id) if opt_in is not None and opt_in.state == "matched" else None
    status = PanelStatus.COFFEE if coffee is not None else _status(round_, opt_in, now)
    return Panel(
        status,
        slug,
        title,
        round_.circle.name,
        closes_at=round_.closes_at,
        publish_at=round_.publish_at,
        notify_by=opt_in.notify_by if opt_in is not None else None,
        asked_time=asked_time_of(db, round_, opt_in),
        coffee_id=coffee.id if coffee is not None else None,
        round_id=round_.id,
        said_yes=opt_in is not None and opt_in.state == "waiting",
        open_late=is_open_late(round_, now),
        directs=directs,
        may_opt_in=may_opt_in,
        is_member=membership is not None,
        next_livestream=next_livestream(db, round_.circle_id)
        if status in {PanelStatus.UNMATCHED, PanelStatus.OVER}
        else None,
    )


def _status(round_: Round, opt_in: OptIn | None, now: datetime) -> PanelStatus:
    state = opt_in.state if opt_in is not None else "withdrawn"
    if is_open(round_, now):
        return PanelStatus.OPTED_IN if state == "waiting" else PanelStatus.OPEN
    if round_.state == "on_hold":
        return PanelStatus.ON_HOLD
    if round_.state in {"open", "matching", "draft"}:
        return PanelStatus.PENDING if state == "waiting" else PanelStatus.CLOSED
    if state == "waiting":
        return PanelStatus.WAITING
    if state == "left":
        return PanelStatus.UNMATCHED
    if state == "matched":  # and the coffee is off: declined, unanswered, left or cancelled
        return PanelStatus.AGAIN if is_open_late(round_, now) else PanelStatus.OVER
    return PanelStatus.LATE if is_open_late(round_, now) else PanelStatus.OVER
