"""Exchanging details after a coffee: phone, mail, LinkedIn, by consent of both, and as a contact card."""

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.circles.queries import CurrentCircle
from events.coffees import actions, forms, queries
from events.coffees.rules import KEPT
from events.coffees.views.card import blueprint, coffee_of
from events.core import clock, words
from events.core.cards import Contact, contact_file
from events.core.door import Door
from events.core.errors import NotFound
from events.core.locale import current_locale, when
from events.core.pages import reader_zone
from events.core.rights import Who
from events.core.web import CHANGE_RATE, page

KEYS = ("coffee:tell",)

words.register({"detail_missing": _l("You haven't told us that one yet. Put it on your page first.")})


@page(
    blueprint, "/coffees/<id>/details", who=Who.PARTNER, methods=("GET", "POST"), keys=KEYS, rate=CHANGE_RATE
)
def details(door: Door, id: str) -> Response:
    coffee = coffee_of(door, id)
    card = queries.sketch_of(coffee, door.actor.id)
    exchange = queries.exchange_of(door.db, door.actor, coffee)
    form = door.form(forms.Details, {} if door.posted else {"kinds": exchange.mine})
    shared = form.act(lambda data: actions.share_details(door.db, door.actor, coffee, data))
    if shared is not None:
        done = (
            _("Saved. You see each other's as soon as you both share.") if shared.kinds else _("Taken back.")
        )
        return door.go("coffees.show", id=coffee.id, done=done, _anchor="details")
    if not card.is_kept and not form.posted:
        return door.go("coffees.show", id=coffee.id)
    g.current_circle = CurrentCircle.of(card.circle)
    return door.render("coffees/details.html", card=card, exchange=exchange, form=form)


@page(blueprint, "/coffees/<id>/contacts/<user_id>.vcf", who=Who.PARTNER, keys=KEYS)
def contact(door: Door, id: str, user_id: str) -> Response:
    """What that person showed, as a card for one's contacts; nothing they did not tick is in it."""
    coffee = coffee_of(door, id)
    if coffee.state not in KEPT:
        raise NotFound
    shown = queries.get_shown(door.db, door.actor, coffee, user_id)
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
