"""Where the people of a coffee find each other: the place or the link, and their phone numbers."""

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.accounts.rules import write_phone
from events.circles.queries import CurrentCircle
from events.coffees import actions, forms, queries
from events.coffees.views.card import KEYS, blueprint, coffee_of
from events.core import words
from events.core.door import Door
from events.core.pages import reader_zone
from events.core.rights import Who
from events.core.web import CHANGE_RATE, page

words.register(
    {
        "coffee_without_place": _l("This coffee needs no place."),
        "coffee_without_number": _l("This coffee needs no phone number any more."),
    }
)


@page(blueprint, "/coffees/<id>/place", who=Who.PARTNER, methods=("GET", "POST"), keys=KEYS, rate=CHANGE_RATE)
def place(door: Door, id: str) -> Response:
    coffee = coffee_of(door, id)
    card = queries.sketch_of(coffee, door.actor.id)
    own_link = card.own_link if door.actor.is_signed_in() else ""  # of the profile, which no key opens
    form = door.form(forms.ChosenPlace, {"place": coffee.place or own_link})
    chosen = form.act(
        lambda data: actions.choose_place(door.db, door.actor, coffee, data.place, data.version)
    )
    if chosen is not None:
        asked = chosen.state == "proposed"
        return door.go(
            "coffees.show", id=coffee.id, done=None if asked else _("Saved. The calendars follow.")
        )
    if not card.reach.may_place and not form.posted:
        return door.go("coffees.show", id=coffee.id)
    g.current_circle = CurrentCircle.of(card.circle)
    return door.render("coffees/place.html", card=card, form=form)


@page(
    blueprint, "/coffees/<id>/number", who=Who.PARTNER, methods=("GET", "POST"), keys=KEYS, rate=CHANGE_RATE
)
def number(door: Door, id: str) -> Response:
    coffee = coffee_of(door, id)
    card = queries.sketch_of(coffee, door.actor.id)
    shown = write_phone(card.reach.own_number, reader_zone()) if door.actor.is_signed_in() else ""
    form = door.form(forms.SharedNumber, {"phone": shown})
    given = form.act(lambda data: actions.give_number(door.db, door.actor, coffee, data.phone))
    if given is not None:
        return door.go("coffees.show", id=coffee.id, done=_("Saved."))
    if not card.reach.may_share and not form.posted:
        return door.go("coffees.show", id=coffee.id)
    g.current_circle = CurrentCircle.of(card.circle)
    return door.render("coffees/number.html", card=card, form=form)
