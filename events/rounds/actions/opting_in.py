"""Actions on opt-ins: submit, replace, withdraw, and reopen after a coffee fell through."""

from collections.abc import Collection
from typing import cast

from sqlalchemy.orm import Session

from events.availability.queries.claims import overlaps
from events.circles.actions.topics import choose_topics
from events.circles.queries.circles import membership_of
from events.coffees.actions.responses import decline_coffee
from events.coffees.models import Coffee
from events.coffees.queries.coffees import lock_coffee, seat_of
from events.coffees.rules import replacement_news_by
from events.core import clock
from events.core.auth.actor import SYSTEM, Actor, authorize
from events.core.bus import announce
from events.core.errors import Conflict, Invalid
from events.livestreams.models import Livestream
from events.rounds import policy
from events.rounds.actions.drafts import renew_draft
from events.rounds.actions.fairness import take_back_benefit
from events.rounds.actions.preferences import come_back, delete_preference, withdraw_open_opt_ins
from events.rounds.forms import Length, OptInForm, Rejoin, TalkForm
from events.rounds.models import USUAL_LENGTH, OptIn, Round
from events.rounds.queries import one_more_time, rounds, ways_back
from events.rounds.rules import timeline
from events.rounds.signals import OptedIn, OptInReopened, PersonUnmatched


def submit_opt_in(db: Session, actor: Actor, livestream: Livestream, data: OptInForm) -> OptIn:
    """Opt in, or replace an earlier opt-in; also late, while there are times left."""
    _authorize(db, actor, livestream)
    _choose_topics(db, actor, livestream, data)
    return _opt_in(db, actor, _lock_round_of(db, livestream), data)


def join_round(db: Session, actor: Actor, round_: Round, data: OptInForm) -> OptIn:
    """Opt in to a round without a livestream."""
    authorize(policy.may_join, actor, round_, membership_of(db, actor, round_.circle_id))
    _choose_topics(db, actor, round_, data)
    return _opt_in(db, actor, rounds.lock_round(db, round_), data)


def withdraw_opt_in(db: Session, actor: Actor, livestream: Livestream) -> None:
    """Withdraw before there is a coffee: Conflict("coffee_had") after that. Idempotent."""
    _authorize(db, actor, livestream)
    _withdraw(db, actor, _lock_round_of(db, livestream))


def leave_round(db: Session, actor: Actor, round_: Round) -> None:
    authorize(policy.may_join, actor, round_, membership_of(db, actor, round_.circle_id))
    _withdraw(db, actor, rounds.lock_round(db, round_))


def withdraw_member(db: Session, actor: Actor, circle_id: str, user_id: str) -> None:
    """Withdraw open opt-ins and delete the preference of a person who left the circle."""
    authorize(policy.may_run, actor)
    withdraw_open_opt_ins(db, actor, circle_id, user_id)
    delete_preference(db, actor, circle_id, user_id)


def rejoin_round(db: Session, actor: Actor, coffee: Coffee, data: Rejoin) -> OptIn:
    """Opt in again at these times, with forms and lengths as before; nobody is told.

    A decline that could still be undone takes effect at once. Conflict("round_closed") after the late
    period, Conflict("coffee_had") with another coffee of the round.
    """
    authorize(policy.may_rejoin, actor, coffee, ways_back.belongs_there(db, actor, coffee))
    coffee = lock_coffee(db, coffee)
    if seat_of(coffee, actor.id).leaves_at is not None and coffee.state == "proposed":
        decline_coffee(db, actor, coffee)
    round_ = rounds.find_round(db, coffee.round_id) if coffee.round_id is not None else None
    opt_in = rounds.opt_in_of(db, round_.id, actor.id) if round_ is not None else None
    if round_ is None or opt_in is None:
        raise Conflict("round_closed")
    round_ = rounds.lock_round(db, round_)
    if opt_in.state == "matched":
        take_back_benefit(db, SYSTEM, round_.circle_id, [actor.id])
    again = OptInForm.model_construct(
        times=data.times,
        forms=cast(list[TalkForm], opt_in.forms),
        lengths=cast(list[Length], opt_in.lengths),
        on_my_mind=opt_in.on_my_mind,
        trio=opt_in.trio,
    )
    return _opt_in(db, actor, round_, again)


def accept_one_more_time(db: Session, actor: Actor, round_: Round) -> OptIn:
    """Add the time that this person was asked, and wait for a coffee again; they hear within a day.

    Conflict("round_closed") once that time is busy or too near. Idempotent.
    """
    authorize(policy.may_take_time, actor, round_, rounds.belongs_to(db, actor, round_))
    round_ = rounds.lock_round(db, round_)
    opt_in = rounds.opt_in_of(db, round_.id, actor.id)
    if opt_in is None or opt_in.asked_time is None:
        raise Conflict("round_closed")
    if opt_in.state == "waiting" and opt_in.asked_time in opt_in.times:
        return opt_in
    if one_more_time.asked_time_of(db, round_, opt_in) is None:
        raise Conflict("round_closed")
    opt_in.times = sorted([*opt_in.times, opt_in.asked_time])
    opt_in.state, opt_in.notify_by = "waiting", replacement_news_by(clock.now(), round_.circle.zone)
    db.flush()
    announce(db, OptedIn(opt_in.id))
    return opt_in


