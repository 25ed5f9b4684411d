"""Page of a circle's breaks, for organisers."""

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.availability import forms
from events.availability.actions import breaks as availability_breaks
from events.availability.queries import breaks as breaks_queries
from events.availability.views.times import blueprint, span_label
from events.circles.models import Circle
from events.circles.policy import may_organise
from events.circles.queries.circles import CurrentCircle, get_circle, membership_of
from events.core.auth.actor import authorize
from events.core.auth.endpoints import Access
from events.core.web import error_messages
from events.core.web.pages import page
from events.core.web.request import PageRequest

error_messages.register(
    {"too_many_breaks": _l("That is a long list of breaks. Remove some you don't need any more.")}
)


@page(blueprint, "/circles/<slug>/breaks", who=Access.ORGANISER, methods=("GET", "POST"))
def breaks(req: PageRequest, slug: str) -> Response:
    circle = _organised(req, slug)
    form = req.form(forms.Break)
    if form.act(lambda data: availability_breaks.add_break(req.db, req.actor, circle, data)) is not None:
        return req.go(
            "availability.breaks", slug=circle.slug, done=_("Saved. New rounds offer no times on these days.")
        )
    found = [
        (break_.id, span_label(break_.first_day, break_.last_day))
        for break_ in breaks_queries.list_breaks(req.db, circle)
    ]
    return req.render("availability/breaks.html", form=form, circle=circle, breaks=found)


@page(blueprint, "/circles/<slug>/breaks/<break_id>/remove", who=Access.ORGANISER, methods=("POST",))
def remove_break(req: PageRequest, slug: str, break_id: str) -> Response:
    circle = _organised(req, slug)
    availability_breaks.remove_break(req.db, req.actor, circle, break_id)
    return req.go(
        "availability.breaks", slug=circle.slug, done=_("There can be coffees on these days again.")
    )


def _organised(req: PageRequest, slug: str) -> Circle:
    circle = get_circle(req.db, slug)
    authorize(may_organise, req.actor, membership_of(req.db, req.actor, circle.id))
    g.current_circle = CurrentCircle.of(circle)
    return circle
