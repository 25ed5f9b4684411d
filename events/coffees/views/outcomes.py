"""Pages after a coffee: outcome, next coffee, shared note and promises."""

from flask import g
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from events.circles.queries.circles import CurrentCircle
from events.coffees import forms
from events.coffees.actions import next_coffee as next_coffee_actions
from events.coffees.actions import notes, outcomes, promises
from events.coffees.queries import call_failures, coffee_page, coffees, next_coffee, pitches
from events.coffees.views.coffee_page import blueprint, coffee_of, show_card
from events.core.auth.endpoints import Access
from events.core.errors import Invalid
from events.core.web.pages import CHANGE_RATE, page
from events.core.web.request import PageRequest

KEYS = ("coffee:tell",)


@page(
    blueprint,
    "/coffees/<id>/outcome",
    who=Access.PARTNER,
    methods=("GET", "POST"),
    keys=KEYS,
    rate=CHANGE_RATE,
)
def outcome(req: PageRequest, id: str) -> Response:
    coffee = coffee_of(req, id)
    card = coffee_page.summary_card_of(coffee, req.actor.id)
    given = {**_given(card), "pitch": pitches.list_own(req.db, req.actor, coffee)}
    form = req.form(forms.Outcome, given)
    told = form.act(lambda data: outcomes.record_outcome(req.db, req.actor, coffee, data))
    if told is not None:
        return req.go("coffees.show", id=coffee.id, done=_("Noted. Your answer stays yours."))
    if not card.may_tell and not form.posted:
        return req.go("coffees.show", id=coffee.id)
    g.current_circle = CurrentCircle.of(card.circle)
    return req.render(
        "coffees/outcome.html",
        card=card,
        form=form,
        following=next_coffee.following_of(req.db, req.actor, coffee),
        trouble=call_failures.had_call_failure(req.db, coffee),
    )


@page(
    blueprint, "/coffees/<id>/again", who=Access.PARTNER, methods=("GET", "POST"), keys=KEYS, rate=CHANGE_RATE
)
def again(req: PageRequest, id: str) -> Response:
    coffee = coffee_of(req, id)
    form = req.form(forms.NextTime)
    proposed = form.act(
        lambda data: next_coffee_actions.propose_next_coffee(req.db, req.actor, coffee, data.time)
    )
    if proposed is not None:
        done = _("It's set.") if proposed.state == "confirmed" else _("Asked. You'll hear when it's a yes.")
        return req.go("coffees.show", id=coffee.id, done=done, _anchor="again")
    card = coffee_page.summary_card_of(coffee, req.actor.id)
    if not card.may_tell and not form.posted:
        return req.go("coffees.show", id=coffee.id)
    g.current_circle = CurrentCircle.of(card.circle)
    following = next_coffee.following_of(req.db, req.actor, coffee)
    return req.render("coffees/again.html", card=card, following=following, form=form)


@page(blueprint, "/coffees/<id>/note", who=Access.PARTNER, methods=("POST",), keys=KEYS, rate=CHANGE_RATE)
def note(req: PageRequest, id: str) -> Response:
    coffee = coffee_of(req, id)
    form = req.form(forms.Note)
    written = form.act(lambda data: notes.write_note(req.db, req.actor, coffee, data))
    if written is None:
        return show_card(req, coffee, note_form=form)
    return req.go("coffees.show", id=coffee.id, done=_("The note is saved."), _anchor="note")


@page(blueprint, "/coffees/<id>/promises", who=Access.PARTNER, methods=("POST",), keys=KEYS, rate=CHANGE_RATE)
def promise(req: PageRequest, id: str) -> Response:
    coffee = coffee_of(req, id)
    form = req.form(forms.Promised)
    promised = form.act(lambda data: promises.add_promise(req.db, req.actor, coffee, data))
    if promised is None:
        return show_card(req, coffee, promise_form=form)
    return req.go("coffees.show", id=coffee.id, done=_("Noted as promised."), _anchor="promises")


@page(
    blueprint,
    "/coffees/<id>/promises/<promise_id>",
    who=Access.PARTNER,
    methods=("POST",),
    keys=KEYS,
    rate=CHANGE_RATE,
)
def mark(req: PageRequest, id: str, promise_id: str) -> Response:
    coffee = coffee_of(req, id)
    kept = coffees.get_promise(req.db, coffee, promise_id)
    form = req.form(forms.Done)
    if form.data is None:
        raise Invalid("bad_choice")
    promises.mark_promise(req.db, req.actor, coffee, kept, done=form.data.done == "yes")
    if form.data.then == "today":
        return req.go("pages.today", done=_("Kept. It has left your list."))
    return req.go("coffees.show", id=coffee.id, _anchor="promises")


def _given(card: coffee_page.Card) -> dict[str, object]:
    given = {"took_place": card.own.took_place, "worth_it": card.own.worth_it, "again": card.own.again}
    return {name: "yes" if answer else "no" for name, answer in given.items() if answer is not None}
