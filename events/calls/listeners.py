"""Listeners that plan no-show checks and forward call events to each participant's socket."""

from sqlalchemy.orm import Session

from events.calls import jobs, queries, rules
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
from events.coffees.queries.coffees import get_coffee
from events.coffees.signals import CoffeeConfirmed, CoffeeMoved
from events.core.bus import after_commit, on
from events.core.db.session import unit_of_work
from events.core.jobs.queue import enqueue
from events.core.realtime.handlers import broadcast, send_to_person


@on(CoffeeConfirmed, CoffeeMoved)
def plan_no_show_checks(db: Session, signal: CoffeeConfirmed | CoffeeMoved) -> None:
    coffee = get_coffee(db, signal.coffee_id)
    if coffee.form == "online":
        for moment in rules.no_show_check_times(coffee.starts_at):
            due_at = moment.isoformat()
            key = f"calls.look:{coffee.id}:{due_at}"
            enqueue(db, jobs.check_no_shows, coffee.id, due_at, key=key, at=moment)


@on(CoffeeConfirmed, CoffeeMoved)
def plan_evidence(db: Session, signal: CoffeeConfirmed | CoffeeMoved) -> None:
    coffee = get_coffee(db, signal.coffee_id)
    if coffee.form == "online" and coffee.kind == "coffee":
        moment = rules.weighed_at(coffee.ends_at)
        key = f"calls.weigh:{coffee.id}:{moment.isoformat()}"
        enqueue(db, jobs.weigh_evidence, coffee.id, moment.isoformat(), key=key, at=moment)


@after_commit(PartnerAwaited)
def notify_absent(signal: PartnerAwaited) -> None:
    """On every open page of the absent; a mail is sent as well."""
    for user_id in signal.absent_ids:
        send_to_person(user_id, "calls.waiting", {"coffee": signal.coffee_id})
    _notify_waiting(signal, offer=False)


@after_commit(PartnerStillAwaited)
def notify_alternatives(signal: PartnerStillAwaited) -> None:
    _notify_waiting(signal, offer=True)


@after_commit(ExtensionRequested)
def broadcast_extension(signal: ExtensionRequested) -> None:
    """To everyone in the call: who asks, and the number agreed."""
    with unit_of_work() as db:
        stays = queries.list_stays(db, signal.coffee_id)
        asked = stays.get(signal.user_id)
        agreed = queries.agreed_extensions(stays)
        told = [(stay.tab, stay.user_id) for stay in stays.values() if stay.left_at is None]
    for tab, user_id in told if asked is not None else ():
        theirs = user_id != signal.user_id
        broadcast(tab, "calls.more", {"coffee": signal.coffee_id, "agreed": agreed, "theirs": theirs})


@after_commit(RelayMissed)
def broadcast_relay_missed(signal: RelayMissed) -> None:
    """Everyone in the call is asked the same; the browser without a relay is not named."""
    with unit_of_work() as db:
        tabs = [
            stay.tab for stay in queries.list_stays(db, signal.coffee_id).values() if stay.left_at is None
        ]
    for tab in tabs:
        broadcast(tab, "calls.no_relay", {"coffee": signal.coffee_id})


@after_commit(CallReplaced)
def notify_replaced_tab(signal: CallReplaced) -> None:
    broadcast(signal.tab, "calls.replaced", {"coffee": signal.coffee_id})


@after_commit(CallEntered)
def broadcast_entered(signal: CallEntered) -> None:
    _broadcast_presence(signal.coffee_id, signal.user_id, present=True, hung_up=False)


@after_commit(CallLeft)
def broadcast_left(signal: CallLeft) -> None:
    _broadcast_presence(signal.coffee_id, signal.user_id, present=False, hung_up=signal.hung_up)


@after_commit(CallSignalled)
def forward_signal(signal: CallSignalled) -> None:
    frame = {"coffee": signal.coffee_id, "epoch": signal.epoch, "seat": signal.seat}
    broadcast(signal.tab, "calls.signal", frame | {"relay_only": signal.relay_only} | signal.content)


def _notify_waiting(signal: PartnerAwaited | PartnerStillAwaited, *, offer: bool) -> None:
    for user_id in signal.waiting_ids:
        send_to_person(user_id, "calls.absent", {"coffee": signal.coffee_id, "offer": offer})


def _broadcast_presence(coffee_id: str, user_id: str, *, present: bool, hung_up: bool) -> None:
    """Each of the others gets the epoch shared with this person."""
    with unit_of_work() as db:
        coffee = db.get(Coffee, coffee_id)
        if coffee is None:
            return
        stays = queries.list_stays(db, coffee_id)
        moved = next(seat for seat in coffee.seats if seat.user_id == user_id)
        told = [
            (stay.tab, queries.peer_of(stays, stay.user_id, moved))
            for stay in stays.values()
            if stay.user_id != user_id and stay.left_at is None
        ]
    for tab, peer in told:
        frame = {"coffee": coffee_id, "seat": peer.seat, "present": present, "hung_up": hung_up}
        shared = {"epoch": peer.epoch, "polite": peer.polite, "relay_only": peer.relay_only}
        broadcast(tab, "calls.peer", frame | shared)
