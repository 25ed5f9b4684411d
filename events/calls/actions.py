"""Actions on calls: enter, signal, extend, consent to direct connections, leave; and the no-show check."""

from datetime import datetime

from sqlalchemy import select, update
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
from events.coffees.actions.outcomes import record_call_evidence
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
    browser: tuple[str, int | None] | None = None,
) -> CallStay:
    """Enter the call from this socket.

    With `stay` the same page returns after its socket dropped and keeps its epoch, so that a live media
    connection survives. Without it a new page begins: an older tab of the person is replaced, along with
    its consent. Conflict("call_replaced") for a stale `stay`.
    """
    authorize(policy.may_call, actor, coffee)
    _check_open(coffee)
    # Row lock: two people who enter at once must not get the same epoch.
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
            network="relay" if relay_required else None,
        )
        db.add(own)
    own.browser, own.browser_version = browser or (None, None)
    db.flush()
    announce(db, CallEntered(coffee.id, actor.id))
    return own


def signal_peer(db: Session, actor: Actor, coffee: Coffee, data: Signal, *, tab: str) -> None:
    """Forward a description or candidate to a peer; the recipient follows from the coffee, not the payload.

    Where a relay is required, candidates are filtered to relays until both consented to a direct
    connection.
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


def record_connected(
    db: Session, actor: Actor, coffee: Coffee, *, tab: str, network: str | None = None
) -> None:
    """Media of a peer arrives: evidence that the coffee took place."""
    authorize(policy.may_call, actor, coffee)
    own = queries.list_stays(db, coffee.id).get(actor.id)
    if own is not None and own.tab == tab and own.left_at is None and own.connected_at is None:
        own.connected_at, own.network = clock.now(), network or own.network


def request_extension(db: Session, actor: Actor, coffee: Coffee, times: int, *, tab: str) -> int:
    """Request a number of extensions in all; returns how many everyone agreed to."""
    authorize(policy.may_call, actor, coffee)
    _check_open(coffee)
    if coffee.kind == "talk":
        raise Conflict("call_no_more")  # the next turn starts by the clock
    stays = queries.list_stays(db, coffee.id)
    own = stays.get(actor.id)
    if own is None or own.tab != tab or own.left_at is not None:
        raise Conflict("call_not_entered")
    agreed = queries.agreed_extensions(stays)
    # At most one ahead of the others: each extension is requested when the last is nearly over.
    if times > own.more:
        own.more = min(times, agreed + 1)
        db.flush()
        announce(db, ExtensionRequested(coffee.id, actor.id))
    return queries.agreed_extensions(stays)


def record_trouble(db: Session, actor: Actor, coffee: Coffee, kind: str, *, tab: str) -> None:
    """Record a technical failure of this person's call; it counts against no one."""
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
    """Consent to a connection without a relay, or revoke it. One person's answer is shown to no one.

    Once two present people consented, a new epoch begins in which all candidates pass. The lock on the
    coffee serializes concurrent answers.
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
    """Hang up. A replaced tab ends no one else's stay."""
    authorize(policy.is_participant, actor, coffee)
    own = queries.list_stays(db, coffee.id).get(actor.id)
    if own is not None and own.tab == tab and own.left_at is None:
        own.left_at = clock.now()
        announce(db, CallLeft(coffee.id, actor.id))


def check_no_shows(db: Session, actor: Actor, coffee: Coffee, due_at: datetime) -> None:
    """Announce who waits for whom. Only people who never entered count as absent.

    No effect for a closed or rescheduled coffee, nor when this job runs late: the outage was ours, so
    absence proves nothing.
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


def weigh_evidence(db: Session, actor: Actor, coffee: Coffee, due_at: datetime) -> None:
    """After the call has closed. No effect for a rescheduled coffee, which is weighed after its own time."""
    authorize(policy.may_weigh, actor)
    if due_at == rules.weighed_at(coffee.ends_at) and queries.is_evident(db, coffee, clock.now()):
        record_call_evidence(db, actor, coffee)


def erase_technical_data(db: Session, actor: Actor) -> None:
    """Erase what reports count of trouble from calls entered more than TECHNICAL_RETENTION ago."""
    authorize(policy.may_clear, actor)
    kept = CallStay.browser.is_not(None) | CallStay.network.is_not(None) | CallStay.trouble.is_not(None)
    old = CallStay.entered_at < clock.now() - rules.TECHNICAL_RETENTION
    erased = {"browser": None, "browser_version": None, "network": None, "trouble": None}
    db.execute(update(CallStay).where(old, kept).values(erased))


def mark_tab_closed(db: Session, actor: Actor, tab: str) -> None:
    """A socket closed; its page may return and its media may still flow."""
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
