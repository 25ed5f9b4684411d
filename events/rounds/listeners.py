"""Listeners that plan the jobs of a round and reopen opt-ins when coffees fall through."""

from sqlalchemy.orm import Session

from events.circles.queries.circles import list_organiser_ids
from events.circles.signals import MembershipEnded
from events.coffees.models import Coffee
from events.coffees.queries.coffees import get_coffee, taking_part
from events.coffees.signals import (
    CoffeeAnswered,
    CoffeeCancelled,
    CoffeeConfirmed,
    CoffeeDeclined,
    CoffeeExpired,
    CoffeeHandedOn,
    CoffeeLeft,
    CoffeeTimeChosen,
)
from events.core import clock
from events.core.auth.actor import SYSTEM
from events.core.bus import after_commit, on
from events.core.db.session import unit_of_work
from events.core.jobs.queue import enqueue
from events.core.realtime.handlers import send_to_person
from events.livestreams.queries.livestreams import get_livestream
from events.livestreams.signals import LivestreamCancelled, LivestreamEnded, LivestreamEndTakenBack
from events.recordings.models import Recording
from events.recordings.signals import RecordingReady
from events.rounds import jobs
from events.rounds.actions import lifecycle, opting_in, preferences
from events.rounds.models import OptIn, Round
from events.rounds.queries import rounds
from events.rounds.rules import timeline
from events.rounds.signals import (
    DraftMade,
    DraftReleased,
    DraftRequested,
    OptedIn,
    OptInReopened,
    RoundClosed,
    RoundMoved,
    RoundOpened,
    RoundPublished,
)


@on(LivestreamEnded, LivestreamCancelled)
def open_round(db: Session, signal: LivestreamEnded | LivestreamCancelled) -> None:
    lifecycle.open_round(db, SYSTEM, get_livestream(db, signal.livestream_id))


@on(LivestreamEndTakenBack)
def postpone_round(db: Session, signal: LivestreamEndTakenBack) -> None:
    lifecycle.postpone_round(db, SYSTEM, get_livestream(db, signal.livestream_id))


@on(RecordingReady)
def extend_for_recording(db: Session, signal: RecordingReady) -> None:
    recording = db.get_one(Recording, signal.recording_id)
    round_ = rounds.round_of(db, recording.livestream_id)
    if round_ is not None:
        lifecycle.extend_round(db, SYSTEM, round_)


@on(RoundOpened, RoundMoved, RoundClosed, DraftReleased)
def plan_matching(db: Session, signal: RoundOpened | RoundMoved | RoundClosed | DraftReleased) -> None:
    """Plan a run at closing and at publication; a run that is not due has no effect."""
    round_ = _round(db, signal.round_id)
    for at in (round_.closes_at, round_.publish_at):
        key = f"matching.match:{round_.id}:{at.isoformat()}"
        enqueue(db, jobs.match_round, round_.id, key=key, at=at)


@on(RoundOpened)
def plan_always_opt_ins(db: Session, signal: RoundOpened) -> None:
    enqueue(db, jobs.opt_in_always_members, signal.round_id, key=f"matching.always:{signal.round_id}")


@on(DraftRequested)
def plan_draft(db: Session, signal: DraftRequested) -> None:
    key = f"matching.draft:{signal.round_id}:{signal.attempt}"
    enqueue(db, jobs.match_round, signal.round_id, key=key)


@on(CoffeeDeclined, CoffeeExpired, CoffeeHandedOn)
def reopen_partners(db: Session, signal: CoffeeDeclined | CoffeeExpired | CoffeeHandedOn) -> None:
    """Partners of a person who declined wait for another coffee."""
    _reopen(db, get_coffee(db, signal.coffee_id), signal.left_ids)


