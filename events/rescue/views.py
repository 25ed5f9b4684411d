"""Page of a person who waits in vain: reschedule, or meet another who waits."""

from flask import Blueprint, g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.accounts.actions.keys import issue_key
from events.accounts.queries.people import secret_of
from events.circles.queries.circles import CurrentCircle
from events.coffees.models import Coffee
from events.coffees.queries import call_failures, coffees, contact_sharing, next_coffee
from events.core.auth.actor import SYSTEM
from events.core.auth.endpoints import Access
from events.core.web import error_messages
from events.core.web.pages import page
from events.core.web.request import PageRequest
from events.rescue import actions, queries

blueprint = Blueprint("rescue", __name__)
KEYS = ("coffee:answer",)

error_messages.register({"rescue_over": _l("That was too long ago. Choose another time together instead.")})


@page(blueprint, "/coffees/<id>/rescue", who=Access.PARTNER, methods=("GET", "POST"), keys=KEYS)
def show(req: PageRequest, id: str) -> Response:
    """For the stranded person only; others are redirected to the coffee."""
    coffee = coffees.get_visible(req.db, req.actor, id)
    stranded = queries.find_stranded(req.db, coffee.id, req.actor.id)
    if stranded is None:
        return req.go("coffees.show", id=coffee.id)
    if req.posted:
        first = stranded.looking_at is None
        found = actions.request_replacement(req.db, req.actor, coffee)
        if found is None:
            done = _("We're looking. Leave this page open.") if first else None
            return req.go("rescue.show", id=coffee.id, done=done)
        return _to_call(req, found)
    if stranded.found_id is not None:
        return _to_call(req, coffees.get_coffee(req.db, stranded.found_id))
    g.current_circle = CurrentCircle.of(coffee.circle)
    return req.render(
        "rescue/show.html",
        coffee=coffee,
        others=[seat.user for seat in coffees.others_of(coffee, req.actor.id)],
        stranded=stranded,
        trouble=call_failures.had_call_failure(req.db, coffee),
        exchange=contact_sharing.exchange_of(req.db, req.actor, coffee),
        following=next_coffee.following_of(req.db, req.actor, coffee),
    )


def _to_call(req: PageRequest, found: Coffee) -> Response:
    """A key of the first coffee does not open the second, so a new key is issued."""
    if req.actor.reaches("coffee", found.id):
        return req.go("calls.call", id=found.id)
    key = issue_key(req.db, SYSTEM, req.actor.id, "coffee", found.id)
    return req.go("accounts.open_key", key=secret_of(key), then="call")
