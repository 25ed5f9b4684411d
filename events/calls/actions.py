"""Entering, signalling in and leaving a call. Everything here is for the people of the coffee alone."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.calls import policy, queries, rules
from events.calls.forms import Signal
from events.calls.models import CallStay
from events.calls.signals import (
    CallEntered,
    CallLeft,
    CallReplaced,
    CallSignalled,
    ExtensionRequested,
    PartnerAwaited,
    PartnerStillAwaited,
    RelayMissed,
)
from events.coffees.models import Coffee
from events.coffees.queries.coffees import others_of, seat_of, taking_part
from events.coffees.rules import call_is_open
from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.core.bus import announce
from events.core.errors import Conflict


def enter_call(
    db: Session,
    actor: Actor,
    coffee: Coffee,
    *,
    tab: str,
    stay: int | None = None,
    relay_required: bool = True,
    direct: bool = False,
) -> CallStay:
    """Take one's seat in the call from this socket.

    With `stay` the same page comes back after its socket dropped and keeps its epoch, so that a call whose
    picture still flows is not torn down. Without it a new page begins, and an older tab of the person goes;
    its consent to a direct connection goes with it, `direct` is that of the new page.
    """
    authorize(policy.may_call, actor, coffee)
    _check_open(coffee)
    # One after another: two people who enter at once must not get the same epoch.
    db.execute(select(Coffee.id).where(Coffee.id == coffee.id).with_for_update())
    stays = queries.list_stays(db, coffee.id)
    own = stays.get(actor.id)
    if stay is not None:
        if own is None or own.epoch != stay:
            raise Conflict("call_replaced")
        own.tab, own.left_at, own.relay_required = tab, None, relay_required
    else:
        if own is not None and own.left_at is None:
            own.left_at = clock.now()
            if own.tab != tab:
                announce(db, CallReplaced(coffee.id, own.tab))
        own = CallStay(
            coffee_id=coffee.id,
            user_id=actor.id,
            tab=tab,
            epoch=max((known.epoch for known in stays.values()), default=0) + 1,
            entered_at=clock.now(),
            more=own.more if own is not None else 0,
            relay_required=relay_required,
            direct=direct,
        )
        db.add(own)
    db.flush()
    announce(db, CallEntered(coffee.id, actor.id))
    return own


def signal_peer(db: Session, actor: Actor, coffee: Coffee, data: Signal, *, tab: str) -> None:
    """Pass a description or a candidate on to the other, whom the coffee names and not the payload.

    Where a relay is required, nothing but relays is passed on until both agreed to a direct connection.
    """
    authorize(policy.may_call, actor, coffee)
    _check_open(coffee)
    stays = queries.list_stays(db, coffee.id)
    own = stays.get(actor.id)
    if own is None or own.left_at is not None:
        raise Conflict("call_not_entered")
    if own.tab != tab:
        raise Conflict("call_replaced")
    others = others_of(coffee, actor.id)
    meant = others if len(others) == 1 else [seat for seat in others if seat.position == data.seat]
    if not meant:
        raise Conflict("call_moved_on")
    peer = queries.peer_of(stays, actor.id, meant[0])
    if peer.tab is None or peer.epoch != data.epoch:
        raise Conflict("call_moved_on")
    seat = seat_of(coffee, actor.id).position
    if peer.relay_only:
        data = _relay_only(data)
    announce(db, CallSignalled(coffee.id, peer.tab, data.epoch, seat, peer.relay_only, data.content()))


def record_connected(db: Session, actor: Actor, coffee: Coffee, *, tab: str) -> None:
    """Picture or sound of the other arrives: the evidence that the coffee took place."""
    authorize(policy.may_call, actor, coffee)
    own = queries.list_stays(db, coffee.id).get(actor.id)
    if own is not None and own.tab == tab and own.left_at is None and own.connected_at is None:
        own.connected_at = clock.now()


def request_extension(db: Session, actor: Actor, coffee: Coffee, times: int, *, tab: str) -> int:
    """Would like ten minutes more, this many times in all; how many all of them agreed to by now."""
    authorize(policy.may_call, actor, coffee)
    _check_open(coffee)
    if coffee.kind == "talk":
        raise Conflict("call_no_more")  # the next turn waits for its people
    stays = queries.list_stays(db, coffee.id)
    own = stays.get(actor.id)
    if own is None or own.tab != tab or own.left_at is not None:
        raise Conflict("call_not_entered")
    agreed = queries.agreed_extensions(stays)
    # Not further ahead of the others than one time: each is asked for when the last one is nearly over.
    if times > own.more:
        own.more = min(times, agreed + 1)
        db.flush()
        announce(db, ExtensionRequested(coffee.id, actor.id))
    return queries.agreed_extensions(stays)


def record_trouble(db: Session, actor: Actor, coffee: Coffee, kind: str, *, tab: str) -> None:
    """The technique failed this person. It is kept as that: nobody was absent, and it counts for nobody."""
    authorize(policy.may_call, actor, coffee)
    own = queries.list_stays(db, coffee.id).get(actor.id)
    if own is None or own.tab != tab:
        return
    if own.trouble is None:
        own.trouble = kind
    if kind == "no_relay" and own.relay_required and not own.relay_missed:
        own.relay_missed = True
        announce(db, RelayMissed(coffee.id))
    db.flush()


def set_direct_consent(db: Session, actor: Actor, coffee: Coffee, *, agree: bool, tab: str) -> CallStay:
    """Would connect without a relay, or would rather not after all. Nobody hears what one person answers.

    Once two who are there both would, a new epoch begins between them, in which their browsers may say
    every address. The row of the coffee orders answers that cross.
    """
    authorize(policy.may_call, actor, coffee)
    _check_open(coffee)
    db.execute(select(Coffee.id).where(Coffee.id == coffee.id).with_for_update())
    stays = queries.list_stays(db, coffee.id)
    own = stays.pop(actor.id, None)
    if own is None or own.tab != tab or own.left_at is not None:
        raise Conflict("call_not_entered")
    if own.direct != agree:
        own.direct = agree
        others = [stay for stay in stays.values() if stay.left_at is None]
        if agree and any(stay.direct for stay in others):
            own.epoch = max(own.epoch, *(stay.epoch for stay in stays.values())) + 1
            announce(db, CallEntered(coffee.id, actor.id))
        db.flush()
    return own


def leave_call(db: Session, actor: Actor, coffee: Coffee, *, tab: str) -> None:
    """Hang up. A tab that was replaced takes nobody else out."""
    authorize(policy.is_participant, actor, coffee)
    own = queries.list_stays(db, coffee.id).get(actor.id)
    if own is not None and own.tab == tab and own.left_at is None:
        own.left_at = clock.now()
        announce(db, CallLeft(coffee.id, actor.id))


def check_no_shows(db: Session, actor: Actor, coffee: Coffee, due_at: datetime) -> None:
    """Say who waits for whom. Only who never entered is awaited: whoever had trouble in the call was there.

    Nothing is said of a coffee that is off or was moved, nor when we ourselves look too late: then it was
    us who were away, and nothing can be known of who could come.
    """
    authorize(policy.may_check_no_shows, actor)
    ping_at, offer_at = rules.no_show_check_times(coffee.starts_at)
    if due_at not in (ping_at, offer_at) or clock.now() > due_at + rules.MAX_CHECK_DELAY:
        return
    if coffee.state != "confirmed" or coffee.form != "online":
        return
    stays = queries.list_stays(db, coffee.id)
    people = [seat.user_id for seat in taking_part(coffee)]
    absent = tuple(user_id for user_id in people if user_id not in stays)
    waiting = tuple(user_id for user_id in people if user_id in stays and stays[user_id].left_at is None)
    if absent and waiting:
        say = PartnerStillAwaited if due_at == offer_at else PartnerAwaited
        announce(db, say(coffee.id, absent, waiting))


def mark_tab_closed(db: Session, actor: Actor, tab: str) -> None:
    """The socket of a browser closed; its page may come back in a moment, its call may still flow."""
    authorize(policy.may_clear, actor)
    stay = queries.find_stay_of_tab(db, tab)
    if stay is not None:
        stay.left_at = clock.now()
        announce(db, CallLeft(stay.coffee_id, stay.user_id, hung_up=False))


def _relay_only(data: Signal) -> Signal:
    if data.candidate is not None:
        line = rules.relay_candidates(data.candidate.candidate)
        if line is not None:
            return data.model_copy(
                update={"candidate": data.candidate.model_copy(update={"candidate": line})}
            )
    elif data.description is not None:
        sdp = rules.relay_candidates(data.description.sdp)
        if sdp is not None:
            return data.model_copy(update={"description": data.description.model_copy(update={"sdp": sdp})})
    raise Conflict("call_relay_only")


def _check_open(coffee: Coffee) -> None:
    if not call_is_open(clock.now(), coffee.starts_at, coffee.ends_at):
        raise Conflict("call_closed")
