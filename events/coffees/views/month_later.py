"""Page of the follow-up question of a month later."""

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.circles.queries.circles import CurrentCircle
from events.coffees import forms
from events.coffees.actions import month_later
from events.coffees.models import Coffee
from events.coffees.queries import coffee_page
from events.coffees.queries import month_later as month_later_queries
from events.coffees.views.coffee_page import blueprint, coffee_of
from events.core.auth.endpoints import Access
from events.core.web import error_messages
from events.core.web.pages import page
from events.core.web.request import FormState, PageRequest

KEYS = ("coffee:tell",)

error_messages.register({"too_early_to_look_back": _l("We ask this a month after the coffee.")})


@page(blueprint, "/coffees/<id>/later", who=Access.PARTNER, methods=("GET", "POST"), keys=KEYS)
def later(req: PageRequest, id: str) -> Response:
    coffee = coffee_of(req, id)
    form = req.form(forms.CameOf)
    said = form.act(lambda data: month_later.record_month_later(req.db, req.actor, coffee, data))
    if said is not None:
        return req.go("coffees.later", id=coffee.id, done=_("Noted. Your answer stays yours."))
    if not month_later_queries.may_look_back(coffee) and not form.posted:
        return req.go("coffees.show", id=coffee.id)
    return _shown(req, coffee, form)


@page(blueprint, "/coffees/<id>/quote", who=Access.PARTNER, methods=("POST",), keys=KEYS)
def quote(req: PageRequest, id: str) -> Response:
    coffee = coffee_of(req, id)
    form = req.form(forms.Quote)
    said = form.act(lambda data: month_later.set_quote(req.db, req.actor, coffee, data))
    if said is None:
        return _shown(req, coffee, form, quote_form=form)
    done = _("Thank you. The circle can read your sentence.") if said.may_quote else _("Nobody reads it.")
    return req.go("coffees.later", id=coffee.id, done=done)


def _shown(
    req: PageRequest,
    coffee: Coffee,
    form: FormState[forms.CameOf] | FormState[forms.Quote],
    *,
    quote_form: FormState[forms.Quote] | None = None,
) -> Response:
    card = coffee_page.summary_card_of(coffee, req.actor.id)
    g.current_circle = CurrentCircle.of(card.circle)
    said = month_later_queries.look_back_of(req.db, req.actor, coffee)
    return req.render("coffees/month_later.html", card=card, said=said, form=form, quote_form=quote_form)
