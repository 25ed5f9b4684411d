"""Opt-in page of a round without a livestream."""

from flask import g, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from events.circles.queries.circles import CurrentCircle
from events.core.auth.endpoints import Access
from events.core.web.pages import page
from events.core.web.request import PageRequest
from events.rounds import forms
from events.rounds.actions import opting_in
from events.rounds.models import Round
from events.rounds.queries import opt_in_form, panels, rounds
from events.rounds.status import PanelStatus
from events.rounds.views.opting_in import blueprint, confirmation
from events.rounds.views.topics import topic_fields

KEYS = ("round:answer",)


@page(blueprint, "/rounds/<id>/coffee", who=Access.MEMBER, methods=("GET", "POST"), keys=KEYS)
def join(req: PageRequest, id: str) -> Response:
    """After an opt-in the status comes first; `?change=1` opens the form again."""
    found = _round(req, id)
    panel = panels.round_panel_of(req.db, req.actor, found)
    sheet = opt_in_form.opt_in_form_data(req.db, req.actor, panel)
    settled = panel.status not in {PanelStatus.OPEN, PanelStatus.LATE} and "change" not in request.args
    if not req.posted and (sheet is None or settled):
        return req.render("rounds/preferences.html", livestream=None, coffee_round=panel, round=found)
    form = req.form(forms.OptInForm, sheet.initial if sheet is not None and not req.posted else None)
    saved = form.act(lambda data: opting_in.join_round(req.db, req.actor, found, data))
    if saved is not None:
        return req.go("rounds.join", id=found.id, done=confirmation(saved, panel))
    if sheet is None:
        return req.go("rounds.join", id=found.id, notice=form.first_error)
    return req.render(
        "rounds/opt_in.html",
        livestream=None,
        round=found,
        sheet=sheet,
        form=form,
        topics=topic_fields(sheet, form),
    )


@page(blueprint, "/rounds/<id>/coffee/withdraw", who=Access.MEMBER, methods=("POST",), keys=KEYS)
def leave(req: PageRequest, id: str) -> Response:
    found = _round(req, id)
    opting_in.leave_round(req.db, req.actor, found)
    return req.go("rounds.join", id=found.id, done=_("Fine. No coffee this time."))


def _round(req: PageRequest, id: str) -> Round:
    found = rounds.get_joinable(req.db, req.actor, id)
    if req.actor.is_signed_in():
        g.current_circle = CurrentCircle.of(found.circle)
    return found
