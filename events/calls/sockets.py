"""Frames of calls: enter, WebRTC signalling, extension, consent, trouble and leave."""

from collections import Counter

from flask import current_app, request

from events.calls import actions, queries, rules
from events.calls.forms import Connected, Direct, EnterCall, InCall, MoreTime, Signal, Trouble
from events.coffees.models import Coffee
from events.coffees.queries import coffees
from events.core import clock
from events.core.auth.actor import SYSTEM
from events.core.auth.endpoints import Access
from events.core.config import Settings
from events.core.db.session import unit_of_work
from events.core.errors import Refused
from events.core.ops.turn_check import relay_health
from events.core.realtime.connections import Connection
from events.core.realtime.frames import FrameRequest, Reply, frame
from events.core.realtime.handlers import on_closed

SIGNALS = "240 per minute"
DESCRIPTIONS = "40 per minute"
ENTRIES = "30 per minute"
# After-talk talks are opened by the livestream's key; policy checks the coffee's kind.
KEYS = ("coffee:talk", "livestream:have")


# Candidates sent, by socket and epoch; a socket belongs to one process, so this needs no store.
_sent: dict[str, Counter[int]] = {}


@frame("calls.enter", EnterCall, who=Access.PARTNER, keys=KEYS)
def enter(req: FrameRequest, data: EnterCall) -> Reply:
    req.limit("calls.enter", ENTRIES)
    coffee = coffees.get_visible(req.db, req.actor, data.coffee)
    settings: Settings = current_app.config["SETTINGS"]
    relay_required = _requires_relay(req, settings, coffee)
    stay = actions.enter_call(
        req.db,
        req.actor,
        coffee,
        tab=req.sid,
        stay=data.stay,
        relay_required=relay_required,
        direct=data.direct,
        browser=rules.parse_browser(request.user_agent.string),
    )
    _sent[req.sid] = Counter()
    stays = queries.list_stays(req.db, coffee.id)
    return {
        "stay": stay.epoch,
        "ice_servers": _ice_servers(settings, coffee, stay.id),
        "relay_missed": queries.is_relay_missed(stays),
        "relay_down": relay_required and relay_health(req.db, settings).works is False,
        "more": {"agreed": queries.agreed_extensions(stays), "own": stay.more},
        "peers": _peers(req, coffee),
    }


@frame("calls.signal", Signal, who=Access.PARTNER, keys=KEYS)
def signal(req: FrameRequest, data: Signal) -> None:
    req.limit("calls.signal", SIGNALS)
    if data.description is not None:
        req.limit("calls.description", DESCRIPTIONS)
    coffee = coffees.get_visible(req.db, req.actor, data.coffee)
    actions.signal_peer(req.db, req.actor, coffee, data, tab=req.sid)
    if data.candidate is not None:
        _count_candidate(req.sid, data.epoch, len(coffee.seats) - 1)


@frame("calls.connected", Connected, who=Access.PARTNER, keys=KEYS)
def connected(req: FrameRequest, data: Connected) -> None:
    coffee = coffees.get_visible(req.db, req.actor, data.coffee)
    actions.record_connected(req.db, req.actor, coffee, tab=req.sid, network=data.network)


@frame("calls.more", MoreTime, who=Access.PARTNER, keys=KEYS)
def more(req: FrameRequest, data: MoreTime) -> Reply:
    req.limit("calls.more", ENTRIES)
    coffee = coffees.get_visible(req.db, req.actor, data.coffee)
    return {"agreed": actions.request_extension(req.db, req.actor, coffee, data.times, tab=req.sid)}


@frame("calls.direct", Direct, who=Access.PARTNER, keys=KEYS)
def direct(req: FrameRequest, data: Direct) -> Reply:
    req.limit("calls.direct", ENTRIES)
    coffee = coffees.get_visible(req.db, req.actor, data.coffee)
    stay = actions.set_direct_consent(req.db, req.actor, coffee, agree=data.agree, tab=req.sid)
    return {"stay": stay.epoch, "peers": _peers(req, coffee)}


@frame("calls.trouble", Trouble, who=Access.PARTNER, keys=KEYS)
def trouble(req: FrameRequest, data: Trouble) -> None:
    req.limit("calls.trouble", ENTRIES)
    coffee = coffees.get_visible(req.db, req.actor, data.coffee)
    actions.record_trouble(req.db, req.actor, coffee, data.kind, tab=req.sid)


@frame("calls.leave", InCall, who=Access.PARTNER, keys=KEYS)
def leave(req: FrameRequest, data: InCall) -> None:
    coffee = coffees.get_visible(req.db, req.actor, data.coffee)
    actions.leave_call(req.db, req.actor, coffee, tab=req.sid)


@on_closed
def clear_closed(connection: Connection) -> None:
    if _sent.pop(connection.sid, None) is not None:
        with unit_of_work() as db:
            actions.mark_tab_closed(db, SYSTEM, connection.sid)


def _count_candidate(sid: str, epoch: int, peers: int) -> None:
    """Applies even with rate limits off: a browser has a handful of addresses, not hundreds."""
    sent = _sent[sid]
    sent[epoch] += 1
    if sent[epoch] > rules.MAX_CANDIDATES * peers:
        raise Refused("call_too_many_addresses")


def _ice_servers(settings: Settings, coffee: Coffee, opaque: str) -> list[rules.IceServer]:
    return rules.ice_servers(
        rules.split_urls(settings.stun_urls),
        rules.split_urls(settings.turn_urls),
        settings.turn_secret.get_secret_value() if settings.turn_secret else None,
        opaque,
        rules.expiry_of(coffee.ends_at, clock.now()),
    )


def _peers(req: FrameRequest, coffee: Coffee) -> list[dict[str, object]]:
    return [
        {
            "seat": peer.seat,
            "name": peer.name,
            "present": peer.present,
            "polite": peer.polite,
            "epoch": peer.epoch,
            "relay_only": peer.relay_only,
        }
        for peer in queries.list_peers(req.db, coffee, req.actor.id)
    ]


def _requires_relay(req: FrameRequest, settings: Settings, coffee: Coffee) -> bool:
    """People who never met do not learn each other's network address, if a relay is configured."""
    if not (settings.turn_urls and settings.turn_secret):
        return False
    return not queries.have_all_met(req.db, coffee)
