"""The frames of a call: who enters, what browsers tell each other, who leaves."""

from collections import Counter

from flask import current_app

from events.calls import actions, queries, rules
from events.calls.forms import Direct, EnterCall, InCall, MoreTime, Signal, Trouble
from events.coffees import queries as coffee_queries
from events.coffees.models import Coffee
from events.core import clock
from events.core.access import SYSTEM
from events.core.config import Settings
from events.core.connections import Connection
from events.core.db import unit_of_work
from events.core.errors import Refused
from events.core.realtime import Reply, Wire, frame, on_closed
from events.core.rights import Who
from events.core.turn_check import relay_health

SIGNALS = "240 per minute"
DESCRIPTIONS = "40 per minute"
ENTRIES = "30 per minute"
# The talks of a nazit are reached by the key of its livestream; which coffee is a talk, the row says.
KEYS = ("coffee:talk", "livestream:have")


# Candidates a socket has sent, by epoch; a socket lives in one process, so its count does, too.
_sent: dict[str, Counter[int]] = {}


@frame("calls.enter", EnterCall, who=Who.PARTNER, keys=KEYS)
def enter(wire: Wire, data: EnterCall) -> Reply:
    wire.limit("calls.enter", ENTRIES)
    coffee = coffee_queries.get_visible(wire.db, wire.actor, data.coffee)
    settings: Settings = current_app.config["SETTINGS"]
    relay_required = _requires_relay(wire, settings, coffee)
    stay = actions.enter_call(
        wire.db,
        wire.actor,
        coffee,
        tab=wire.sid,
        stay=data.stay,
        relay_required=relay_required,
        direct=data.direct,
    )
    _sent[wire.sid] = Counter()
    stays = queries.list_stays(wire.db, coffee.id)
    return {
        "stay": stay.epoch,
        "ice_servers": _ice_servers(settings, coffee, stay.id),
        "relay_missed": queries.missed_relay(stays),
        "relay_down": relay_required and relay_health(wire.db, settings).works is False,
        "more": {"agreed": queries.agreed_more(stays), "own": stay.more},
        "peers": _peers(wire, coffee),
    }


@frame("calls.signal", Signal, who=Who.PARTNER, keys=KEYS)
def signal(wire: Wire, data: Signal) -> None:
    wire.limit("calls.signal", SIGNALS)
    if data.description is not None:
        wire.limit("calls.description", DESCRIPTIONS)
    coffee = coffee_queries.get_visible(wire.db, wire.actor, data.coffee)
    actions.signal_peer(wire.db, wire.actor, coffee, data, tab=wire.sid)
    if data.candidate is not None:
        _count_candidate(wire.sid, data.epoch, len(coffee.seats) - 1)


@frame("calls.connected", InCall, who=Who.PARTNER, keys=KEYS)
def connected(wire: Wire, data: InCall) -> None:
    coffee = coffee_queries.get_visible(wire.db, wire.actor, data.coffee)
    actions.note_connected(wire.db, wire.actor, coffee, tab=wire.sid)


@frame("calls.more", MoreTime, who=Who.PARTNER, keys=KEYS)
def more(wire: Wire, data: MoreTime) -> Reply:
    wire.limit("calls.more", ENTRIES)
    coffee = coffee_queries.get_visible(wire.db, wire.actor, data.coffee)
    return {"agreed": actions.ask_more(wire.db, wire.actor, coffee, data.times, tab=wire.sid)}


@frame("calls.direct", Direct, who=Who.PARTNER, keys=KEYS)
def direct(wire: Wire, data: Direct) -> Reply:
    wire.limit("calls.direct", ENTRIES)
    coffee = coffee_queries.get_visible(wire.db, wire.actor, data.coffee)
    stay = actions.agree_direct(wire.db, wire.actor, coffee, agree=data.agree, tab=wire.sid)
    return {"stay": stay.epoch, "peers": _peers(wire, coffee)}


@frame("calls.trouble", Trouble, who=Who.PARTNER, keys=KEYS)
def trouble(wire: Wire, data: Trouble) -> None:
    wire.limit("calls.trouble", ENTRIES)
    coffee = coffee_queries.get_visible(wire.db, wire.actor, data.coffee)
    actions.note_trouble(wire.db, wire.actor, coffee, data.kind, tab=wire.sid)


@frame("calls.leave", InCall, who=Who.PARTNER, keys=KEYS)
def leave(wire: Wire, data: InCall) -> None:
    coffee = coffee_queries.get_visible(wire.db, wire.actor, data.coffee)
    actions.leave_call(wire.db, wire.actor, coffee, tab=wire.sid)


@on_closed
def clear_closed(connection: Connection) -> None:
    if _sent.pop(connection.sid, None) is not None:
        with unit_of_work() as db:
            actions.clear_tab(db, SYSTEM, connection.sid)


def _count_candidate(sid: str, epoch: int, peers: int) -> None:
    """Bounded even where rate limits are off: a browser has a handful of addresses, not hundreds."""
    sent = _sent[sid]
    sent[epoch] += 1
    if sent[epoch] > rules.MOST_CANDIDATES * peers:
        raise Refused("call_too_many_addresses")


def _ice_servers(settings: Settings, coffee: Coffee, opaque: str) -> list[rules.IceServer]:
    return rules.ice_servers(
        rules.split_urls(settings.stun_urls),
        rules.split_urls(settings.turn_urls),
        settings.turn_secret.get_secret_value() if settings.turn_secret else None,
        opaque,
        rules.expiry_of(coffee.ends_at, clock.now()),
    )


def _peers(wire: Wire, coffee: Coffee) -> list[dict[str, object]]:
    return [
        {
            "seat": peer.seat,
            "name": peer.name,
            "present": peer.present,
            "polite": peer.polite,
            "epoch": peer.epoch,
            "relay_only": peer.relay_only,
        }
        for peer in queries.list_peers(wire.db, coffee, wire.actor.id)
    ]


def _requires_relay(wire: Wire, settings: Settings, coffee: Coffee) -> bool:
    """People who never met do not learn each other's network address, wherever a relay allows for it."""
    if not (settings.turn_urls and settings.turn_secret):
        return False
    return not queries.know_each_other(wire.db, coffee)