@on(CoffeeExpired)
def record_silence(db: Session, signal: CoffeeExpired) -> None:
    coffee = get_coffee(db, signal.coffee_id)
    if coffee.round_id is not None:
        silent = [seat.user_id for seat in coffee.seats if seat.answer == "waiting"]
        preferences.record_silence(db, SYSTEM, coffee.circle_id, silent)


@on(CoffeeAnswered, CoffeeConfirmed, CoffeeTimeChosen, CoffeeDeclined, CoffeeLeft)
def reset_silence(
    db: Session,
    signal: CoffeeAnswered | CoffeeConfirmed | CoffeeTimeChosen | CoffeeDeclined | CoffeeLeft,
) -> None:
    coffee = get_coffee(db, signal.coffee_id)
    answered = [seat.user_id for seat in coffee.seats if seat.answered_at is not None]
    preferences.reset_silence(db, SYSTEM, coffee.circle_id, answered)


@on(CoffeeCancelled)
def reopen_after_cancellation(db: Session, signal: CoffeeCancelled) -> None:
    """Everyone but the person who cancelled is matched again, also after a confirmed coffee."""
    coffee = get_coffee(db, signal.coffee_id)
    left = tuple(seat.user_id for seat in taking_part(coffee) if seat.user_id != signal.by_id)
    _reopen(db, coffee, left)


@on(OptInReopened)
def plan_repair(db: Session, signal: OptInReopened) -> None:
    _plan_soon(db, _round(db, signal.round_id))


@on(OptedIn)
def plan_late_wave(db: Session, signal: OptedIn) -> None:
    round_ = _round(db, db.get_one(OptIn, signal.opt_in_id).round_id)
    if round_.state == "published":
        _plan_soon(db, round_)


@on(RoundPublished)
def plan_follow_ups(db: Session, signal: RoundPublished) -> None:
    """Plan the end of the round, and the next wave before the first deadline of a waiting person."""
    round_ = _round(db, signal.round_id)
    if signal.wave == 0 and round_.published_at is not None:
        ends_at = round_.published_at + timeline.LATE_PERIOD
        enqueue(db, jobs.end_round, round_.id, key=f"matching.end:{round_.id}", at=ends_at)
    due_at = rounds.next_wave_at(db, round_.id)
    if due_at is not None:
        wave = str(signal.wave + 1)
        key = f"matching.wave:{round_.id}:{wave}:due"
        enqueue(db, jobs.run_wave, round_.id, wave, key=key, at=due_at)


@after_commit(DraftMade, RoundPublished)
def notify_organisers(signal: DraftMade | RoundPublished) -> None:
    """Open pages of the round reload when the draft is made or published."""
    with unit_of_work() as db:
        round_ = _round(db, signal.round_id)
        changed = {"round": round_.id, "state": round_.state}
        organisers = list_organiser_ids(db, round_.circle_id)
    for user_id in organisers:
        send_to_person(user_id, "matching.changed", changed)


@on(MembershipEnded)
def withdraw_member(db: Session, signal: MembershipEnded) -> None:
    opting_in.withdraw_member(db, SYSTEM, signal.circle_id, signal.user_id)


def _reopen(db: Session, coffee: Coffee, left_ids: tuple[str, ...]) -> None:
    """Not for a colleague who came in by handing on: their own coffee of the round goes on."""
    round_ = rounds.find_round(db, coffee.round_id) if coffee.round_id else None
    if round_ is not None:
        left = [user_id for user_id in left_ids if user_id != coffee.invited_by_id]
        opting_in.reopen_opt_ins(db, SYSTEM, round_, left)


def _plan_soon(db: Session, round_: Round) -> None:
    """One wave for everyone who was left within REPAIR_DELAY."""
    wave = str(round_.wave + 1)
    key = f"matching.wave:{round_.id}:{wave}:soon"
    enqueue(db, jobs.run_wave, round_.id, wave, key=key, at=clock.now() + timeline.REPAIR_DELAY)


def _round(db: Session, round_id: str) -> Round:
    return db.get_one(Round, round_id)
