"""Saying yes to a round without a livestream, and taking it back."""

from flask import g, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from events.circles.queries import CurrentCircle
from events.core.door import Door
from events.core.rights import Who
from events.core.web import page
from events.matching import actions, forms, queries
from events.matching.models import Round
from events.matching.views.saying import blueprint, said_yes

KEYS = ("round:answer",)


@page(blueprint, "/rounds/<id>/coffee", who=Who.MEMBER, methods=("GET", "POST"), keys=KEYS)
def join(door: Door, id: str) -> Response:
    """The sheet; who said yes sees how things stand first, and may change it from there."""
    found = _round(door, id)
    panel = queries.round_panel_of(door.db, door.actor, found)
    sheet = queries.sheet_of(door.db, door.actor, panel)
    settled = panel.near not in {"open", "late"} and "change" not in request.args
    if not door.posted and (sheet is None or settled):
        return door.render("matching/standing.html", livestream=None, coffee_round=panel, round=found)
    form = door.form(forms.SayYes, sheet.initial if sheet is not None and not door.posted else None)
    yes = form.act(lambda data: actions.join_round(door.db, door.actor, found, data))
    if yes is not None:
        return door.go("matching.join", id=found.id, done=said_yes(yes, panel))
    if sheet is None:
        return door.go("matching.join", id=found.id, notice=form.first_error)
    return door.render("matching/say_yes.html", livestream=None, round=found, sheet=sheet, form=form)


@page(blueprint, "/rounds/<id>/coffee/withdraw", who=Who.MEMBER, methods=("POST",), keys=KEYS)
def leave(door: Door, id: str) -> Response:
    found = _round(door, id)
    actions.leave_round(door.db, door.actor, found)
    return door.go("matching.join", id=found.id, done=_("Fine. No coffee this time."))


def _round(door: Door, id: str) -> Round:
    found = queries.get_joinable(door.db, door.actor, id)
    if door.actor.is_signed_in():
        g.current_circle = CurrentCircle.of(found.circle)
    return found
