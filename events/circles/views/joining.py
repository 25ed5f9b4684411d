"""How people come in and go: join, ask, be invited, welcome, leave."""

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from events.circles import actions, forms, policy, queries
from events.circles.actions.joining import Invited
from events.circles.queries import waiting
from events.circles.queries.coming import find_coming
from events.circles.views.circle import blueprint, here
from events.core.access import authorize
from events.core.door import Door
from events.core.errors import Conflict, Invalid, NotFound
from events.core.rights import Who
from events.core.web import CHANGE_RATE, page
from events.core.words import say


@page(blueprint, "/circles/<slug>/join", who=Who.SIGNED_IN, methods=("POST",), rate=CHANGE_RATE)
def join(door: Door, slug: str) -> Response:
    """Come in, or ask to: the circle's own way decides which."""
    circle, own = here()
    if own is not None:
        return door.go("circles.show", slug=circle.slug)
    if circle.joining != "open":
        door.limit("ask to join", "20 per hour")
    try:
        if circle.joining == "open":
            actions.join_circle(door.db, door.actor, circle)
            return door.go("circles.accept_invitation", slug=circle.slug)
        actions.ask_to_join(door.db, door.actor, circle)
    except Conflict as refused:
        return door.go("circles.show", slug=circle.slug, notice=say(refused.code))
    return door.go("circles.show", slug=circle.slug, done=_("Asked. The team will let you know by mail."))


@page(blueprint, "/circles/<slug>/welcome", who=Who.SIGNED_IN, methods=("GET", "POST"), rate=CHANGE_RATE)
def accept_invitation(door: Door, slug: str) -> Response:
    """For who was invited: come in. For who has just come in: what to do first."""
    circle, own = here()
    if door.posted:
        actions.accept_invitation(door.db, door.actor, circle, door.actor.id)
        return door.go("circles.accept_invitation", slug=circle.slug)
    invitation = queries.find_invitation(door.db, door.actor.id, circle.id) if own is None else None
    if not door.actor.is_signed_in() or (own is None and invitation is None):
        raise NotFound
    coming = find_coming(door.db, door.actor, circle.id)
    return door.render("circles/welcome.html", circle=circle, own=own, invitation=invitation, coming=coming)


@page(blueprint, "/circles/<slug>/leave", who=Who.MEMBER, methods=("POST",), rate=CHANGE_RATE)
def leave(door: Door, slug: str) -> Response:
    circle, _own = here()
    try:
        actions.leave_circle(door.db, door.actor, circle)
    except Conflict as refused:
        return door.go("circles.show", slug=circle.slug, notice=say(refused.code))
    return door.go("circles.show", slug=circle.slug, done=_("You left %(name)s.", name=circle.name))


@page(blueprint, "/circles/<slug>/invite", who=Who.ORGANISER, methods=("GET", "POST"))
def invite(door: Door, slug: str) -> Response:
    """Answers with what became of each address; a second look at the page shows who is still awaited."""
    circle, own = here()
    authorize(policy.may_organise, door.actor, own)
    form = door.form(forms.Invite)
    outcome = None
    if form.data is not None:
        door.limit("invitations", "20 per hour")
        outcome = form.act(lambda data: _invite(door, data))
        if outcome is not None:
            form.values = {
                "addresses": "\n".join(one.written for one in outcome if one.outcome == "no_address")
            }
    return door.render(
        "circles/invite.html",
        form=form,
        circle=circle,
        outcome=outcome,
        awaited=waiting.list_invitations(door.db, door.actor, circle, door.search, door.page_number),
        search=door.search,
    )


@page(
    blueprint,
    "/circles/<slug>/invite/<invitation_id>/withdraw",
    who=Who.ORGANISER,
    methods=("POST",),
    rate=CHANGE_RATE,
)
def withdraw_invitation(door: Door, slug: str, invitation_id: str) -> Response:
    circle, _own = here()
    actions.withdraw_invitation(door.db, door.actor, circle, invitation_id)
    return door.go("circles.invite", slug=circle.slug, done=_("The invitation is withdrawn."))


@page(blueprint, "/circles/<slug>/requests", who=Who.ORGANISER)
def requests(door: Door, slug: str) -> Response:
    circle, _own = here()
    found = waiting.list_requests(door.db, door.actor, circle, door.page_number)
    return door.render(
        "circles/requests.html",
        circle=circle,
        requests=found,
        count=waiting.count_requests(door.db, circle.id),
    )


@page(blueprint, "/circles/<slug>/requests/<request_id>", who=Who.ORGANISER, methods=("POST",))
def decide_request(door: Door, slug: str, request_id: str) -> Response:
    circle, own = here()
    authorize(policy.may_organise, door.actor, own)
    form = door.form(forms.Decide)
    if form.data is None:
        raise Invalid("bad_choice")
    decision = form.data.decision
    try:
        actions.decide_request(door.db, door.actor, circle, request_id, decision)
    except Conflict as refused:
        return door.go("circles.requests", slug=circle.slug, notice=say(refused.code))
    done = _("Let in.") if decision == "accepted" else _("Declined. We tell them kindly.")
    return door.go("circles.requests", slug=circle.slug, done=done)


def _invite(door: Door, data: forms.Invite) -> list[Invited]:
    circle, _own = here()
    return actions.invite_members(door.db, door.actor, circle, forms.read_invitees(data.addresses))
