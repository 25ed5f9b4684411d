"""Pages of calls: device check and call."""

from flask import Blueprint, g
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.calls import policy, rules
from events.coffees.models import Coffee
from events.coffees.queries import coffees, next_coffee, room
from events.coffees.rules import call_is_open, call_window
from events.core import clock
from events.core.auth.actor import authorize
from events.core.auth.endpoints import Access
from events.core.config import Settings
from events.core.web import error_messages
from events.core.web.pages import page
from events.core.web.request import PageRequest

blueprint = Blueprint("calls", __name__)
KEYS = ("coffee:talk",)

error_messages.register(
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


@page(blueprint, "/coffees/<id>/check", who=Access.PARTNER, keys=KEYS)
def check_room(req: PageRequest, id: str) -> Response:
    coffee = coffees.get_visible(req.db, req.actor, id)
    authorize(policy.is_participant, req.actor, coffee)
    if not policy.may_check(req.actor, coffee):
        return req.go("coffees.show", id=coffee.id)
    g.current_circle = coffee.circle
    opens_at, _closes_at = call_window(coffee.starts_at, coffee.ends_at)
    return req.render(
        "calls/check.html",
        coffee=coffee,
        own=coffees.seat_of(coffee, req.actor.id),
        others=coffees.others_of(coffee, req.actor.id),
        open_now=coffee.state == "confirmed" and call_is_open(clock.now(), coffee.starts_at, coffee.ends_at),
        opens_at=opens_at,
        ice_servers=_probe_servers(req, coffee),
        relays=_has_relay(req.settings)
        and rules.may_probe_relay(coffee.state, coffee.starts_at, clock.now()),
    )


@page(blueprint, "/coffees/<id>/call", who=Access.PARTNER, keys=KEYS)
def call(req: PageRequest, id: str) -> Response:
    coffee = coffees.get_visible(req.db, req.actor, id)
    authorize(policy.is_participant, req.actor, coffee)
    if not policy.may_call(req.actor, coffee):
        return req.go("coffees.show", id=coffee.id)
    opens_at, closes_at = call_window(coffee.starts_at, coffee.ends_at)
    seen = {
        "coffee": coffee,
        "own": coffees.seat_of(coffee, req.actor.id),
        "others": coffees.others_of(coffee, req.actor.id),
    }
    if not opens_at <= clock.now() <= closes_at:
        return req.render("calls/closed.html", opens_at=opens_at, over=clock.now() > closes_at, **seen)
    return req.render(
        "calls/call.html",
        following=next_coffee.following_of(req.db, req.actor, coffee),
        chat=room.panel_of(req.db, req.actor, coffee),
        seconds=round((coffee.ends_at - clock.now()).total_seconds()),
        **seen,
    )


def _has_relay(settings: Settings) -> bool:
    return bool(settings.turn_urls and settings.turn_secret)


def _probe_servers(req: PageRequest, coffee: Coffee) -> list[rules.IceServer]:
    """Credentials valid for CREDENTIAL_GRACE, only for a near confirmed coffee, and rate limited."""
    settings, moment = req.settings, clock.now()
    secret = settings.turn_secret.get_secret_value() if settings.turn_secret else None
    if not rules.may_probe_relay(coffee.state, coffee.starts_at, moment):
        secret = None
    if secret is not None:
        req.limit("calls.check", "20 per hour")
    stun, turn = rules.split_urls(settings.stun_urls), rules.split_urls(settings.turn_urls)
    return rules.ice_servers(stun, turn, secret, f"probe-{coffee.id}", moment + rules.CREDENTIAL_GRACE)
