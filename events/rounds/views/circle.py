"""Page of a circle's rounds, and the form that opens one without a livestream."""

from flask import g
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from events.circles.models import Circle, Membership
from events.circles.queries.circles import CurrentCircle, get_circle, membership_of
from events.core.auth.actor import authorize
from events.core.auth.endpoints import Access
from events.core.mail.mailings import waits_for_tomorrow
from events.core.web.pages import CHANGE_RATE, page
from events.core.web.request import PageRequest
from events.rounds import forms, policy
from events.rounds.actions import lifecycle
from events.rounds.queries import panels, preferences
from events.rounds.views.opting_in import blueprint


@page(blueprint, "/circles/<slug>/coffee", who=Access.MEMBER, name="circle")
def show_circle(req: PageRequest, slug: str) -> Response:
    circle, own = coffee_circle(req, slug)
    return req.render(
        "rounds/circle.html",
        circle=circle,
        rows=panels.list_rows(req.db, req.actor, circle.id),
        standing=preferences.current_preference(req.db, circle.id, req.actor.id),
        directs=policy.may_direct(req.actor, own),
    )


@page(
    blueprint, "/circles/<slug>/rounds/new", who=Access.ORGANISER, methods=("GET", "POST"), rate=CHANGE_RATE
)
def open_round(req: PageRequest, slug: str) -> Response:
    circle, own = coffee_circle(req, slug)
    authorize(policy.may_direct, req.actor, own)
    form = req.form(forms.OpenRound, {"days": "5"})
    opened = form.act(lambda data: lifecycle.open_standalone(req.db, req.actor, circle, data))
    if opened is not None:
        done = _("The round is open. Everyone gets a mail.")
        if waits_for_tomorrow(req.db, circle.id):
            done = _("The round is open. Members get one mail a day: who had one today is asked tomorrow.")
        return req.go("rounds.round", id=opened.id, done=done)
    return req.render("rounds/open_round.html", circle=circle, form=form)


def coffee_circle(req: PageRequest, slug: str) -> tuple[Circle, Membership | None]:
    """Circle and membership. Forbidden unless a signed-in member."""
    circle = get_circle(req.db, slug)
    own = membership_of(req.db, req.actor, circle.id)
    authorize(policy.may_set_preference, req.actor, own)
    g.current_circle = CurrentCircle.of(circle)
    return circle, own
