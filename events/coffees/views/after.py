"""What comes after a coffee: how it went, the shared note, what was promised."""

from flask import g
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from events.circles.queries import CurrentCircle
from events.coffees import actions, forms, queries
from events.coffees.views.card import blueprint, coffee_of, show_card
from events.core.door import Door
from events.core.errors import Invalid
from events.core.rights import Who
from events.core.web import CHANGE_RATE, page

KEYS = ("coffee:tell",)


@page(
    blueprint, "/coffees/<id>/outcome", who=Who.PARTNER, methods=("GET", "POST"), keys=KEYS, rate=CHANGE_RATE
)
def outcome(door: Door, id: str) -> Response:
    coffee = coffee_of(door, id)
    card = queries.sketch_of(coffee, door.actor.id)
    form = door.form(forms.Outcome, _given(card))
    told = form.act(lambda data: actions.give_outcome(door.db, door.actor, coffee, data))
    if told is not None:
        return door.go("coffees.show", id=coffee.id, done=_("Noted. Your answer stays yours."))
    if not card.may_tell and not form.posted:
        return door.go("coffees.show", id=coffee.id)
    g.current_circle = CurrentCircle.of(card.circle)
    return door.render(
        "coffees/outcome.html",
        card=card,
        form=form,
        following=queries.following_of(door.db, door.actor, coffee),
        trouble=queries.had_trouble(door.db, coffee),
    )


@page(blueprint, "/coffees/<id>/again", who=Who.PARTNER, methods=("GET", "POST"), keys=KEYS, rate=CHANGE_RATE)
def again(door: Door, id: str) -> Response:
    """Three common times for a next one: one tap proposes, the other's tap accepts."""
    coffee = coffee_of(door, id)
    form = door.form(forms.NextTime)
    proposed = form.act(lambda data: actions.propose_again(door.db, door.actor, coffee, data.time))
    if proposed is not None:
        done = _("It's set.") if proposed.state == "confirmed" else _("Asked. You'll hear when it's a yes.")
        return door.go("coffees.show", id=coffee.id, done=done, _anchor="again")
    card = queries.sketch_of(coffee, door.actor.id)
    if not card.may_tell and not form.posted:
        return door.go("coffees.show", id=coffee.id)
    g.current_circle = CurrentCircle.of(card.circle)
    following = queries.following_of(door.db, door.actor, coffee)
    return door.render("coffees/again.html", card=card, following=following, form=form)


@page(blueprint, "/coffees/<id>/note", who=Who.PARTNER, methods=("POST",), keys=KEYS, rate=CHANGE_RATE)
def note(door: Door, id: str) -> Response:
    coffee = coffee_of(door, id)
    form = door.form(forms.Note)
    written = form.act(lambda data: actions.write_note(door.db, door.actor, coffee, data))
    if written is None:
        return show_card(door, coffee, note_form=form)
    return door.go("coffees.show", id=coffee.id, done=_("The note is saved."), _anchor="note")


@page(blueprint, "/coffees/<id>/promises", who=Who.PARTNER, methods=("POST",), keys=KEYS, rate=CHANGE_RATE)
def promise(door: Door, id: str) -> Response:
    coffee = coffee_of(door, id)
    form = door.form(forms.Promised)
    promised = form.act(lambda data: actions.promise_something(door.db, door.actor, coffee, data))
    if promised is None:
        return show_card(door, coffee, promise_form=form)
    return door.go("coffees.show", id=coffee.id, done=_("Noted as promised."), _anchor="promises")


@page(
    blueprint,
    "/coffees/<id>/promises/<promise_id>",
    who=Who.PARTNER,
    methods=("POST",),
    keys=KEYS,
    rate=CHANGE_RATE,
)
def mark(door: Door, id: str, promise_id: str) -> Response:
    coffee = coffee_of(door, id)
    kept = queries.get_promise(door.db, coffee, promise_id)
    form = door.form(forms.Done)
    if form.data is None:
        raise Invalid("bad_choice")
    actions.mark_promise(door.db, door.actor, coffee, kept, done=form.data.done == "yes")
    if form.data.then == "today":
        return door.go("pages.today", done=_("Kept. It has left your list."))
    return door.go("coffees.show", id=coffee.id, _anchor="promises")


def _given(card: queries.Card) -> dict[str, object]:
    """What this person answered before."""
    given = {"took_place": card.own.took_place, "worth_it": card.own.worth_it, "again": card.own.again}
    return {name: "yes" if answer else "no" for name, answer in given.items() if answer is not None}
