"""Actions on standing preferences: automatic opt-ins, pauses, and pauses after unanswered proposals."""

from collections.abc import Collection
from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from events.availability.queries.claims import overlaps
from events.availability.queries.hours import list_likely_times
from events.circles.models import Circle
from events.circles.queries.circles import membership_of
from events.core import clock
from events.core.auth.actor import SYSTEM, Actor, authorize
from events.core.bus import announce
from events.core.db.session import get_or_create
from events.core.errors import Invalid
from events.rounds import policy
from events.rounds.actions.drafts import renew_draft
from events.rounds.forms import Always, Pause
from events.rounds.models import USUAL_LENGTH, OptIn, Round, RoundPreference
from events.rounds.queries import preferences, rounds
from events.rounds.rules import timeline
from events.rounds.signals import AlwaysOptedIn, OptedIn, SilentMemberPaused

MAX_UNANSWERED = 3  # proposals in a row


def set_always(db: Session, actor: Actor, circle: Circle, data: Always) -> RoundPreference:
    """Turn automatic opt-ins on or off."""
    authorize(policy.may_set_preference, actor, membership_of(db, actor, circle.id))
    if data.always:
        missing = [("parts", "no_parts")] if not data.parts else []
        missing += [("forms", "no_form")] if not data.forms else []
        if missing:
            raise Invalid(fields=missing)
    own = _preference(db, circle.id, actor.id)
    own.always = data.always
    if data.always:
        own.parts, own.forms = list(dict.fromkeys(data.parts)), list(dict.fromkeys(data.forms))
        own.lengths = sorted(set(data.lengths)) or [USUAL_LENGTH]
    db.flush()
    return own


def pause_coffees(db: Session, actor: Actor, circle: Circle, data: Pause) -> RoundPreference:
    """Pause until a day: open opt-ins are withdrawn, agreed coffees stay."""
    authorize(policy.may_set_preference, actor, membership_of(db, actor, circle.id))
    until = datetime.combine(data.until, time(), tzinfo=ZoneInfo(circle.zone))
    if until <= clock.now():
        raise Invalid(fields=[("until", "pause_over")])
    own = _preference(db, circle.id, actor.id)
    own.paused_why, own.paused_until = "own", until
    withdraw_open_opt_ins(db, SYSTEM, circle.id, actor.id)
    return own


def end_pause(db: Session, actor: Actor, circle: Circle) -> None:
    authorize(policy.may_come_back, actor, circle.id, membership_of(db, actor, circle.id))
    come_back(db, SYSTEM, circle.id, actor.id)


def come_back(db: Session, actor: Actor, circle_id: str, user_id: str) -> None:
    """End a pause of either kind and reset the count of unanswered proposals."""
    authorize(policy.may_run, actor)
    own = preferences.preference_of(db, circle_id, user_id)
    if own is not None:
        own.paused_why, own.paused_until, own.silent = "", None, 0
        db.flush()


def reset_silence(db: Session, actor: Actor, circle_id: str, user_ids: Collection[str]) -> None:
    """Any answer, also a no, resets the count of unanswered proposals."""
    authorize(policy.may_run, actor)
    for own in preferences.list_preferences(db, circle_id, user_ids):
        own.silent = 0
    db.flush()


def record_silence(db: Session, actor: Actor, circle_id: str, user_ids: Collection[str]) -> None:
    """Count an unanswered proposal; MAX_UNANSWERED in a row pause the member."""
    authorize(policy.may_run, actor)
    for user_id in sorted(user_ids):
        own = _preference(db, circle_id, user_id)
        own.silent += 1
        if own.silent >= MAX_UNANSWERED and not own.is_paused(clock.now()):
            own.paused_why, own.paused_until = "silent", None
            withdraw_open_opt_ins(db, SYSTEM, circle_id, user_id)
            announce(db, SilentMemberPaused(circle_id, user_id))
    db.flush()


def withdraw_open_opt_ins(db: Session, actor: Actor, circle_id: str, user_id: str) -> None:
    authorize(policy.may_run, actor)
    for opt_in in rounds.list_open_opt_ins(db, circle_id, user_id):
        opt_in.state, opt_in.notify_by = "withdrawn", None
        db.flush()
        round_ = rounds.find_round(db, opt_in.round_id)
        if round_ is not None:
            renew_draft(db, SYSTEM, rounds.lock_round(db, round_))


def delete_preference(db: Session, actor: Actor, circle_id: str, user_id: str) -> None:
    authorize(policy.may_run, actor)
    own = preferences.preference_of(db, circle_id, user_id)
    if own is not None:
        db.delete(own)
        db.flush()


def opt_in_always_members(db: Session, actor: Actor, round_: Round) -> None:
    """Opt in members with automatic opt-ins, at times that suit them. Idempotent."""
    authorize(policy.may_run, actor)
    round_ = rounds.lock_round(db, round_)
    if not timeline.is_open(round_, clock.now()):
        return
    for own in preferences.list_always(db, round_):
        times = _suitable_times(db, own, round_)
        if not times:
            continue
        last = rounds.latest_opt_in(db, own.user_id, besides=round_.id)
        opt_in = OptIn(
            round_id=round_.id,
            user_id=own.user_id,
            times=[timeline.format_utc(start) for start in times],
            forms=list(own.forms),
            lengths=list(own.lengths),
            trio=last.trio if last is not None else True,
            on_my_mind=last.on_my_mind if last is not None else "",
            opted_in_at=clock.now(),
        )
        db.add(opt_in)
        db.flush()
        announce(db, OptedIn(opt_in.id))
        announce(db, AlwaysOptedIn(opt_in.id))


def _suitable_times(db: Session, own: RoundPreference, round_: Round) -> list[datetime]:
    """Free starts in the chosen parts of the day, within usual hours if those are known."""
    minutes = max([*own.lengths, round_.minutes])
    starts = timeline.within_parts(timeline.times_left(round_, clock.now()), own.parts, round_.circle.zone)
    likely = list_likely_times(db, own.user_id, starts, minutes)
    free = likely if likely is not None else starts
    return [start for start in free if not overlaps(db, [own.user_id], start, minutes)]


def _preference(db: Session, circle_id: str, user_id: str) -> RoundPreference:
    preference, _created = get_or_create(
        db,
        lambda: preferences.preference_of(db, circle_id, user_id),
        lambda: RoundPreference(
            circle_id=circle_id,
            user_id=user_id,
            always=False,
            parts=[],
            forms=[],
            lengths=[],
            paused_why="",
            silent=0,
        ),
    )
    return preference
