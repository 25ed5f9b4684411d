"""The check room and the call."""

from flask import Blueprint, g
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.calls import policy, queries, rules
from events.coffees import queries as coffee_queries
from events.coffees.models import Coffee
from events.coffees.rules import call_is_open, call_window
from events.core import clock, words
from events.core.access import authorize
from events.core.config import Settings
from events.core.door import Door
from events.core.rights import Who
from events.core.web import page

blueprint = Blueprint("calls", __name__)
KEYS = ("coffee:talk",)

coffee_queries.register_trouble(queries.had_trouble)

words.register(
    {
        "call_no_more": _l("In the after-talk the next talk follows at once."),
        "call_closed": _l("This call isn't open now."),
        "call_replaced": _l("You're in this call in another tab."),
        "call_not_entered": _l("Join the call first."),
        "call_moved_on": _l("The other has just joined again. We're putting you back together."),
        "call_relay_only": _l("This call goes through a relay alone. Load the page again."),
        "call_too_many_addresses": _l("Your browser offers too many network addresses. Load the page again."),
    }
)


@page(blueprint, "/coffees/<id>/check", who=Who.PARTNER, keys=KEYS)
def check_room(door: Door, id: str) -> Response:
    coffee = coffee_queries.get_visible(door.db, door.actor, id)
    authorize(policy.is_of, door.actor, coffee)
    if not policy.may_check(door.actor, coffee):
        return door.go("coffees.show", id=coffee.id)
    g.current_circle = coffee.circle
    opens_at, _closes_at = call_window(coffee.starts_at, coffee.ends_at)
    return door.render(
        "calls/check.html",
        coffee=coffee,
        own=coffee_queries.seat_of(coffee, door.actor.id),
        others=coffee_queries.others_of(coffee, door.actor.id),
        open_now=coffee.state == "confirmed" and call_is_open(clock.now(), coffee.starts_at, coffee.ends_at),
        opens_at=opens_at,
        ice_servers=_probe_servers(door, coffee),
        relays=_has_relay(door.settings)
        and rules.may_probe_relay(coffee.state, coffee.starts_at, clock.now()),
    )


@page(blueprint, "/coffees/<id>/call", who=Who.PARTNER, keys=KEYS)
def call(door: Door, id: str) -> Response:
    coffee = coffee_queries.get_visible(door.db, door.actor, id)
    authorize(policy.is_of, door.actor, coffee)
    if not policy.may_call(door.actor, coffee):
        return door.go("coffees.show", id=coffee.id)
    opens_at, closes_at = call_window(coffee.starts_at, coffee.ends_at)
    seen = {
        "coffee": coffee,
        "own": coffee_queries.seat_of(coffee, door.actor.id),
        "others": coffee_queries.others_of(coffee, door.actor.id),
    }
    if not opens_at <= clock.now() <= closes_at:
        return door.render("calls/closed.html", opens_at=opens_at, over=clock.now() > closes_at, **seen)
    return door.render(
        "calls/call.html",
        following=coffee_queries.following_of(door.db, door.actor, coffee),
        seconds=round((coffee.ends_at - clock.now()).total_seconds()),
        **seen,
    )


def _has_relay(settings: Settings) -> bool:
    return bool(settings.turn_urls and settings.turn_secret)


def _probe_servers(door: Door, coffee: Coffee) -> list[rules.IceServer]:
    """For trying the network ahead of time: a credential that holds a quarter of an hour from now, only for a
    coffee that stands and is near, and a few times an hour."""
    settings, moment = door.settings, clock.now()
    secret = settings.turn_secret.get_secret_value() if settings.turn_secret else None
    if not rules.may_probe_relay(coffee.state, coffee.starts_at, moment):
        secret = None
    if secret is not None:
        door.limit("calls.check", "20 per hour")
    stun, turn = rules.split_urls(settings.stun_urls), rules.split_urls(settings.turn_urls)
    return rules.ice_servers(stun, turn, secret, f"probe-{coffee.id}", moment + rules.GRACE)
