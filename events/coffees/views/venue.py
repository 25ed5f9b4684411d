"""Pages of a coffee's venue: place or link, and phone number."""

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.accounts.rules import format_phone
from events.circles.queries.circles import CurrentCircle
from events.coffees import forms
from events.coffees.actions import venue
from events.coffees.queries import coffee_page
from events.coffees.views.coffee_page import KEYS, blueprint, coffee_of
from events.core.auth.endpoints import Access
from events.core.web import error_messages
from events.core.web.pages import CHANGE_RATE, page
from events.core.web.request import PageRequest
from events.core.web.templates import reader_zone

error_messages.register(
    {
        "coffee_without_place": _l("This coffee needs no place."),
        "coffee_without_number": _l("This coffee needs no phone number any more."),
    }
)


@page(
    blueprint, "/coffees/<id>/place", who=Access.PARTNER, methods=("GET", "POST"), keys=KEYS, rate=CHANGE_RATE
)
def place(req: PageRequest, id: str) -> Response:
    coffee = coffee_of(req, id)
    card = coffee_page.summary_card_of(coffee, req.actor.id)
    own_link = card.own_link if req.actor.is_signed_in() else ""  # profile data, not available to a key
    form = req.form(forms.ChosenPlace, {"place": coffee.place or own_link})
    chosen = form.act(lambda data: venue.choose_place(req.db, req.actor, coffee, data.place, data.version))
    if chosen is not None:
        asked = chosen.state == "proposed"
        return req.go("coffees.show", id=coffee.id, done=None if asked else _("Saved. The calendars follow."))
    if not card.reach.may_place and not form.posted:
        return req.go("coffees.show", id=coffee.id)
    g.current_circle = CurrentCircle.of(card.circle)
    return req.render("coffees/place.html", card=card, form=form)


@page(
    blueprint,
    "/coffees/<id>/number",
    who=Access.PARTNER,
    methods=("GET", "POST"),
    keys=KEYS,
    rate=CHANGE_RATE,
)
def number(req: PageRequest, id: str) -> Response:
    coffee = coffee_of(req, id)
    card = coffee_page.summary_card_of(coffee, req.actor.id)
    shown = format_phone(card.reach.own_number, reader_zone()) if req.actor.is_signed_in() else ""
    form = req.form(forms.SharedNumber, {"phone": shown})
    given = form.act(lambda data: venue.give_number(req.db, req.actor, coffee, data.phone))
    if given is not None:
        return req.go("coffees.show", id=coffee.id, done=_("Saved."))
    if not card.reach.may_share and not form.posted:
        return req.go("coffees.show", id=coffee.id)
    g.current_circle = CurrentCircle.of(card.circle)
    return req.render("coffees/phone.html", card=card, form=form)
