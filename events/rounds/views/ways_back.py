"""Page action that takes a person back into the round, from the page of a coffee that isn't happening."""

from werkzeug.wrappers import Response

from events.coffees.queries.coffees import get_visible
from events.core.auth.endpoints import Access
from events.core.web.pages import CHANGE_RATE, page
from events.core.web.request import PageRequest
from events.rounds import forms
from events.rounds.actions import opting_in
from events.rounds.queries.panels import round_panel_of
from events.rounds.queries.rounds import find_round
from events.rounds.views.opting_in import blueprint, confirmation

KEYS = ("coffee:answer",)


@page(blueprint, "/coffees/<id>/round", who=Access.PARTNER, methods=("POST",), keys=KEYS, rate=CHANGE_RATE)
def rejoin(req: PageRequest, id: str) -> Response:
    coffee = get_visible(req.db, req.actor, id)
    form = req.form(forms.Rejoin)
    saved = form.act(lambda data: opting_in.rejoin_round(req.db, req.actor, coffee, data))
    if saved is None:
        return req.go("coffees.show", id=coffee.id, notice=form.first_error)
    round_ = find_round(req.db, saved.round_id)
    assert round_ is not None  # noqa: S101 - of the opt-in just saved
    done = confirmation(saved, round_panel_of(req.db, req.actor, round_))
    return req.go("coffees.show", id=coffee.id, done=done)
