"""Pages of a guest: a member's own link, the place behind the guest's mail, and joining afterwards."""

from flask import Blueprint, request, session
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.accounts.queries.people import find_user_by_email
from events.circles.queries.circles import find_request, membership_of
from events.core.auth.actor import authorize
from events.core.auth.endpoints import Access
from events.core.errors import NotFound
from events.core.i18n.formatting import current_locale
from events.core.web import error_messages
from events.core.web.answers import go_or_say_why
from events.core.web.browser_id import limit_mail
from events.core.web.pages import CHANGE_RATE, page
from events.core.web.request import PageRequest
from events.guests import actions, policy, queries
from events.livestreams.queries.livestreams import find_by_slug, get_visible
from events.registrations.actions import request_guest_link
from events.registrations.forms import GuestRequest
from events.registrations.queries.panels import panel_of
from events.registrations.rules import GUEST_RATE

blueprint = Blueprint("guests", __name__)
error_messages.register(
    {
        "guests_closed": _l("This circle receives no guests at the moment."),
        "guest_uninvited": _l("Guests come with a member. Ask the one you know for their link."),
        "guest_visits": _l(
            "You came as a guest as often as this circle allows (%(most)s times). Become a member?"
        ),
        "guests_enough": _l("All guest places of the member who invites you are taken."),
        "guest_approval": _l("The team decides on guests. Ask for a place with the link in your mail."),
        "guest_declined": _l("The team couldn't give you a place this time."),
        "guest_no_room": _l("All places are taken. Make room first; the request stays here until then."),
    }
)
KEYS = ("livestream:come",)


@page(blueprint, "/livestreams/<slug>/guest/<code>", who=Access.ANYONE, methods=("GET", "POST"))
def invited(req: PageRequest, slug: str, code: str) -> Response:
    """A member's own link: whoever has it may come as that member's guest."""
    livestream = find_by_slug(req.db, slug)
    inviter = queries.find_inviter(req.db, livestream, code) if livestream is not None else None
    if livestream is None or inviter is None:
        raise NotFound
    if req.actor.is_signed_in() and membership_of(req.db, req.actor, livestream.circle_id) is not None:
        return req.go("stage.show", slug=livestream.slug)
    if req.posted:
        req.limit("guest", GUEST_RATE)
    form = req.form(GuestRequest)
    if form.data is not None:
        user = find_user_by_email(req.db, form.data.email)
        limit_mail(req, form.data.email, user.id if user else None)
    form.act(
        lambda data: request_guest_link(
            req.db, req.actor, livestream, data, current_locale(), inviter.user_id
        )
    )
    if req.posted and not form.errors:
        session["guest_address"] = form.data.email if form.data else ""
        return req.go("guests.invited", slug=livestream.slug, code=code, sent="1")
    return req.render(
        "registrations/guest.html",
        form=form,
        livestream=livestream,
        full=panel_of(req.db, req.actor, livestream).full,
        inviter=inviter.user.name,
        enough=queries.brought_by(req.db, livestream, inviter.user_id).left == 0,
        code=code,
        sent=request.args.get("sent") == "1",
        address=session.get("guest_address", ""),
    )


@page(
    blueprint,
    "/livestreams/<slug>/place",
    who=Access.SIGNED_IN,
    methods=("GET", "POST"),
    keys=KEYS,
    rate=CHANGE_RATE,
)
def confirm(req: PageRequest, slug: str) -> Response:
    """Target of a guest's mail. The POST registers, or asks the team; the GET changes nothing."""
    livestream = get_visible(req.db, req.actor, slug)
    panel = panel_of(req.db, req.actor, livestream)
    if panel.registration is not None or not panel.may_register or livestream.state != "announced":
        return req.go("stage.show", slug=livestream.slug)
    guest = queries.find_guest(req.db, livestream.id, req.actor.id) if panel.as_guest else None
    decides = panel.as_guest and livestream.circle.guest_approval
    if not req.posted:
        return req.render(
            "guests/place.html",
            livestream=livestream,
            registration=panel,
            guest=guest,
            decides=decides and not (guest is not None and guest.state == "accepted"),
        )
    registered = _("You're coming. The invitation is in your mail.")
    return go_or_say_why(
        req,
        lambda: actions.take_guest_place(req.db, req.actor, livestream),
        "stage.show" if not decides else "guests.confirm",
        done=lambda registration: registered if registration is not None else None,
        slug=livestream.slug,
    )


@page(
    blueprint,
    "/livestreams/<slug>/join",
    who=Access.SIGNED_IN,
    methods=("GET", "POST"),
    keys=KEYS,
    rate=CHANGE_RATE,
)
def join(req: PageRequest, slug: str) -> Response:
    """A guest asks to become a member of the circle; the GET, linked from a mail, changes nothing."""
    livestream = get_visible(req.db, req.actor, slug)
    membership = membership_of(req.db, req.actor, livestream.circle_id)
    if membership is not None:
        return req.go("stage.show", slug=livestream.slug)
    authorize(policy.may_request_membership, req.actor, livestream, membership)
    if not req.posted:
        asked = find_request(req.db, req.actor.id, livestream.circle_id)
        return req.render("guests/join.html", livestream=livestream, asked=asked)
    return go_or_say_why(
        req,
        lambda: actions.request_membership(req.db, req.actor, livestream),
        "guests.join",
        slug=livestream.slug,
        done=_("Asked. The team will let you know by mail."),
    )