def reopen_opt_ins(db: Session, actor: Actor, round_: Round, user_ids: Collection[str]) -> None:
    """Let people wait for another coffee after a partner declined; they hear within a day.

    The benefit of the lost coffee is taken back. When the round is over they are told at once that no
    partner was found.
    """
    authorize(policy.may_run, actor)
    round_ = rounds.lock_round(db, round_)
    goes_on = round_.state == "published"
    notify_by = replacement_news_by(clock.now(), round_.circle.zone) if goes_on else None
    left = [opt_in for opt_in in rounds.list_opt_ins(db, round_.id, "matched") if opt_in.user_id in user_ids]
    for opt_in in left:
        opt_in.state, opt_in.notify_by = "waiting" if goes_on else "left", notify_by
    take_back_benefit(db, actor, round_.circle_id, [opt_in.user_id for opt_in in left])
    db.flush()
    for opt_in in left if not goes_on else ():
        announce(db, PersonUnmatched(round_.id, opt_in.user_id))
    if left and goes_on:
        announce(db, OptInReopened(round_.id))


def _authorize(db: Session, actor: Actor, livestream: Livestream) -> None:
    membership = membership_of(db, actor, livestream.circle_id)
    there = actor.person_id is not None and rounds.was_present(db, actor.id, livestream.id)
    authorize(policy.may_opt_in, actor, livestream, membership, there)


def _choose_topics(db: Session, actor: Actor, occasion: Livestream | Round, data: OptInForm) -> None:
    """After the right to this round was checked, and before its lock: the circle's comes first."""
    if data.with_topics:
        choose_topics(db, SYSTEM, occasion.circle, actor.id, data)


def _opt_in(db: Session, actor: Actor, round_: Round, data: OptInForm) -> OptIn:
    """Submit or replace an opt-in of a locked round; who has no coffee in it any more may come back."""
    now = clock.now()
    late = timeline.is_open_late(round_, now)
    if not timeline.is_open(round_, now) and not late:
        raise Conflict("round_closed")
    opt_in = rounds.opt_in_of(db, round_.id, actor.id)
    if opt_in is not None and opt_in.state == "matched" and rounds.coffee_in(db, round_.id, actor.id):
        raise Conflict("coffee_had")
    times, late_news = _chosen_times(db, actor, round_, data), timeline.late_news_by(now, round_.circle.zone)
    if opt_in is None:
        opt_in = OptIn(round_id=round_.id, user_id=actor.id)
        db.add(opt_in)
    if late and (opt_in.state != "waiting" or opt_in.notify_by is None):
        opt_in.notify_by = late_news
    opt_in.state, opt_in.opted_in_at = "waiting", now
    opt_in.times, opt_in.forms = times, list(dict.fromkeys(data.forms))
    opt_in.lengths = sorted(set(data.lengths)) or [USUAL_LENGTH]
    opt_in.trio, opt_in.on_my_mind = data.trio, data.on_my_mind
    # An opt-in ends a pause and resets the count of unanswered proposals.
    come_back(db, SYSTEM, round_.circle_id, actor.id)
    db.flush()
    announce(db, OptedIn(opt_in.id))
    return opt_in


def _withdraw(db: Session, actor: Actor, round_: Round) -> None:
    opt_in = rounds.opt_in_of(db, round_.id, actor.id)
    if opt_in is None:
        return
    if opt_in.state == "matched":
        raise Conflict("coffee_had")
    opt_in.state, opt_in.notify_by = "withdrawn", None
    db.flush()
    renew_draft(db, SYSTEM, round_)


def _lock_round_of(db: Session, livestream: Livestream) -> Round:
    round_ = rounds.round_of(db, livestream.id)
    if round_ is None:
        raise Conflict("round_not_open")
    return rounds.lock_round(db, round_)


def _chosen_times(db: Session, actor: Actor, round_: Round, data: OptInForm) -> list[str]:
    """Chosen starts as UTC texts; Invalid lists every wrong field at once."""
    wrong = []
    offered = set(timeline.times_left(round_, clock.now()))
    chosen = sorted(set(data.times))
    if not chosen:
        wrong.append(("times", "no_times"))
    elif not offered.issuperset(chosen):
        wrong.append(("times", "time_not_offered"))
    elif any(overlaps(db, [actor.id], start, max([*data.lengths, round_.minutes])) for start in chosen):
        wrong.append(("times", "time_busy"))
    if not data.forms:
        wrong.append(("forms", "no_form"))
    if wrong:
        raise Invalid(fields=wrong)
    return [timeline.format_utc(start) for start in chosen]
