"""Pages of a circle: creation, public page and settings; loads the circle of a URL."""

from typing import cast

from flask import Blueprint, g, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.accounts.forms import zone_choices
from events.accounts.queries.people import find_user_by_email
from events.circles import policy
from events.circles.actions import circle as circles_circle
from events.circles.forms import circles as circles_circles
from events.circles.models import Circle, Membership
from events.circles.queries import circles
from events.circles.queries.keys import get_requested_circle
from events.circles.queries.page_parts import read_page_parts
from events.circles.rules import COLOURS, OWN_COLOUR
from events.core.auth.actor import authorize
from events.core.auth.endpoints import Access
from events.core.calendar.public_holidays import country_choices
from events.core.i18n.formatting import current_locale
from events.core.web import error_messages
from events.core.web.browser_id import browser_mark, limit_mail
from events.core.web.pages import current_request, page
from events.core.web.request import FormState, PageRequest

blueprint = Blueprint("circles", __name__)

error_messages.register(
    {
        "last_owner": _l("A circle needs an owner. Make someone else owner first."),
        "request_declined": _l("The team didn't let you in this time. Ask them in person if you like."),
        "removed_before": _l(
            "They were removed from the circle before. Let them back on the members page first."
        ),
        "already_decided": _l("Someone of your team has just decided this."),
        "invited_enough": _l("They got three invitations this month. Leave it at that."),
        "invitation_over": _l("They have answered in the meantime."),
        "too_many_addresses": _l("Invite at most 50 people at once. Keep the rest for the next time."),
        "too_many_circles": _l("You began a few circles lately. Wait a while before you begin another."),
        "too_many_topics": _l("Choose at most five. That makes it easier to find the right person."),
        "bad_topic": _l("One of these topics is too long. Keep it to a few words."),
        "topic_exists": _l("There is such a topic already."),
        "no_such_topic": _l("There is no topic of that name. Check how it's written in the list."),
        "same_topic": _l("Choose another topic to merge with."),
        "bad_colour": _l("Choose a colour, or one of the others."),
    }
)
JOINING_WORDS = {
    "by_invitation": _l("By invitation only"),
    "on_request": _l("On request: the team decides"),
    "open": _l("Open: anyone can join"),
}
MET_WINDOW_WORDS = {
    "three": _l("After three rounds, or half a year"),
    "six": _l("After six rounds, or a year"),
    "twelve": _l("After twelve rounds, or two years"),
}
FRAMED = {
    "pages.today", "pages.help", "pages.privacy", "livestreams.index", "rounds.shelf",
    "accounts.me", "accounts.mail_choices", "accounts.reach", "accounts.sign_ins", "availability.calendars",
    "availability.times", "bookings.book", "bookings.booking_page", "feeds.manage",
}  # fmt: skip
COLOUR_WORDS = (_l("Blue"), _l("Green"), _l("Brick"), _l("Plum"), _l("Slate"), _l("Ochre"))


@blueprint.before_request
def find_circle() -> Response | None:
    """Load the circle of the URL and the actor's membership; a former slug redirects (301)."""
    values = dict(request.view_args or {})
    if "slug" not in values:
        return None
    req = current_request()
    circle = circles.get_circle(req.db, str(values["slug"]), req.actor)
    if circle.slug != values["slug"] and request.method == "GET" and request.endpoint:
        # As keyword arguments of url_for, URL parts could override scheme, host or endpoint.
        query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
        path = url_for(request.endpoint, **values | {"slug": circle.slug})
        return redirect(path + query, 301)
    g.circle = circle
    g.membership = circles.membership_of(req.db, req.actor, circle.id)
    if g.membership is not None and req.actor.is_signed_in():
        g.current_circle = circles.CurrentCircle.of(circle)
        if session.get("circle") != circle.slug:
            session["circle"] = circle.slug
    return None


@blueprint.before_app_request
def set_current_circle() -> None:
    """Pages without a circle in their URL show the one last visited."""
    req = current_request()
    g.may_start_circle = _may_create(req)
    g.own_circles = _own_circles
    if request.endpoint in FRAMED and req.actor.is_signed_in():
        g.current_circle = circles.current_circle(_own_circles(), session.get("circle"))


def _own_circles() -> list[circles.CurrentCircle]:
    """Cached per request, and read only if the menu is rendered."""
    if "circles_of_reader" not in g:
        req = current_request()
        signed_in = req.actor.is_signed_in()
        g.circles_of_reader = circles.list_own_circles(req.db, req.actor) if signed_in else []
    return cast("list[circles.CurrentCircle]", g.circles_of_reader)


def _may_create(req: PageRequest) -> bool:
    creation = req.settings.circle_creation
    return policy.may_create_circle(req.actor, creation) or policy.may_request_circle(req.actor, creation)


