"""Introducing somebody of a coffee to somebody of the circle, and answering that one was."""

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.circles.queries import CurrentCircle
from events.coffees import actions, forms, policy, queries
from events.coffees.models import Introduction
from events.coffees.views.card import blueprint, coffee_of, tapped
from events.core import words
from events.core.access import authorize
from events.core.door import Door, FormState
from events.core.pages import reader_zone
from events.core.rights import Who
from events.core.web import CHANGE_RATE, page

words.register(
    {
        "enough_introduced": _l("Three introductions from one coffee are enough for now."),
        "introduction_over": _l("The time to answer has passed. You can meet in a coffee round."),
    }
)


@page(blueprint, "/coffees/<id>/introduce", who=Who.PARTNER, methods=("GET", "POST"))
def introduce(door: Door, id: str) -> Response:
    coffee = coffee_of(door, id)
    authorize(policy.may_introduce, door.actor, coffee)
    form = door.form(forms.Introduce)
    if form.posted:
        door.limit("introduce", "10 per day")
    asked = form.act(lambda data: actions.introduce(door.db, door.actor, coffee, data))
    if asked is not None:
        done = _("Asked. You'll hear when it's a yes from both.")
        return door.go("coffees.show", id=coffee.id, done=done, _anchor="introduce")
    card = queries.sketch_of(coffee, door.actor.id)
    if not card.is_kept and not form.posted:
        return door.go("coffees.show", id=coffee.id)
    g.current_circle = CurrentCircle.of(card.circle)
    thirds = queries.list_thirds(door.db, door.actor, coffee.circle, coffee, door.search)
    return door.render(
        "coffees/introduce.html",
        card=card,
        form=form,
        thirds=thirds,
        partners=[(user.id, user.name) for user in card.others],
        choices=[(member.user_id, member.user.name) for member in thirds.rows],
        search=door.search,
    )


@page(
    blueprint,
    "/introductions/<id>",
    who=Who.PARTNER,
    methods=("GET", "POST"),
    keys=("introduction:read", "introduction:answer"),
    rate=CHANGE_RATE,
)
def introduction(door: Door, id: str) -> Response:
    found = queries.get_introduction(door.db, door.actor, id)
    form = door.form(forms.Introduced)
    answered = form.act(lambda data: actions.answer_introduction(door.db, door.actor, found, data))
    if answered is not None:
        return door.go("coffees.introduction", id=found.id)
    return _shown(door, found, form)


@page(
    blueprint,
    "/introductions/<id>/time",
    who=Who.PARTNER,
    methods=("POST",),
    keys=("introduction:answer",),
)
def introduction_time(door: Door, id: str) -> Response:
    found, zone = queries.get_introduction(door.db, door.actor, id), reader_zone()
    form = door.form(forms.FirstTime)
    door.limit("new_time", "30 per hour")
    named = form.act(lambda data: actions.name_time(door.db, door.actor, found, data.starts_at(zone)))
    if named is None:
        return _shown(door, found, form)
    if door.actor.reaches("coffee", named.id):
        return door.go("coffees.show", id=named.id)
    return door.go("coffees.introduction", id=found.id, done=_("Asked. You'll hear when it's a yes."))


def _shown(
    door: Door, found: Introduction, form: FormState[forms.Introduced] | FormState[forms.FirstTime]
) -> Response:
    g.current_circle = CurrentCircle.of(found.circle)
    mine = found.one_id == door.actor.person_id
    return door.render(
        "coffees/introduction.html",
        introduction=found,
        made=queries.is_made_for(door.db, door.actor, found),
        person=found.other if mine else found.one,
        answer=found.one_answer if mine else found.other_answer,
        zone=reader_zone(),
        tapped=tapped(),
        form=form,
    )
