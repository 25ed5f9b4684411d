"""Inviting a member for a coffee: from their page, from a line of the chat, from a moment of a recording."""

from flask import g, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from events.accounts.queries import has_blocked
from events.circles.policy import may_see_members
from events.circles.queries import CurrentCircle, find_membership, get_circle, get_member, membership_of
from events.coffees import actions, forms, queries
from events.coffees.models import LENGTHS
from events.coffees.rules import INVITATION_NOTICE, a_few
from events.coffees.views.card import blueprint
from events.core import words
from events.core.access import Actor, authorize
from events.core.door import Door
from events.core.errors import NotFound
from events.core.pages import reader_zone
from events.core.rights import Who
from events.core.web import page
from events.livestreams.models import Livestream
from events.livestreams.queries import get_visible as get_visible_livestream

MOST_TILES = 8
PICKED = 3

words.register(
    {
        "you_blocked": _l("You chose not to meet. Allow it again on the member's page first."),
        "no_invitation_now": _l("An invitation isn't possible just now. You can meet in a coffee round."),
        "not_offered": _l("Choose at least three of the times that are shown now."),
    }
)


@page(blueprint, "/circles/<slug>/members/<user_id>/coffee", who=Who.MEMBER, methods=("GET", "POST"))
def invite(door: Door, slug: str, user_id: str) -> Response:
    circle = get_circle(door.db, slug)
    member = get_member(door.db, door.actor, circle, user_id)
    if member.user_id == door.actor.person_id:
        return door.go("circles.member", slug=circle.slug, user_id=user_id)
    door.limit_looks("people whose times are looked at", user_id)
    form = door.form(forms.Invite)
    if form.posted:
        door.limit("invite", "10 per day")
    asked = form.act(
        lambda data: actions.invite_person(
            door.db,
            door.actor,
            circle,
            user_id,
            data,
            _occasion(door.db, door.actor, circle.id, data.livestream),
        )
    )
    if asked is not None:
        return door.go("coffees.show", id=asked.id, done=_("Asked. You'll hear when it's a yes."))
    offered = queries.offered_times(door.db, door.actor.id, [user_id], max(LENGTHS), notice=INVITATION_NOTICE)
    times = a_few(offered, reader_zone(), MOST_TILES)
    g.current_circle = CurrentCircle.of(circle)
    return door.render(
        "coffees/invite.html",
        form=form,
        circle=circle,
        person=member.user,
        times=[(time.isoformat(), time) for time in times],
        picked=[time.isoformat() for time in times[:PICKED]],
        closed=_closed(door, user_id, is_open=queries.is_open_for(door.db, door.actor.id, member.user)),
        at=request.args.get("at", type=int),
        occasion=_occasion(door.db, door.actor, circle.id, request.args.get("livestream")),
    )


@page(blueprint, "/livestreams/<slug>/coffee-with/<user_id>", who=Who.MEMBER)
def invite_from(door: Door, slug: str, user_id: str) -> Response:
    """From a line of the chat: on to the invitation, when it was written by a member who is listed."""
    livestream = get_visible_livestream(door.db, door.actor, slug)
    authorize(may_see_members, door.actor, membership_of(door.db, door.actor, livestream.circle_id))
    found = find_membership(door.db, user_id, livestream.circle_id)
    if found is None or not found.listed:
        said = _("Only members who are in the member list can be invited.")
        return door.go("stage.show", slug=livestream.slug, notice=said)
    at = request.args.get("at", type=int)
    return door.go(
        "coffees.invite", slug=livestream.circle.slug, user_id=user_id, livestream=livestream.slug, at=at
    )


def _closed(door: Door, user_id: str, *, is_open: bool) -> str | None:
    """Why there is no form to fill in; a sentence that gives nobody away."""
    if has_blocked(door.db, door.actor, user_id):
        return words.say("you_blocked")
    return None if is_open else words.say("no_invitation_now")


def _occasion(db: Session, actor: Actor, circle_id: str, slug: str | None) -> Livestream | None:
    """The livestream at which the wish came up; one of elsewhere, or out of sight, is none."""
    if not slug:
        return None
    try:
        livestream = get_visible_livestream(db, actor, slug)
    except NotFound:
        return None
    return livestream if livestream.circle_id == circle_id else None
