"""How a member stands towards a circle's rounds: always yes, a pause, and whom they keep apart from."""

from datetime import timedelta

from flask import g
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from events.circles.queries import CurrentCircle, get_circle, list_choices, membership_of
from events.core import clock
from events.core.access import authorize
from events.core.door import Door
from events.core.paging import Page
from events.core.rights import Who
from events.core.web import page
from events.matching import actions, forms, policy, queries
from events.matching.views.circle import coffee_circle
from events.matching.views.saying import blueprint

A_WHILE = timedelta(days=30)


@page(blueprint, "/circles/<slug>/coffee/always", who=Who.MEMBER, methods=("GET", "POST"))
def always(door: Door, slug: str) -> Response:
    circle, _own = coffee_circle(door, slug)
    form = door.form(forms.Always, queries.always_now(door.db, circle.id, door.actor.id))
    done = form.act(lambda data: actions.set_always(door.db, door.actor, circle, data))
    if done is not None:
        return door.go("matching.circle", slug=circle.slug, done=_("Saved."))
    return door.render("matching/always.html", circle=circle, form=form)


@page(blueprint, "/circles/<slug>/coffee/pause", who=Who.MEMBER, methods=("GET", "POST"))
def pause(door: Door, slug: str) -> Response:
    circle, _own = coffee_circle(door, slug)
    tomorrow = (clock.now() + timedelta(days=1)).date()
    form = door.form(forms.Pause, {"until": (clock.now() + A_WHILE).date().isoformat()})
    done = form.act(lambda data: actions.pause_coffees(door.db, door.actor, circle, data))
    if done is not None:
        return door.go("matching.circle", slug=circle.slug, done=_("Fine. We won't ask you until then."))
    return door.render("matching/pause.html", circle=circle, form=form, tomorrow=tomorrow)


@page(blueprint, "/circles/<slug>/coffee/back", who=Who.MEMBER, methods=("GET", "POST"), keys=("pause:end",))
def come_back(door: Door, slug: str) -> Response:
    """One press, also from the mail that told of the pause."""
    circle = get_circle(door.db, slug)
    authorize(policy.may_come_back, door.actor, circle.id, membership_of(door.db, door.actor, circle.id))
    if door.actor.is_signed_in():
        g.current_circle = CurrentCircle.of(circle)
    if door.posted:
        actions.end_pause(door.db, door.actor, circle)
        return door.go("matching.come_back", slug=circle.slug, done=_("Good to have you back."))
    standing = queries.standing_now(door.db, circle.id, door.actor.id)
    return door.render("matching/come_back.html", circle=circle, standing=standing)


@page(blueprint, "/circles/<slug>/coffee/apart", who=Who.MEMBER, methods=("GET", "POST"))
def apart(door: Door, slug: str) -> Response:
    """For this member's eyes alone."""
    circle, _own = coffee_circle(door, slug)
    form = door.form(forms.KeepApart, {"why": "competitor"})
    done = form.act(lambda data: actions.keep_apart(door.db, door.actor, circle, data))
    if done is not None:
        return door.go("matching.apart", slug=circle.slug, done=_("Saved. Nobody else sees this."))
    found = list_choices(door.db, door.actor, circle, door.search)
    members = [one.user for one in found.rows]
    return door.render(
        "matching/apart.html",
        circle=circle,
        form=form,
        kept=Page.cut(queries.list_own_apart(door.db, door.actor), door.page_number),
        search=door.search,
        more=found.more,
        members=[(user.id, user.name) for user in members if user.id != door.actor.person_id],
    )


@page(blueprint, "/circles/<slug>/coffee/apart/<apart_id>/remove", who=Who.SELF, methods=("POST",))
def let_meet(door: Door, slug: str, apart_id: str) -> Response:
    circle, _own = coffee_circle(door, slug)
    actions.let_meet(door.db, door.actor, circle, apart_id)
    return door.go("matching.apart", slug=circle.slug, done=_("Taken off the list."))
