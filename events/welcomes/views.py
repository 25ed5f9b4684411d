"""Pages of welcome coffees: a newcomer's yes, and a member's choice to welcome."""

from flask import Blueprint, g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.accounts.actions.keys import issue_key
from events.accounts.queries.people import secret_of
from events.circles.models import Circle, Membership
from events.circles.queries.circles import CurrentCircle, get_circle, membership_of
from events.coffees.models import Coffee
from events.core.auth.actor import SYSTEM, authorize
from events.core.auth.endpoints import Access
from events.core.web import error_messages
from events.core.web.answers import act_or_say_why
from events.core.web.pages import CHANGE_RATE, page
from events.core.web.request import PageRequest
from events.welcomes import actions, policy, queries
from events.welcomes.forms import WelcomeNewcomers
from events.welcomes.rules import MAX_PER_MONTH

blueprint = Blueprint("welcomes", __name__)

error_messages.register(
    {
        "welcome_over": _l(
            "A welcome coffee is for the first two weeks. After a livestream there is a round."
        ),
        "no_welcome_now": _l(
            "There is no time now that suits you and somebody who welcomes. Try again tomorrow."
        ),
    }
)


@page(
    blueprint,
    "/circles/<slug>/welcome-coffee",
    who=Access.MEMBER,
    methods=("GET", "POST"),
    keys=("welcome:accept",),
    rate=CHANGE_RATE,
)
def welcome(req: PageRequest, slug: str) -> Response:
    """Also reached by the key in the mail about it."""
    circle, own = _circle(req, slug)
    authorize(policy.may_be_welcomed, req.actor, circle.id, own)
    if req.posted:
        return act_or_say_why(
            req,
            lambda: actions.accept_welcome(req.db, req.actor, circle),
            lambda coffee: _to_coffee(req, coffee),
            "welcomes.welcome",
            slug=circle.slug,
        )
    coffee_now = queries.find_welcome(req.db, circle.id, req.actor.id)
    if coffee_now is not None:
        return _to_coffee(req, coffee_now)
    return req.render("welcomes/welcome.html", circle=circle, offered=queries.may_be_offered(req.db, own))


@page(blueprint, "/circles/<slug>/welcoming", who=Access.MEMBER, methods=("GET", "POST"))
def welcoming(req: PageRequest, slug: str) -> Response:
    circle, own = _circle(req, slug)
    authorize(policy.may_choose_to_welcome, req.actor, own)
    known = queries.find_welcomer(req.db, circle.id, req.actor.id)
    form = req.form(WelcomeNewcomers, {"welcomes": "1"} if known is not None else {})
    welcomes = form.act(lambda data: actions.choose_to_welcome(req.db, req.actor, circle, data))
    if welcomes is not None:
        done = _("Thank you. Now and then a newcomer asks you for a coffee.") if welcomes else _("Saved.")
        return req.go("welcomes.welcoming", slug=circle.slug, done=done)
    return req.render("welcomes/welcoming.html", circle=circle, form=form, most=MAX_PER_MONTH)


def _circle(req: PageRequest, slug: str) -> tuple[Circle, Membership | None]:
    circle = get_circle(req.db, slug)
    if req.actor.is_signed_in():
        g.current_circle = CurrentCircle.of(circle)
    return circle, membership_of(req.db, req.actor, circle.id)


def _to_coffee(req: PageRequest, coffee: Coffee) -> Response:
    """A key of the welcome does not open the coffee, so a new key is issued; only a POST may do that."""
    if req.actor.reaches("coffee", coffee.id):
        return req.go("coffees.show", id=coffee.id)
    if not req.posted:
        return req.render("welcomes/welcome.html", circle=coffee.circle, offered=False, asked=coffee)
    key = issue_key(req.db, SYSTEM, req.actor.id, "coffee", coffee.id)
    return req.go("accounts.open_key", key=secret_of(key))
