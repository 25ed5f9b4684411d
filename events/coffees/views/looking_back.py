"""The question of a month later: what came of it, in one tap, and a sentence for the circle if one likes."""

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.circles.queries import CurrentCircle
from events.coffees import actions, forms, queries
from events.coffees.models import Coffee
from events.coffees.views.card import blueprint, coffee_of
from events.core import words
from events.core.door import Door, FormState
from events.core.rights import Who
from events.core.web import page

KEYS = ("coffee:tell",)

words.register({"too_early_to_look_back": _l("We ask this a month after the coffee.")})


@page(blueprint, "/coffees/<id>/later", who=Who.PARTNER, methods=("GET", "POST"), keys=KEYS)
def later(door: Door, id: str) -> Response:
    coffee = coffee_of(door, id)
    form = door.form(forms.CameOf)
    said = form.act(lambda data: actions.look_back(door.db, door.actor, coffee, data))
    if said is not None:
        return door.go("coffees.later", id=coffee.id, done=_("Noted. Your answer stays yours."))
    if not queries.may_look_back(coffee) and not form.posted:
        return door.go("coffees.show", id=coffee.id)
    return _shown(door, coffee, form)


@page(blueprint, "/coffees/<id>/quote", who=Who.PARTNER, methods=("POST",), keys=KEYS)
def quote(door: Door, id: str) -> Response:
    coffee = coffee_of(door, id)
    form = door.form(forms.Quote)
    said = form.act(lambda data: actions.quote_oneself(door.db, door.actor, coffee, data))
    if said is None:
        return _shown(door, coffee, form, quote_form=form)
    done = _("Thank you. The circle can read your sentence.") if said.may_quote else _("Nobody reads it.")
    return door.go("coffees.later", id=coffee.id, done=done)


def _shown(
    door: Door,
    coffee: Coffee,
    form: FormState[forms.CameOf] | FormState[forms.Quote],
    *,
    quote_form: FormState[forms.Quote] | None = None,
) -> Response:
    card = queries.sketch_of(coffee, door.actor.id)
    g.current_circle = CurrentCircle.of(card.circle)
    said = queries.look_back_of(door.db, door.actor, coffee)
    return door.render("coffees/later.html", card=card, said=said, form=form, quote_form=quote_form)
