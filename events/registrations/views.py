"""Pages of registrations: register and withdraw buttons, waiting list, guest form, attendee list."""

from flask import Blueprint, g, request, session
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.accounts.queries.people import find_user_by_email
from events.circles.queries.circles import CurrentCircle
from events.core.auth.endpoints import Access
from events.core.errors import NotFound
from events.core.i18n.formatting import current_locale
from events.core.web import error_messages
from events.core.web.answers import go_or_say_why
from events.core.web.browser_id import limit_mail
from events.core.web.pages import CHANGE_RATE, page
from events.core.web.request import PageRequest
from events.livestreams.queries.livestreams import find_by_slug, get_visible
from events.livestreams.rules.states import OVER
from events.registrations import actions, forms, policy
from events.registrations.queries import panels, registrations, waiting_list
from events.registrations.rules import GUEST_RATE

blueprint = Blueprint("registrations", __name__)
error_messages.register(
    {
        "full": _l("All places are taken. On the waiting list you hear when one comes free."),
        "list_closed": _l("All places are taken. One that comes free now goes to whoever is first here."),
        "registration_over": _l("It is over, so there are no places to take any more."),
    }
)
KEYS = ("livestream:come",)


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
    return go_or_say_why(
        req,
        lambda: actions.add_registration(req.db, req.actor, livestream),
        "stage.show",
        done=_("You're coming. The invitation is in your mail."),
        slug=livestream.slug,
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


@page(
    blueprint,
    "/livestreams/<slug>/wait",
    who=Access.SIGNED_IN,
    methods=("POST",),
    keys=KEYS,
    rate=CHANGE_RATE,
)
def wait(req: PageRequest, slug: str) -> Response:
    livestream = get_visible(req.db, req.actor, slug)
    done = {
        "waiting": _("You're on the waiting list."),
        "coming": _("A place had just come free: you're coming. The invitation is in your mail."),
    }
    return go_or_say_why(
        req,
        lambda: actions.join_waiting_list(req.db, req.actor, livestream),
        "stage.show",
        done=lambda registration: done.get(registration.state),
        slug=livestream.slug,
    )


@page(
    blueprint,
    "/livestreams/<slug>/wait/leave",
    who=Access.SIGNED_IN,
    methods=("POST",),
    keys=KEYS,
    rate=CHANGE_RATE,
)
def stop_waiting(req: PageRequest, slug: str) -> Response:
    livestream = get_visible(req.db, req.actor, slug)
    actions.leave_waiting_list(req.db, req.actor, livestream)
    return req.go("stage.show", slug=livestream.slug, done=_("Fine. You're no longer on the waiting list."))


@page(blueprint, "/livestreams/<slug>/waiting-list", who=Access.ORGANISER)
def waiting(req: PageRequest, slug: str) -> Response:
    """The waiting list in the order of its offers; for directors."""
    livestream = get_visible(req.db, req.actor, slug)
    listed = waiting_list.list_waiting(req.db, req.actor, livestream, req.page_number)
    g.current_circle = CurrentCircle.of(livestream.circle)
    return req.render(
        "registrations/waiting_list.html",
        livestream=livestream,
        listed=listed,
        held=waiting_list.count_held_and_waiting(req.db, livestream.id)[0],
        on_list=waiting_list.count_on_list(req.db, livestream.id),
    )


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
        full=panels.panel_of(req.db, req.actor, livestream).full,
        sent=request.args.get("sent") == "1",
        address=session.get("guest_address", ""),
    )


@page(blueprint, "/livestreams/<slug>/registrations", who=Access.ORGANISER)
def attendees(req: PageRequest, slug: str) -> Response:
    """All registrations, withdrawn ones included, and afterwards who came; for directors."""
    livestream = get_visible(req.db, req.actor, slug)
    g.current_circle = CurrentCircle.of(livestream.circle)
    if livestream.state in OVER:
        attendance = registrations.attendance_of(req.db, req.actor, livestream, req.search, req.page_number)
        return req.render(
            "registrations/who_came.html", livestream=livestream, attendance=attendance, search=req.search
        )
    listed = registrations.list_all(req.db, req.actor, livestream, req.search, req.page_number)
    return req.render(
        "registrations/attendees.html",
        livestream=livestream,
        registrations=listed,
        coming=registrations.count_coming(req.db, livestream.id),
        on_list=waiting_list.count_on_list(req.db, livestream.id),
        search=req.search,
    )
