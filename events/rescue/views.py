"""What can still be made of a call in which someone waits: plan it anew, or meet another who waits."""

from flask import Blueprint, g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.accounts.actions import issue_key
from events.accounts.queries import secret_of
from events.circles.queries import CurrentCircle
from events.coffees import queries as coffee_queries
from events.coffees.models import Coffee
from events.core import words
from events.core.access import SYSTEM
from events.core.door import Door
from events.core.rights import Who
from events.core.web import page
from events.rescue import actions, queries

blueprint = Blueprint("rescue", __name__)
KEYS = ("coffee:answer",)

words.register({"rescue_over": _l("That was too long ago. Choose another time together instead.")})


@page(blueprint, "/coffees/<id>/rescue", who=Who.PARTNER, methods=("GET", "POST"), keys=KEYS)
def show(door: Door, id: str) -> Response:
    """Only for who waits; anybody else of the coffee is led to it."""
    coffee = coffee_queries.get_visible(door.db, door.actor, id)
    stranded = queries.find_stranded(door.db, coffee.id, door.actor.id)
    if stranded is None:
        return door.go("coffees.show", id=coffee.id)
    if door.posted:
        first = stranded.looking_at is None
        found = actions.look_for_another(door.db, door.actor, coffee)
        if found is None:
            done = _("We're looking. Leave this page open.") if first else None
            return door.go("rescue.show", id=coffee.id, done=done)
        return _to_call(door, found)
    if stranded.found_id is not None:
        return _to_call(door, coffee_queries.get_coffee(door.db, stranded.found_id))
    g.current_circle = CurrentCircle.of(coffee.circle)
    return door.render(
        "rescue/show.html",
        coffee=coffee,
        others=[seat.user for seat in coffee_queries.others_of(coffee, door.actor.id)],
        stranded=stranded,
        trouble=coffee_queries.had_trouble(door.db, coffee),
        exchange=coffee_queries.exchange_of(door.db, door.actor, coffee),
        following=coffee_queries.following_of(door.db, door.actor, coffee),
    )


def _to_call(door: Door, found: Coffee) -> Response:
    """Who came by the mail of the other coffee has no right to this one yet, but is one of its people."""
    if door.actor.reaches("coffee", found.id):
        return door.go("calls.call", id=found.id)
    key = issue_key(door.db, SYSTEM, door.actor.id, "coffee", found.id)
    return door.go("accounts.open_key", key=secret_of(key), then="call")
