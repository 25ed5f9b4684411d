"""Page that invites a member, reached from their page, a chat message or a recording."""

from flask import g, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from events.accounts.queries.people import has_blocked
from events.bookings import forms
from events.bookings.actions import invitations
from events.bookings.queries import invitations as invitation_queries
from events.bookings.views.booking_page import blueprint
from events.circles.policy import may_see_members
from events.circles.queries.circles import (
    CurrentCircle,
    find_membership,
    get_circle,
    get_member,
    membership_of,
)
from events.coffees.models import LENGTHS
from events.coffees.queries import common_times
from events.coffees.rules import INVITATION_NOTICE, spread_over_days
from events.core.auth.actor import Actor, authorize
from events.core.auth.endpoints import Access
from events.core.errors import NotFound
from events.core.web import error_messages
from events.core.web.pages import page
from events.core.web.request import PageRequest
from events.core.web.templates import reader_zone
from events.livestreams.models import Livestream
from events.livestreams.queries.livestreams import get_visible as get_visible_livestream

MAX_TILES = 8
PRESELECTED = 3

error_messages.register(
    {
        "you_blocked": _l("You chose not to meet. Allow it again on the member's page first."),
        "no_invitation_now": _l("An invitation isn't possible just now. You can meet in a coffee round."),
        "not_offered": _l("Choose at least three of the times that are shown now."),
    }
)


@page(blueprint, "/circles/<slug>/members/<user_id>/coffee", who=Access.MEMBER, methods=("GET", "POST"))
def invite(req: PageRequest, slug: str, user_id: str) -> Response:
    circle = get_circle(req.db, slug, req.actor)
    member = get_member(req.db, req.actor, circle, user_id)
    if member.user_id == req.actor.person_id:
        return req.go("circles.member", slug=circle.slug, user_id=user_id)
    req.limit_looks("people whose times are looked at", user_id)
    form = req.form(forms.Invite)
    if form.posted:
        req.limit("invite", "10 per day")
    asked = form.act(
        lambda data: invitations.invite_person(
            req.db,
            req.actor,
            circle,
            user_id,
            data,
            _occasion(req.db, req.actor, circle.id, data.livestream),
        )
    )
    if asked is not None:
        return req.go("coffees.show", id=asked.id, done=_("Asked. You'll hear when it's a yes."))
    offered = common_times.list_offered_times(
        req.db, req.actor.id, [user_id], max(LENGTHS), notice=INVITATION_NOTICE
    )
    times = spread_over_days(offered, reader_zone(), MAX_TILES)
    g.current_circle = CurrentCircle.of(circle)
    return req.render(
        "bookings/invite.html",
        form=form,
        circle=circle,
        person=member.user,
        times=[(time.isoformat(), time) for time in times],
        picked=[time.isoformat() for time in times[:PRESELECTED]],
        closed=_closed(
            req, user_id, is_open=invitation_queries.is_open_for(req.db, req.actor.id, member.user)
        ),
        at=request.args.get("at", type=int),
        occasion=_occasion(req.db, req.actor, circle.id, request.args.get("livestream")),
    )


@page(blueprint, "/livestreams/<slug>/coffee-with/<user_id>", who=Access.MEMBER)
def invite_from(req: PageRequest, slug: str, user_id: str) -> Response:
    """Redirects to the invitation if the author of the chat message is a listed member."""
    livestream = get_visible_livestream(req.db, req.actor, slug)
    authorize(may_see_members, req.actor, membership_of(req.db, req.actor, livestream.circle_id))
    found = find_membership(req.db, user_id, livestream.circle_id)
    if found is None or not found.listed:
        said = _("Only members who are in the member list can be invited.")
        return req.go("stage.show", slug=livestream.slug, notice=said)
    at = request.args.get("at", type=int)
    return req.go(
        "bookings.invite", slug=livestream.circle.slug, user_id=user_id, livestream=livestream.slug, at=at
    )


def _closed(req: PageRequest, user_id: str, *, is_open: bool) -> str | None:
    """Neutral sentence when no invitation is possible."""
    if has_blocked(req.db, req.actor, user_id):
        return error_messages.message_for("you_blocked")
    return None if is_open else error_messages.message_for("no_invitation_now")


def _occasion(db: Session, actor: Actor, circle_id: str, slug: str | None) -> Livestream | None:
    """None for a livestream of another circle or one that the actor may not see."""
    if not slug:
        return None
    try:
        livestream = get_visible_livestream(db, actor, slug)
    except NotFound:
        return None
    return livestream if livestream.circle_id == circle_id else None
