"""Pages of introductions: propose one, answer one, and propose a time."""

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.circles.queries.circles import CurrentCircle
from events.coffees import forms, policy
from events.coffees.actions import introductions
from events.coffees.models import Introduction
from events.coffees.queries import coffee_page
from events.coffees.queries import introductions as introduction_queries
from events.coffees.views.coffee_page import blueprint, coffee_of, tapped
from events.core.auth.actor import authorize
from events.core.auth.endpoints import Access
from events.core.web import error_messages
from events.core.web.pages import CHANGE_RATE, page
from events.core.web.request import FormState, PageRequest
from events.core.web.templates import reader_zone

error_messages.register(
    {
        "enough_introduced": _l("Three introductions from one coffee are enough for now."),
        "introduction_over": _l("The time to answer has passed. You can meet in a coffee round."),
    }
)


@page(blueprint, "/coffees/<id>/introduce", who=Access.PARTNER, methods=("GET", "POST"))
def introduce(req: PageRequest, id: str) -> Response:
    coffee = coffee_of(req, id)
    authorize(policy.may_introduce, req.actor, coffee)
    form = req.form(forms.Introduce)
    if form.posted:
        req.limit("introduce", "10 per day")
    asked = form.act(lambda data: introductions.introduce(req.db, req.actor, coffee, data))
    if asked is not None:
        done = _("Asked. You'll hear when it's a yes from both.")
        return req.go("coffees.show", id=coffee.id, done=done, _anchor="introduce")
    card = coffee_page.summary_card_of(coffee, req.actor.id)
    if not card.is_kept and not form.posted:
        return req.go("coffees.show", id=coffee.id)
    g.current_circle = CurrentCircle.of(card.circle)
    thirds = introduction_queries.list_introducible(req.db, req.actor, coffee.circle, coffee, req.search)
    return req.render(
        "coffees/introduce.html",
        card=card,
        form=form,
        thirds=thirds,
        partners=[(user.id, user.name) for user in card.others],
        choices=[(member.user_id, member.user.name) for member in thirds.rows],
        search=req.search,
    )


@page(
    blueprint,
    "/introductions/<id>",
    who=Access.PARTNER,
    methods=("GET", "POST"),
    keys=("introduction:read", "introduction:answer"),
    rate=CHANGE_RATE,
)
def introduction(req: PageRequest, id: str) -> Response:
    found = introduction_queries.get_introduction(req.db, req.actor, id)
    form = req.form(forms.Introduced)
    answered = form.act(lambda data: introductions.answer_introduction(req.db, req.actor, found, data))
    if answered is not None:
        return req.go("coffees.introduction", id=found.id)
    return _shown(req, found, form)


@page(
    blueprint,
    "/introductions/<id>/time",
    who=Access.PARTNER,
    methods=("POST",),
    keys=("introduction:answer",),
)
def introduction_time(req: PageRequest, id: str) -> Response:
    found, zone = introduction_queries.get_introduction(req.db, req.actor, id), reader_zone()
    form = req.form(forms.FirstTime)
    req.limit("new_time", "30 per hour")
    named = form.act(
        lambda data: introductions.propose_introduction_time(req.db, req.actor, found, data.starts_at(zone))
    )
    if named is None:
        return _shown(req, found, form)
    if req.actor.reaches("coffee", named.id):
        return req.go("coffees.show", id=named.id)
    return req.go("coffees.introduction", id=found.id, done=_("Asked. You'll hear when it's a yes."))


def _shown(
    req: PageRequest, found: Introduction, form: FormState[forms.Introduced] | FormState[forms.FirstTime]
) -> Response:
    g.current_circle = CurrentCircle.of(found.circle)
    mine = found.partner_id == req.actor.person_id
    return req.render(
        "coffees/introduction.html",
        introduction=found,
        made=introduction_queries.is_made_for(req.db, req.actor, found),
        person=found.member if mine else found.partner,
        answer=found.partner_answer if mine else found.member_answer,
        zone=reader_zone(),
        tapped=tapped(),
        form=form,
    )
