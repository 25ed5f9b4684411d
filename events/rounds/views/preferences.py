"""Pages of standing preferences: automatic opt-ins, pauses and exclusions."""

from datetime import timedelta

from flask import g
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from events.circles.queries.circles import CurrentCircle, get_circle, list_choices, membership_of
from events.core import clock
from events.core.auth.actor import authorize
from events.core.auth.endpoints import Access
from events.core.db.paging import Page
from events.core.web.pages import page
from events.core.web.request import PageRequest
from events.rounds import forms, policy
from events.rounds.actions import exclusions
from events.rounds.actions import preferences as preference_actions
from events.rounds.queries import preferences as preference_queries
from events.rounds.views.circle import coffee_circle
from events.rounds.views.opting_in import blueprint

DEFAULT_PAUSE = timedelta(days=30)


@page(blueprint, "/circles/<slug>/coffee/always", who=Access.MEMBER, methods=("GET", "POST"))
def always(req: PageRequest, slug: str) -> Response:
    circle, _own = coffee_circle(req, slug)
    form = req.form(forms.Always, preference_queries.always_form_values(req.db, circle.id, req.actor.id))
    done = form.act(lambda data: preference_actions.set_always(req.db, req.actor, circle, data))
    if done is not None:
        return req.go("rounds.circle", slug=circle.slug, done=_("Saved."))
    return req.render("rounds/always.html", circle=circle, form=form)


@page(blueprint, "/circles/<slug>/coffee/pause", who=Access.MEMBER, methods=("GET", "POST"))
def pause(req: PageRequest, slug: str) -> Response:
    circle, _own = coffee_circle(req, slug)
    tomorrow = (clock.now() + timedelta(days=1)).date()
    form = req.form(forms.Pause, {"until": (clock.now() + DEFAULT_PAUSE).date().isoformat()})
    done = form.act(lambda data: preference_actions.pause_coffees(req.db, req.actor, circle, data))
    if done is not None:
        return req.go("rounds.circle", slug=circle.slug, done=_("Fine. We won't ask you until then."))
    return req.render("rounds/pause.html", circle=circle, form=form, tomorrow=tomorrow)


@page(
    blueprint, "/circles/<slug>/coffee/back", who=Access.MEMBER, methods=("GET", "POST"), keys=("pause:end",)
)
def come_back(req: PageRequest, slug: str) -> Response:
    """Also reached by the key in the mail about the pause."""
    circle = get_circle(req.db, slug)
    authorize(policy.may_come_back, req.actor, circle.id, membership_of(req.db, req.actor, circle.id))
    if req.actor.is_signed_in():
        g.current_circle = CurrentCircle.of(circle)
    if req.posted:
        preference_actions.end_pause(req.db, req.actor, circle)
        return req.go("rounds.come_back", slug=circle.slug, done=_("Good to have you back."))
    standing = preference_queries.current_preference(req.db, circle.id, req.actor.id)
    return req.render("rounds/come_back.html", circle=circle, standing=standing)


@page(blueprint, "/circles/<slug>/coffee/apart", who=Access.MEMBER, methods=("GET", "POST"))
def apart(req: PageRequest, slug: str) -> Response:
    circle, _own = coffee_circle(req, slug)
    form = req.form(forms.NewExclusion, {"why": "competitor"})
    done = form.act(lambda data: exclusions.add_exclusion(req.db, req.actor, circle, data))
    if done is not None:
        return req.go("rounds.apart", slug=circle.slug, done=_("Saved. Nobody else sees this."))
    found = list_choices(req.db, req.actor, circle, req.search)
    members = [one.user for one in found.rows]
    return req.render(
        "rounds/exclusions.html",
        circle=circle,
        form=form,
        kept=Page.cut(preference_queries.list_own_exclusions(req.db, req.actor), req.page_number),
        search=req.search,
        more=found.more,
        members=[(user.id, user.name) for user in members if user.id != req.actor.person_id],
    )


@page(blueprint, "/circles/<slug>/coffee/apart/<apart_id>/remove", who=Access.SELF, methods=("POST",))
def let_meet(req: PageRequest, slug: str, apart_id: str) -> Response:
    circle, _own = coffee_circle(req, slug)
    exclusions.remove_exclusion(req.db, req.actor, circle, apart_id)
    return req.go("rounds.apart", slug=circle.slug, done=_("Taken off the list."))
