"""Pages of contact sharing: the form, and a vCard of what was shared."""

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.circles.queries.circles import CurrentCircle
from events.coffees import forms
from events.coffees.actions import contact_sharing as contact_actions
from events.coffees.queries import coffee_page
from events.coffees.queries import contact_sharing as contact_queries
from events.coffees.rules import PAST_OR_AGREED
from events.coffees.views.coffee_page import blueprint, coffee_of
from events.core import clock
from events.core.auth.endpoints import Access
from events.core.calendar.vcard import Contact, contact_file
from events.core.errors import NotFound
from events.core.i18n.formatting import current_locale, when
from events.core.web import error_messages
from events.core.web.pages import CHANGE_RATE, page
from events.core.web.request import PageRequest
from events.core.web.templates import reader_zone

KEYS = ("coffee:tell",)

error_messages.register(
    {"detail_missing": _l("You haven't told us that one yet. Put it on your page first.")}
)


@page(
    blueprint,
    "/coffees/<id>/details",
    who=Access.PARTNER,
    methods=("GET", "POST"),
    keys=KEYS,
    rate=CHANGE_RATE,
)
def details(req: PageRequest, id: str) -> Response:
    coffee = coffee_of(req, id)
    card = coffee_page.summary_card_of(coffee, req.actor.id)
    exchange = contact_queries.exchange_of(req.db, req.actor, coffee)
    form = req.form(forms.Details, {} if req.posted else {"kinds": exchange.mine})
    shared = form.act(lambda data: contact_actions.share_details(req.db, req.actor, coffee, data))
    if shared is not None:
        done = (
            _("Saved. You see each other's as soon as you both share.") if shared.kinds else _("Taken back.")
        )
        return req.go("coffees.show", id=coffee.id, done=done, _anchor="details")
    if not card.is_kept and not form.posted:
        return req.go("coffees.show", id=coffee.id)
    g.current_circle = CurrentCircle.of(card.circle)
    return req.render("coffees/details.html", card=card, exchange=exchange, form=form)


@page(blueprint, "/coffees/<id>/contacts/<user_id>.vcf", who=Access.PARTNER, keys=KEYS)
def contact(req: PageRequest, id: str, user_id: str) -> Response:
    """vCard of what that person shared."""
    coffee = coffee_of(req, id)
    if coffee.state not in PAST_OR_AGREED:
        raise NotFound
    shown = contact_queries.get_shown(req.db, req.actor, coffee, user_id)
    day = when(coffee.starts_at, "date", reader_zone(), current_locale())
    card = Contact(
        uid=shown.user.id,
        name=shown.user.name,
        company=shown.user.company,
        title=shown.user.headline,
        phone=shown.details.get("phone", ""),
        email=shown.details.get("email", ""),
        url=shown.details.get("linkedin", ""),
        note=_("Coffee on %(day)s, %(circle)s", day=day, circle=coffee.circle.name),
    )
    response = Response(contact_file(card, clock.now()), mimetype="text/vcard")
    response.headers["Content-Disposition"] = 'attachment; filename="contact.vcf"'
    return response
