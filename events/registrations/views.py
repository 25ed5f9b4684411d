"""Pages of registrations: register and withdraw buttons, guest form, attendee list."""

from flask import Blueprint, g, request, session
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.accounts.queries.people import find_user_by_email
from events.circles.queries.circles import CurrentCircle
from events.core.auth.endpoints import Access
from events.core.errors import Conflict, NotFound
from events.core.i18n.formatting import current_locale
from events.core.web import error_messages
from events.core.web.browser_id import limit_mail
from events.core.web.pages import CHANGE_RATE, page
from events.core.web.request import PageRequest
from events.livestreams.queries.livestreams import find_by_slug, get_visible
from events.registrations import actions, forms, policy, queries

blueprint = Blueprint("registrations", __name__)
error_messages.register(
    {
        "full": _l("All places are taken. When someone gives theirs up, you can register again."),
        "registration_over": _l("It is over, so there are no places to take any more."),
    }
)
KEYS = ("livestream:come",)
GUEST_RATE = "20 per hour"


@page(
    blueprint,
    "/livestreams/<slug>/registration",
    who=Access.SIGNED_IN,
    methods=("POST",),
    keys=KEYS,
    rate=CHANGE_RATE,
)
def register(req: PageRequest, slug: str) -> Response:
    livestream = get_visible(req.db, req.actor, slug)
    try:
        actions.add_registration(req.db, req.actor, livestream)
    except Conflict as conflict:
        return req.go("stage.show", slug=livestream.slug, notice=error_messages.message_for(conflict.code))
    return req.go(
        "stage.show", slug=livestream.slug, done=_("You're coming. The invitation is in your mail.")
    )


@page(
    blueprint,
    "/livestreams/<slug>/registration/withdraw",
    who=Access.SIGNED_IN,
    methods=("POST",),
    keys=KEYS,
    rate=CHANGE_RATE,
)
def withdraw(req: PageRequest, slug: str) -> Response:
    livestream = get_visible(req.db, req.actor, slug)
    actions.withdraw_registration(req.db, req.actor, livestream)
    return req.go("stage.show", slug=livestream.slug, done=_("Fine. Your place is free again."))


@page(blueprint, "/livestreams/<slug>/registration/name", who=Access.SIGNED_IN, methods=("POST",), keys=KEYS)
def name(req: PageRequest, slug: str) -> Response:
    livestream = get_visible(req.db, req.actor, slug)
    form = req.form(forms.ShowName)
    form.act(lambda data: actions.show_name(req.db, req.actor, livestream, data))
    return req.go("stage.show", slug=livestream.slug, notice=form.first_error)


@page(blueprint, "/livestreams/<slug>/guest", who=Access.ANYONE, methods=("GET", "POST"))
def as_guest(req: PageRequest, slug: str) -> Response:
    """Anyone with the URL may see the title and time, nothing more."""
    livestream = find_by_slug(req.db, slug)
    if livestream is None or not policy.may_request_guest_link(req.actor, livestream):
        raise NotFound
    if req.posted:
        req.limit("guest", GUEST_RATE)
    form = req.form(forms.GuestRequest)
    if form.data is not None:
        user = find_user_by_email(req.db, form.data.email)
        limit_mail(req, form.data.email, user.id if user else None)
    form.act(lambda data: actions.request_guest_link(req.db, req.actor, livestream, data, current_locale()))
    if req.posted and not form.errors:
        session["guest_address"] = form.data.email if form.data else ""
        return req.go("registrations.as_guest", slug=livestream.slug, sent="1")
    return req.render(
        "registrations/guest.html",
        form=form,
        livestream=livestream,
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
    """Target of a guest's mail. The POST registers; the GET changes nothing."""
    livestream = get_visible(req.db, req.actor, slug)
    panel = queries.panel_of(req.db, req.actor, livestream)
    if panel.registration is not None or not panel.may_register or livestream.state != "announced":
        return req.go("stage.show", slug=livestream.slug)
    if not req.posted:
        return req.render("registrations/place.html", livestream=livestream, full=panel.full)
    try:
        actions.add_registration(req.db, req.actor, livestream)
    except Conflict as conflict:
        return req.go("stage.show", slug=livestream.slug, notice=error_messages.message_for(conflict.code))
    return req.go(
        "stage.show", slug=livestream.slug, done=_("You're coming. The invitation is in your mail.")
    )


@page(blueprint, "/livestreams/<slug>/registrations", who=Access.ORGANISER)
def attendees(req: PageRequest, slug: str) -> Response:
    """All registrations, withdrawn ones included; for directors."""
    livestream = get_visible(req.db, req.actor, slug)
    registrations = queries.list_all(req.db, req.actor, livestream, req.search, req.page_number)
    g.current_circle = CurrentCircle.of(livestream.circle)
    return req.render(
        "registrations/attendees.html",
        livestream=livestream,
        registrations=registrations,
        coming=queries.count_coming(req.db, livestream.id),
        search=req.search,
    )
