"""The page of a circle's breaks, for those who organise."""

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.availability import actions, forms, queries
from events.availability.views.times import blueprint, span_words
from events.circles.models import Circle
from events.circles.policy import may_organise
from events.circles.queries import CurrentCircle, get_circle, membership_of
from events.core import words
from events.core.access import authorize
from events.core.door import Door
from events.core.rights import Who
from events.core.web import page

words.register({"too_many_breaks": _l("That is a long list of breaks. Remove some you don't need any more.")})


@page(blueprint, "/circles/<slug>/breaks", who=Who.ORGANISER, methods=("GET", "POST"))
def breaks(door: Door, slug: str) -> Response:
    circle = _organised(door, slug)
    form = door.form(forms.Break)
    if form.act(lambda data: actions.add_break(door.db, door.actor, circle, data)) is not None:
        return door.go(
            "availability.breaks", slug=circle.slug, done=_("Saved. New rounds offer no times on these days.")
        )
    found = [
        (one.id, span_words(one.first_day, one.last_day)) for one in queries.list_breaks(door.db, circle)
    ]
    return door.render("availability/breaks.html", form=form, circle=circle, breaks=found)


@page(blueprint, "/circles/<slug>/breaks/<break_id>/remove", who=Who.ORGANISER, methods=("POST",))
def remove_break(door: Door, slug: str, break_id: str) -> Response:
    circle = _organised(door, slug)
    actions.remove_break(door.db, door.actor, circle, break_id)
    return door.go(
        "availability.breaks", slug=circle.slug, done=_("There can be coffees on these days again.")
    )


def _organised(door: Door, slug: str) -> Circle:
    circle = get_circle(door.db, slug)
    authorize(may_organise, door.actor, membership_of(door.db, door.actor, circle.id))
    g.current_circle = CurrentCircle.of(circle)
    return circle
