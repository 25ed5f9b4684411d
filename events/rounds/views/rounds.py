"""Page of a round for its organisers."""

from flask import g
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from events.circles.queries.circles import CurrentCircle
from events.core.auth.endpoints import Access
from events.core.errors import Invalid
from events.core.web.pages import CHANGE_RATE, page
from events.core.web.request import FormState, PageRequest
from events.livestreams.queries.livestreams import find_livestream
from events.rounds import forms
from events.rounds.actions import lifecycle
from events.rounds.models import Round
from events.rounds.queries import drafts, rounds
from events.rounds.queries.naming import list_name_matches
from events.rounds.views.opting_in import blueprint


@page(blueprint, "/rounds/<id>", who=Access.ORGANISER, name="round")
def show_round(req: PageRequest, id: str) -> Response:
    return render_round(req, rounds.get_directed(req.db, req.actor, id))


def render_round(
    req: PageRequest, found: Round, form: FormState[forms.ChangeDraft] | None = None
) -> Response:
    """`form` is a refused manual edit with what was typed."""
    g.current_circle = CurrentCircle.of(found.circle)
    return req.render(
        "rounds/round.html",
        round=found,
        livestream=find_livestream(req.db, found.livestream_id) if found.livestream_id else None,
        progress=rounds.progress_of(req.db, found.id),
        draft=drafts.page_of(req.db, found, req.page_number) if found.state == "draft" else None,
        form=form,
        meant=list_name_matches(req.db, found, form.values, form.codes) if form is not None else {},
    )


@page(blueprint, "/rounds/<id>/close", who=Access.ORGANISER, methods=("POST",), rate=CHANGE_RATE)
def close(req: PageRequest, id: str) -> Response:
    found = rounds.get_directed(req.db, req.actor, id)
    form = req.form(forms.CloseRound)
    if form.data is None:
        raise Invalid("bad_choice")
    look_first = form.data.look_first
    lifecycle.close_round(req.db, req.actor, found, look_first=look_first)
    done = (
        _("The round is closed. The draft is being made.")
        if look_first
        else _("The round is closed. The coffees are being proposed.")
    )
    return req.go("rounds.round", id=found.id, done=done)
