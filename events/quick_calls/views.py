"""Page of a member who has a quarter of an hour now: offer it, wait, and go to the call."""

from flask import Blueprint, g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.circles.models import Circle
from events.circles.queries.circles import CurrentCircle, get_circle, membership_of
from events.core.auth.actor import authorize
from events.core.auth.endpoints import Access
from events.core.web import error_messages
from events.core.web.answers import act_or_say_why
from events.core.web.pages import page
from events.core.web.request import PageRequest
from events.quick_calls import actions, policy, queries
from events.quick_calls.queries import OfferStatus

blueprint = Blueprint("quick_calls", __name__)
LOOK_RATE = "12 per minute"  # the open page asks three times a minute

error_messages.register(
    {
        "quick_calls_enough": _l("You had %(num)s quick calls today. Tomorrow there is room again."),
        "quick_call_busy": _l("You have a coffee around this time. Try again in a quarter of an hour."),
    }
)


@page(blueprint, "/circles/<slug>/quick-call", who=Access.MEMBER, methods=("GET", "POST"), rate=LOOK_RATE)
def show(req: PageRequest, slug: str) -> Response:
    """POST offers a quarter of an hour; the open page repeats it. Once there is a call it leads there."""
    circle = _circle(req, slug)
    if req.posted:
        return act_or_say_why(
            req,
            lambda: actions.look_for_call(req.db, req.actor, circle),
            lambda coffee: (
                req.go("quick_calls.show", slug=circle.slug)
                if coffee is None
                else req.go("calls.call", id=coffee.id)
            ),
            "quick_calls.show",
            slug=circle.slug,
        )
    own = queries.own_offer(req.db, circle.id, req.actor.id)
    if own.status is OfferStatus.FOUND and own.coffee is not None:
        return req.go("calls.call", id=own.coffee.id)
    return req.render("quick_calls/show.html", circle=circle, own=own)


@page(blueprint, "/circles/<slug>/quick-call/stop", who=Access.MEMBER, methods=("POST",), rate=LOOK_RATE)
def stop(req: PageRequest, slug: str) -> Response:
    circle = _circle(req, slug)
    actions.stop_looking(req.db, req.actor, circle)
    return req.go("quick_calls.show", slug=circle.slug, done=_("Stopped. Nobody saw that you had time."))


def _circle(req: PageRequest, slug: str) -> Circle:
    circle = get_circle(req.db, slug)
    authorize(policy.may_offer, req.actor, membership_of(req.db, req.actor, circle.id))
    g.current_circle = CurrentCircle.of(circle)
    return circle
