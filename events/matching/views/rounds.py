"""How a round goes, for those who organise."""

from flask import g
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from events.circles.queries import CurrentCircle
from events.core.door import Door, FormState
from events.core.errors import Invalid
from events.core.rights import Who
from events.core.web import CHANGE_RATE, page
from events.livestreams.queries import find_livestream
from events.matching import actions, forms, queries
from events.matching.models import Round
from events.matching.queries.naming import list_meant
from events.matching.views.saying import blueprint


@page(blueprint, "/rounds/<id>", who=Who.ORGANISER, name="round")
def show_round(door: Door, id: str) -> Response:
    """How it goes, in numbers, with the draft while there is one; what people chose stays theirs."""
    return render_round(door, queries.get_directed(door.db, door.actor, id))


def render_round(door: Door, found: Round, form: FormState[forms.ChangeDraft] | None = None) -> Response:
    """`form` is a refused change of the draft by hand, with what was typed."""
    g.current_circle = CurrentCircle.of(found.circle)
    return door.render(
        "matching/round.html",
        round=found,
        livestream=find_livestream(door.db, found.livestream_id) if found.livestream_id else None,
        progress=queries.progress_of(door.db, found.id),
        draft=queries.page_of(door.db, found, door.page_number) if found.state == "draft" else None,
        form=form,
        meant=list_meant(door.db, found, form.values, form.codes) if form is not None else {},
    )


@page(blueprint, "/rounds/<id>/close", who=Who.ORGANISER, methods=("POST",), rate=CHANGE_RATE)
def close(door: Door, id: str) -> Response:
    found = queries.get_directed(door.db, door.actor, id)
    form = door.form(forms.CloseRound)
    if form.data is None:
        raise Invalid("bad_choice")
    look_first = form.data.look_first
    actions.close_round(door.db, door.actor, found, look_first=look_first)
    done = (
        _("The round is closed. The draft is being made.")
        if look_first
        else _("The round is closed. The coffees are being proposed.")
    )
    return door.go("matching.round", id=found.id, done=done)
