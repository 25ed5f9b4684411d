"""Page that asks a person without a coffee whether one more time would do."""

from flask import g
from werkzeug.wrappers import Response

from events.circles.queries.circles import CurrentCircle
from events.core.auth.endpoints import Access
from events.core.web.pages import CHANGE_RATE, page
from events.core.web.request import PageRequest
from events.livestreams.queries.livestreams import find_livestream
from events.rounds import forms
from events.rounds.actions import opting_in
from events.rounds.queries import one_more_time, rounds
from events.rounds.views.opting_in import blueprint

PATH = "/rounds/<id>/coffee/one-more-time"
KEYS = ("round:answer",)


@page(blueprint, PATH, who=Access.SIGNED_IN, methods=("GET", "POST"), keys=KEYS, rate=CHANGE_RATE)
def one_more(req: PageRequest, id: str) -> Response:
    """The question; once answered or past, how things are."""
    round_ = rounds.get_asked(req.db, req.actor, id)
    form = req.form(forms.OneMoreTime)
    saved = form.act(lambda _data: opting_in.accept_one_more_time(req.db, req.actor, round_))
    if saved is not None:
        return req.go("rounds.one_more", id=round_.id)
    if req.actor.is_signed_in():
        g.current_circle = CurrentCircle.of(round_.circle)
    opt_in = rounds.opt_in_of(req.db, round_.id, req.actor.id)
    return req.render(
        "rounds/one_more_time.html",
        form=form,
        round=round_,
        livestream=find_livestream(req.db, round_.livestream_id) if round_.livestream_id else None,
        start=one_more_time.asked_time_of(req.db, round_, opt_in),
        notify_by=opt_in.notify_by if opt_in is not None and opt_in.state == "waiting" else None,
    )
