"""Pages of handing a coffee on: choose a colleague, and the colleague's answer."""

from flask import g, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.accounts.actions.keys import issue_key
from events.accounts.queries.people import secret_of
from events.circles.queries.circles import CurrentCircle, membership_of
from events.coffees.queries.coffees import get_coffee, get_visible, partners_of
from events.companies import actions, policy, queries
from events.companies.forms import AnswerHandover, AskColleague
from events.companies.models import Handover
from events.companies.rules import MAX_PER_COFFEE, may_still_hand_on
from events.companies.views.companies import blueprint
from events.core import clock
from events.core.auth.actor import SYSTEM, authorize
from events.core.auth.endpoints import Access
from events.core.web import error_messages
from events.core.web.pages import CHANGE_RATE, page
from events.core.web.request import FormState, PageRequest

error_messages.register(
    {
        "handover_late": _l("It's too late to hand this coffee on."),
        "handover_over": _l("This coffee has changed in the meantime, so nobody needs to come instead."),
        "enough_colleagues": _l("You asked a colleague already. First hear what they say."),
    }
)


@page(blueprint, "/coffees/<id>/hand-on", who=Access.PARTNER, methods=("GET", "POST"))
def handover(req: PageRequest, id: str) -> Response:
    coffee, now = get_visible(req.db, req.actor, id), clock.now()
    if not may_still_hand_on(coffee, now) and not req.posted:
        return req.go("coffees.show", id=coffee.id)
    own = membership_of(req.db, req.actor, coffee.circle_id)
    authorize(policy.may_hand_on, req.actor, coffee, own)
    assert own is not None  # noqa: S101 - may_hand_on asks for one
    form = req.form(AskColleague)
    if form.posted:
        req.limit("hand on", "10 per day")
    asked = form.act(lambda data: actions.ask_colleague(req.db, req.actor, coffee, data))
    if asked is not None:
        return req.go("companies.handover", id=coffee.id)
    known = queries.list_own(req.db, req.actor.id, coffee.id)
    waiting = [one for one in known if one.answer == "waiting" and one.answer_by > now]
    partners = partners_of(coffee, req.actor.id)
    g.current_circle = CurrentCircle.of(coffee.circle)
    return req.render(
        "companies/handover.html",
        coffee=coffee,
        form=form,
        own=own,
        waiting=waiting[0] if waiting else None,
        said_no=[one for one in known if one.answer == "no"],
        enough=len(known) >= MAX_PER_COFFEE,
        others=[seat.user for seat in coffee.seats if seat.user_id in partners],
        colleagues=queries.list_colleagues(
            req.db, own, [*partners, *(one.to_id for one in known)], req.search
        ),
        search=req.search,
    )


@page(
    blueprint,
    "/handed-on/<id>",
    who=Access.PARTNER,
    methods=("GET", "POST"),
    keys=("colleague:answer",),
    rate=CHANGE_RATE,
)
def answer(req: PageRequest, id: str) -> Response:
    """Also reached by the key in the mail about it."""
    found = queries.get_handover(req.db, req.actor, id)
    form = req.form(AnswerHandover)
    answered = form.act(lambda data: actions.answer_handover(req.db, req.actor, found, data))
    if answered is not None and answered.made_id is not None:
        return _to_coffee(req, answered.made_id)
    if answered is not None:
        return req.go("companies.answer", id=found.id)
    return _shown(req, found, form)


def _shown(req: PageRequest, found: Handover, form: FormState[AnswerHandover]) -> Response:
    coffee = get_coffee(req.db, found.coffee_id)
    g.current_circle = CurrentCircle.of(found.circle)
    is_open = found.answer == "waiting" and not queries.is_over(found, coffee)
    times = queries.list_times(req.db, found, coffee) if is_open else []
    return req.render(
        "companies/handed_on.html",
        handover=found,
        coffee=coffee,
        form=form,
        is_open=is_open,
        times=[(time.isoformat(), time) for time in times],
        as_planned=coffee.starts_at in times,
        tapped=request.args.get("answer") if is_open else None,
    )


def _to_coffee(req: PageRequest, coffee_id: str) -> Response:
    if req.actor.reaches("coffee", coffee_id):
        done = _("Fine. You'll hear when it's a yes.")
        return req.go("coffees.show", id=coffee_id, done=done)
    key = issue_key(req.db, SYSTEM, req.actor.id, "coffee", coffee_id)
    return req.go("accounts.open_key", key=secret_of(key))