def circle_and_membership() -> tuple[Circle, Membership | None]:
    """The circle of this URL and the actor's membership."""
    return cast(Circle, g.circle), cast("Membership | None", g.membership)


@page(blueprint, "/circles/new", who=Access.ANYONE, methods=("GET", "POST"))
def create(req: PageRequest) -> Response:
    """Also for visitors, who give their name and address too; the mailed link creates the
    circle."""
    creation = req.settings.circle_creation
    if policy.may_request_circle(req.actor, creation):
        return _request(req)
    if not policy.may_create_circle(req.actor, creation):
        return req.render("circles/closed.html")
    form = req.form(circles_circles.CreateCircle, {"locale": current_locale(), "joining": "by_invitation"})
    if form.posted:
        req.limit("create circle", "20 per hour")
    circle = form.act(lambda data: circles_circle.create_circle(req.db, req.actor, data, creation=creation))
    if circle is not None:
        return req.go("livestreams.create", slug=circle.slug, done=_("%(name)s is ready.", name=circle.name))
    return req.render("circles/create.html", form=form, joining=JOINING_WORDS)


@page(blueprint, "/circles/new/<pending_id>", who=Access.SIGNED_IN)
def requested(req: PageRequest, pending_id: str) -> Response:
    """Target of the mailed link: the circle, with its first step."""
    circle = get_requested_circle(req.db, req.actor, pending_id)
    return req.go("livestreams.create", slug=circle.slug, done=_("%(name)s is ready.", name=circle.name))


@page(blueprint, "/circles/<slug>", who=Access.ANYONE)
def show(req: PageRequest, slug: str) -> Response:
    circle, own = circle_and_membership()
    reader = req.actor if req.actor.is_signed_in() else None
    return req.render(
        "circles/show.html",
        circle=circle,
        own=own if reader else None,
        organises=policy.may_organise(req.actor, own),
        owns=policy.may_own(req.actor, own),
        members=circles.count_members(req.db, circle.id),
        invitation=circles.find_invitation(req.db, reader.id, circle.id) if reader and not own else None,
        asked=circles.find_request(req.db, reader.id, circle.id) if reader and not own else None,
        parts=read_page_parts(req.db, req.actor, circle, own if reader else None),
    )


@page(blueprint, "/circles/<slug>/settings", who=Access.OWNER, methods=("GET", "POST"))
def settings(req: PageRequest, slug: str) -> Response:
    circle, own = circle_and_membership()
    authorize(policy.may_own, req.actor, own)
    form = req.form(circles_circles.CircleSettings, _stored_settings(circle))
    if form.act(lambda data: circles_circle.change_settings(req.db, req.actor, circle, data)) is not None:
        return req.go("circles.show", slug=circle.slug, done=_("Saved."))
    return render_settings(req, circle, form=form)


def render_settings(
    req: PageRequest,
    circle: Circle,
    *,
    form: FormState[circles_circles.CircleSettings] | None = None,
    logo: FormState[circles_circles.ChangeLogo] | None = None,
) -> Response:
    """The page of the settings; with mistakes in the logo's form, which stands on it too, a 422."""
    answer = req.render(
        "circles/settings.html",
        form=form or {"values": _stored_settings(circle), "errors": {}, "codes": {}},
        logo=logo,
        circle=circle,
        joining=JOINING_WORDS,
        colours=list(zip(COLOURS, COLOUR_WORDS, strict=True)),
        zones=zone_choices(circle.zone),
        countries=country_choices(current_locale()),
        met_windows=MET_WINDOW_WORDS,
    )
    if logo is not None and logo.errors:
        answer.status_code = 422
    return answer


def _stored_settings(circle: Circle) -> dict[str, object]:
    """The circle in the format of the form."""
    stored = ("name", "lead", "about", "joining", "locale", "zone", "country", "met_window")
    own = circle.colour is not None and circle.colour not in COLOURS
    return {name: getattr(circle, name) or "" for name in stored} | {
        "colour": OWN_COLOUR if own else circle.colour or "",
        "own_colour": circle.colour or COLOURS[0],
        "members_evenings": "shown" if circle.shows_members_evenings else "hidden",
        "links": "shown" if circle.links_shown else "hidden",
        "findable": "yes" if circle.findable else "no",
    }


def _request(req: PageRequest) -> Response:
    form = req.form(circles_circles.RequestCircle)
    if form.data is None:
        return req.render("circles/request.html", form=form)
    user = find_user_by_email(req.db, form.data.email)
    limit_mail(req, form.data.email, user.id if user else None)
    circles_circle.request_circle(
        req.db,
        req.actor,
        form.data,
        current_locale(),
        creation=req.settings.circle_creation,
        browser=browser_mark(),
    )
    session["mailed"] = [form.data.email, "circles.create"]
    return req.go("accounts.check_mail")
