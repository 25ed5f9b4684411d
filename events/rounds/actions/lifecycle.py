"""Lifecycle of a round: open, extend, close, match and end."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from events.availability.queries.breaks import closed_days
from events.circles.models import Circle
from events.circles.queries.circles import lock_circle, membership_of
from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.core.bus import announce
from events.core.db.session import get_or_create
from events.core.errors import Conflict
from events.livestreams.models import Livestream
from events.rounds import policy
from events.rounds.forms import OpenRound
from events.rounds.models import Round
from events.rounds.queries import rounds
from events.rounds.queries.prolonging import Dates, later_dates, prolonged_until
from events.rounds.rules import timeline
from events.rounds.signals import PersonUnmatched, RoundClosed, RoundMoved, RoundOpened


def open_round(db: Session, actor: Actor, livestream: Livestream) -> Round:
    """Open the round of a livestream that ended or was cancelled; of concurrent calls all get the same
    one.
    """
    authorize(policy.may_run, actor)
    round_, created = get_or_create(
        db, lambda: rounds.round_of(db, livestream.id), lambda: _round_after(db, livestream)
    )
    if created:
        announce(db, RoundOpened(round_.id))
        return round_
    return _reopen_round(db, rounds.lock_round(db, round_), livestream)


def _round_after(db: Session, livestream: Livestream) -> Round:
    now = clock.now()
    circle = livestream.circle
    closes_at = timeline.closes_after(now, circle.zone)
    publish_at = _publication_after(db, circle, closes_at)
    return Round(
        circle_id=livestream.circle_id,
        livestream_id=livestream.id,
        occasion=_occasion_of(livestream),
        state="open",
        times=_times_after(db, circle, publish_at),
        minutes=30,
        opened_at=now,
        closes_at=closes_at,
        publish_at=publish_at,
        wave=0,
    )


def postpone_round(db: Session, actor: Actor, livestream: Livestream) -> None:
    """The end was taken back: nobody is asked until it ends again; each yes is kept. Idempotent."""
    authorize(policy.may_run, actor)
    known = rounds.round_of(db, livestream.id)
    round_ = rounds.lock_round(db, known) if known is not None else None
    if round_ is not None and round_.state == "open":
        round_.state = "on_hold"
        db.flush()


def open_standalone(db: Session, actor: Actor, circle: Circle, data: OpenRound) -> Round:
    """Open a round without a livestream.

    Conflict("round_open_already") while another one of the circle accepts opt-ins.
    """
    authorize(policy.may_direct, actor, membership_of(db, actor, circle.id))
    lock_circle(db, circle)
    if rounds.find_open_standalone(db, circle.id) is not None:
        raise Conflict("round_open_already")
    now = clock.now()
    closes_at = timeline.closes_after(now, circle.zone, data.days)
    publish_at = _publication_after(db, circle, closes_at)
    round_ = Round(
        circle_id=circle.id,
        occasion="standalone",
        title=data.title,
        state="open",
        times=_times_after(db, circle, publish_at),
        minutes=30,
        opened_at=now,
        closes_at=closes_at,
        publish_at=publish_at,
        wave=0,
    )
    db.add(round_)
    db.flush()
    announce(db, RoundOpened(round_.id))
    return round_


def extend_round(db: Session, actor: Actor, round_: Round) -> None:
    """Extend for viewers of the recording, unless an opt-in would lose all of its times."""
    authorize(policy.may_run, actor)
    round_ = rounds.lock_round(db, round_)
    now = clock.now()
    closes_at = timeline.closes_with_recording(round_, now)
    if not timeline.is_open(round_, now) or closes_at == round_.closes_at:
        return
    _set_dates(db, round_, later_dates(db, round_, closes_at))


def prolong_round(db: Session, actor: Actor, round_: Round) -> None:
    """Three more days to say yes. Raises Conflict when the round's rules allow no later closing."""
    authorize(policy.may_direct, actor, membership_of(db, actor, round_.circle_id))
    round_ = rounds.lock_round(db, round_)
    closes_at = prolonged_until(db, round_)
    if closes_at is None:
        raise Conflict("round_at_most")
    _set_dates(db, round_, later_dates(db, round_, closes_at))


def _set_dates(db: Session, round_: Round, dates: Dates | None) -> None:
    if dates is None:
        return
    round_.closes_at, round_.publish_at, round_.times = dates.closes_at, dates.publish_at, dates.times
    db.flush()
    announce(db, RoundMoved(round_.id))


def close_round(db: Session, actor: Actor, round_: Round, *, look_first: bool = False) -> Round:
    """Close early: coffees are proposed at once, or with `look_first` drafted until the next working day.

    Idempotent.
    """
    authorize(policy.may_direct, actor, membership_of(db, actor, round_.circle_id))
    round_ = rounds.lock_round(db, round_)
    if round_.state != "open":
        return round_
    now = clock.now()
    round_.state = "matching"
    round_.closes_at = min(round_.closes_at, now)
    circle = round_.circle
    round_.publish_at = _publication_after(db, circle, now) if look_first else now
    db.flush()
    announce(db, RoundClosed(round_.id))
    return round_


def begin_matching(db: Session, actor: Actor, round_: Round) -> bool:
    """End opt-ins. True while the round can be matched, False when it is still open or was published."""
    authorize(policy.may_run, actor)
    round_ = rounds.lock_round(db, round_)
    if round_.state == "open" and round_.closes_at <= clock.now():
        round_.state = "matching"
        db.flush()
    return round_.state in {"matching", "draft"}


def end_round(db: Session, actor: Actor, round_: Round) -> None:
    """Close a published round; people who still wait are told that no partner was found."""
    authorize(policy.may_run, actor)
    round_ = rounds.lock_round(db, round_)
    if round_.state != "published":
        return
    round_.state = "closed"
    waiting = rounds.list_opt_ins(db, round_.id, "waiting")
    for opt_in in waiting:
        opt_in.state, opt_in.notify_by = "left", None
    db.flush()
    for opt_in in waiting:
        announce(db, PersonUnmatched(round_.id, opt_in.user_id))


def _reopen_round(db: Session, round_: Round, livestream: Livestream) -> Round:
    """Of one on hold, with dates that count from now; times somebody chose stay while they can."""
    if round_.state != "on_hold":
        return round_
    circle = livestream.circle
    round_.opened_at = clock.now()
    round_.closes_at = timeline.closes_after(round_.opened_at, circle.zone)
    round_.publish_at = _publication_after(db, circle, round_.closes_at)
    round_.times = _times_after(db, circle, round_.publish_at, kept=round_.times)
    round_.state, round_.occasion = "open", _occasion_of(livestream)
    db.flush()
    announce(db, RoundOpened(round_.id))
    return round_


def _occasion_of(livestream: Livestream) -> str:
    return "instead" if livestream.state == "cancelled" else "after_livestream"


def _publication_after(db: Session, circle: Circle, closes_at: datetime) -> datetime:
    closed = closed_days(db, circle, closes_at)
    return timeline.published_after(closes_at, circle.zone, circle.country, closed)


def _times_after(db: Session, circle: Circle, publish_at: datetime, kept: Iterable[str] = ()) -> list[str]:
    closed = closed_days(db, circle, publish_at)
    return timeline.times_after(publish_at, circle.zone, circle.country, kept, closed)
